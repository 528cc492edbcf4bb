import Pixels
import Testing

@Suite struct PixelSizeTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let size: (Int, Int)
        let box: (columns: Int, rows: Int)
        var sampleAspect = 1.0
        let expected: PixelRect
        var testDescription: String { "\(size) in \(box)" }
    }

    private static let cases = [
        Case(size: (640, 360), box: (160, 45), expected: PixelRect(x: 0, y: 0, width: 160, height: 90)),
        Case(size: (640, 360), box: (160, 60), expected: PixelRect(x: 0, y: 14, width: 160, height: 90)),
        Case(size: (640, 360), box: (200, 45), expected: PixelRect(x: 20, y: 0, width: 160, height: 90)),
        Case(size: (640, 330), box: (160, 45), expected: PixelRect(x: 0, y: 2, width: 160, height: 84)),
        Case(size: (100, 100), box: (80, 24), expected: PixelRect(x: 16, y: 0, width: 48, height: 48)),
        Case(
            size: (720, 576),
            box: (160, 45),
            sampleAspect: 64.0 / 45,
            expected: PixelRect(x: 0, y: 0, width: 160, height: 90)
        ),
        Case(size: (4000, 1), box: (80, 24), expected: PixelRect(x: 0, y: 22, width: 80, height: 2)),
        Case(size: (1, 4000), box: (80, 24), expected: PixelRect(x: 39, y: 0, width: 1, height: 48)),
        Case(size: (0, 10), box: (80, 24), expected: PixelRect(x: 0, y: 0, width: 0, height: 0)),
        Case(size: (10, 10), box: (0, 24), expected: PixelRect(x: 0, y: 0, width: 0, height: 0)),
        Case(
            size: (640, 360),
            box: (160, 45),
            sampleAspect: .nan,
            expected: PixelRect(x: 0, y: 0, width: 160, height: 90)
        ),
    ]

    @Test(arguments: cases)
    private func fitsInTheMiddleOfABoxOfCells(example: Case) {
        let size = PixelSize(width: example.size.0, height: example.size.1)
        let fit = size.fitted(
            columns: example.box.columns,
            rows: example.box.rows,
            sampleAspect: example.sampleAspect
        )
        #expect(fit == example.expected)
    }

    @Test func aLongSideIsShortenedInProportion() {
        func limited(_ width: Int, _ height: Int) -> PixelSize {
            PixelSize(width: width, height: height).limited(toSide: 100)
        }
        #expect(limited(100, 99) == PixelSize(width: 100, height: 99))
        #expect(limited(400, 200) == PixelSize(width: 100, height: 50))
        #expect(limited(101, 303) == PixelSize(width: 33, height: 100))
        #expect(limited(41_942_400, 360) == PixelSize(width: 100, height: 1))
        #expect(limited(.max, .max) == PixelSize(width: 100, height: 100))
        #expect(limited(1000, 0) == PixelSize(width: 100, height: 0))
    }

    @Test func coversWholeCellsOfAnyBox() {
        let size = PixelSize(width: 640, height: 330)
        for columns in 1...90 {
            for rows in 1...40 {
                let fit = size.fitted(columns: columns, rows: rows)
                #expect(fit.y % 2 == 0 && fit.size.height % 2 == 0 && !fit.size.isEmpty)
                #expect(fit.x + fit.size.width <= columns && fit.y + fit.size.height <= 2 * rows)
            }
        }
    }
}
