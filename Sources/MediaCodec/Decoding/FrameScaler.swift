public import Pixels

/// Scales decoded pictures to the few pixels of a terminal: the exact mean of the area under each pixel.
///
/// The planes are averaged as they are, each at its own resolution, with sums of whole numbers that are rounded once at
/// the end; only then, at the small size, luma and chroma become red, green and blue. So no step of the way sees the
/// whole picture in another form. Enlarging works too: a pixel then shows the sample it lies in, or the mean of two.
///
/// A scaler keeps its tables and buffers; use one for each stream of pictures.
public struct FrameScaler: Sendable {
    private var spans: [SpanKey: AreaSpans] = [:]
    private var rowSums: [UInt32] = []
    private var partSums: [UInt16] = []
    private var rows: [[Int32]] = [[], [], []]

    private struct SpanKey: Hashable {
        let length: Int
        let shift: Int
        let places: Int
    }

    /// Creates a scaler.
    public init() {}

    /// Scales a picture to all of an image, whose size stays as it is: at most 16,383 pixels a side.
    ///
    /// Costs a pass over the picture's bytes.
    public mutating func scale(_ picture: borrowing DecodedPicture, into image: inout RGBImage) {
        let (source, target) = (picture.size, image.size)
        guard !source.isEmpty, !target.isEmpty else { return }
        precondition(max(target.width, target.height) <= 16_383, "\(target) is too large to scale to")
        let layout = picture.layout
        let colors = picture.colors
        let planes = layout.components.compactMap { component -> PlaneAverage? in
            guard let base = picture.frame.plane(component.plane) else { return nil }
            return PlaneAverage(
                base: UnsafeRawPointer(base),
                stride: picture.frame.stride(component.plane),
                bytesInRow: component.step * Self.halved(source.width, component.shiftX),
                component: component,
                horizontal: spans(source.width, component.shiftX, target.width),
                vertical: spans(source.height, component.shiftY, target.height),
                layout: layout
            )
        }
        guard planes.count == layout.components.count else { return }
        prepare(bytesInRow: planes.map(\.bytesInRow).max() ?? 0, width: target.width)
        var shared = PlaneAverage.Scratch(rowSums: rowSums, partSums: partSums)
        (rowSums, partSums) = ([], [])
        image.withUnsafeMutableBytes { output in
            for row in 0..<target.height {
                for (index, plane) in planes.enumerated() {
                    // Planes that lie in the same bytes share the sum of their rows.
                    let isSummed = index > 0 && planes[index - 1].sharesRows(with: plane)
                    plane.average(row: row, isSummed: isSummed, scratch: &shared, into: &rows[index])
                }
                let line = UnsafeMutableBufferPointer(
                    rebasing: output[3 * row * target.width..<3 * (row + 1) * target.width]
                )
                convert(count: planes.count, colors: colors, into: line)
            }
        }
        (rowSums, partSums) = (shared.rowSums, shared.partSums)
    }

    private mutating func spans(_ length: Int, _ shift: Int, _ places: Int) -> AreaSpans {
        let key = SpanKey(length: length, shift: shift, places: places)
        if let known = spans[key] { return known }
        // A stream that changes its size all the time must not fill the memory.
        if spans.count >= 16 { spans.removeAll() }
        let new = AreaSpans(length: length, shift: shift, places: places)
        spans[key] = new
        return new
    }

    private mutating func prepare(bytesInRow: Int, width: Int) {
        // The average reads, with weight 0, up to a pixel past the end of a row.
        let count = bytesInRow + 16
        if rowSums.count < count {
            rowSums = [UInt32](repeating: 0, count: count)
            partSums = [UInt16](repeating: 0, count: count)
        }
        for index in rows.indices where rows[index].count != width {
            rows[index] = [Int32](repeating: 0, count: width)
        }
    }

    private func convert(count: Int, colors: ColorConversion, into line: UnsafeMutableBufferPointer<UInt8>) {
        rows[0].withUnsafeBufferPointer { first in
            rows[1].withUnsafeBufferPointer { second in
                rows[2].withUnsafeBufferPointer { third in
                    guard count == 3 else { return Self.gray(first, colors.coefficients, into: line) }
                    guard colors.matrix != .rgb else { return Self.join(first, second, third, into: line) }
                    Self.convert(first, second, third, colors.coefficients, into: line)
                }
            }
        }
    }

    private static func halved(_ length: Int, _ shift: Int) -> Int {
        (length + (1 << shift) - 1) >> shift
    }
}

// MARK: - Colours of a row

extension FrameScaler {
    private typealias Samples = UnsafeBufferPointer<Int32>

    /// From samples in steps of 1/256 to bytes.
    private static func convert(
        _ luma: Samples,
        _ u: Samples,
        _ v: Samples,
        _ factors: ColorConversion.Coefficients,
        into line: UnsafeMutableBufferPointer<UInt8>
    ) {
        for x in luma.indices {
            let y = (luma[x] &- factors.black) &* factors.luma &+ half
            let (u, v) = (u[x] &- neutral, v[x] &- neutral)
            line[3 * x] = byte(y &+ v &* factors.redFromV)
            line[3 * x + 1] = byte(y &+ u &* factors.greenFromU &+ v &* factors.greenFromV)
            line[3 * x + 2] = byte(y &+ u &* factors.blueFromU)
        }
    }

    private static func gray(
        _ luma: Samples,
        _ factors: ColorConversion.Coefficients,
        into line: UnsafeMutableBufferPointer<UInt8>
    ) {
        for x in luma.indices {
            let value = byte((luma[x] &- factors.black) &* factors.luma &+ half)
            (line[3 * x], line[3 * x + 1], line[3 * x + 2]) = (value, value, value)
        }
    }

    private static func join(
        _ red: Samples,
        _ green: Samples,
        _ blue: Samples,
        into line: UnsafeMutableBufferPointer<UInt8>
    ) {
        for x in red.indices {
            line[3 * x] = byte(red[x] << 13 &+ half)
            line[3 * x + 1] = byte(green[x] << 13 &+ half)
            line[3 * x + 2] = byte(blue[x] << 13 &+ half)
        }
    }

    private static let neutral: Int32 = 128 << 8
    /// Half of a step, of 1/256 times 1/8192.
    private static let half: Int32 = 1 << 20

    @inline(__always)
    private static func byte(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, value >> 21)))
    }
}
