import Foundation
import KinesisVideo
import Pixels

extension ScreenCapture {
    /// The picture in half-blocks, between title and timeline; nil while there is none.
    ///
    /// It is found by its colours: a cell of the picture has a background, which the chrome around it has not.
    var picture: RGBImage? {
        let top = cells.indices.first { $0 > 0 && cells[$0].contains { Self.isPicture($0) } }
        guard let top, let left = cells[top].firstIndex(where: Self.isPicture) else { return nil }
        let rows = cells[top...].prefix { row in row.indices.contains(left) && Self.isPicture(row[left]) }
        let columns = cells[top][left...].prefix(while: Self.isPicture).count
        var image = RGBImage(size: PixelSize(width: columns, height: 2 * rows.count))
        for (y, row) in rows.enumerated() {
            guard row.count >= left + columns else { return nil }
            for x in 0..<columns {
                guard let (upper, lower) = row[left + x].halves else { return nil }
                image[x, 2 * y] = upper
                image[x, 2 * y + 1] = lower
            }
        }
        return image
    }

    private static func isPicture(_ cell: Cell) -> Bool {
        cell.background != nil && cell.halves != nil
    }

    /// The time in the picture's squares, in full: the moment nearest to `reference` that they can mean.
    func pictureTime(near reference: Timestamp) -> Timestamp? {
        guard let bits = picture.flatMap(TestCard.time) else { return nil }
        let difference = Int32(bitPattern: bits &- UInt32(truncatingIfNeeded: reference.milliseconds))
        return reference.advanced(byMilliseconds: Int64(difference))
    }

    /// The time of day in the title, in milliseconds since midnight.
    var titleClock: Int64? {
        guard let match = title.firstMatch(of: #/(\d\d):(\d\d):(\d\d)\.(\d\d\d) UTC/#) else { return nil }
        let (_, hours, minutes, seconds, milliseconds) = match.output
        let parts = [hours, minutes, seconds, milliseconds].compactMap { Int64($0) }
        guard parts.count == 4 else { return nil }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
    }
}

extension ScreenCapture.Cell {
    /// Colours of the upper and the lower half; nil for a cell that is no part of a picture.
    fileprivate var halves: (RGBColor, RGBColor)? {
        switch character {
        case " ": background.map { ($0, $0) }
        case "▀": foreground.flatMap { upper in background.map { (upper, $0) } }
        case "▄": foreground.flatMap { lower in background.map { ($0, lower) } }
        case "█": foreground.map { ($0, $0) }
        default: nil
        }
    }
}

extension Timestamp {
    /// Milliseconds since midnight UTC.
    var timeOfDay: Int64 { milliseconds % 86_400_000 }
}
