/// Averages one component of a picture, a row of the result at a time.
///
/// Down first, for whole rows of bytes, where the processor adds many at once; then across, where few are left. Both sums
/// are exact.
struct PlaneAverage {
    /// Buffers of a row of the source, kept between rows and pictures.
    struct Scratch {
        /// Weighted sums of the source rows under a row of the result, one for each sample.
        var rowSums: [UInt32]
        /// Plain sums of the rows that are covered whole.
        var partSums: [UInt16]
    }

    let base: UnsafeRawPointer
    let stride: Int
    let bytesInRow: Int
    let component: PictureLayout.Component
    let horizontal: AreaSpans
    let vertical: AreaSpans
    let layout: PictureLayout

    /// Rows of bytes that a sum of 16 bits holds.
    private static let rowsInPart = 257

    private var samplesInRow: Int { bytesInRow / layout.sampleSize }

    /// True where the other component lies in the same rows, so that these need to be summed once.
    func sharesRows(with other: PlaneAverage) -> Bool {
        component.plane == other.component.plane && bytesInRow == other.bytesInRow
            && vertical == other.vertical
    }

    /// Computes a row of the result in steps of 1/256 of an eight-bit sample.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - isSummed: True where the scratch holds the sums of this row already.
    ///   - scratch: Room for `samplesInRow` sums.
    ///   - result: One value for each place across.
    func average(row: Int, isSummed: Bool, scratch: inout Scratch, into result: inout [Int32]) {
        if !isSummed { sumRows(vertical.spans[row], scratch: &scratch) }
        let total = Double(vertical.total) * Double(horizontal.total) * Double(layout.scale)
        // At most 2^24 values of 8 bits are summed into one; 40 bits below the point keep the error under 1/256.
        let factor = UInt64((256 * 0x1p40 / total).rounded())
        let step = component.step / layout.sampleSize
        let first = component.offset / layout.sampleSize
        let unit = UInt64(horizontal.unit)
        scratch.rowSums.withUnsafeBufferPointer { sums in
            guard let sums = sums.baseAddress else { return }
            for (place, span) in horizontal.spans.enumerated() {
                var sample = sums + first + step * span.first
                var sum: UInt64 = 0
                if span.firstWeight > 0 {
                    sum = UInt64(sample.pointee) &* UInt64(span.firstWeight)
                    sample += step
                }
                var whole: UInt64 = 0
                for _ in 0..<span.whole {
                    whole &+= UInt64(sample.pointee)
                    sample += step
                }
                sum &+= whole &* unit
                if span.lastWeight > 0 { sum &+= UInt64(sample.pointee) &* UInt64(span.lastWeight) }
                result[place] = Int32(truncatingIfNeeded: (sum &* factor &+ 1 << 39) >> 40)
            }
        }
    }

    private func sumRows(_ span: AreaSpans.Span, scratch: inout Scratch) {
        let (count, unit) = (samplesInRow, vertical.unit)
        scratch.rowSums.withUnsafeMutableBufferPointer { sums in
            scratch.partSums.withUnsafeMutableBufferPointer { parts in
                guard let sums = sums.baseAddress, let parts = parts.baseAddress else { return }
                sums.update(repeating: 0, count: count)
                var row = span.first
                if span.firstWeight > 0 {
                    add(row, times: span.firstWeight, to: sums)
                    row += 1
                }
                if layout.sampleSize == 1 {
                    addWhole(row..<row + span.whole, to: sums, parts: parts)
                } else {
                    for row in row..<row + span.whole { add(row, times: unit, to: sums) }
                }
                if span.lastWeight > 0 { add(row + span.whole, times: span.lastWeight, to: sums) }
            }
        }
    }

    private func addWhole(
        _ rows: Range<Int>,
        to sums: UnsafeMutablePointer<UInt32>,
        parts: UnsafeMutablePointer<UInt16>
    ) {
        let (count, unit) = (samplesInRow, vertical.unit)
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start + Self.rowsInPart, rows.upperBound)
            parts.update(repeating: 0, count: count)
            for row in start..<end {
                let source = pointer(row, as: UInt8.self)
                for index in 0..<count { parts[index] &+= UInt16(source[index]) }
            }
            for index in 0..<count { sums[index] &+= UInt32(parts[index]) &* unit }
            start = end
        }
    }

    private func add(_ row: Int, times weight: UInt32, to sums: UnsafeMutablePointer<UInt32>) {
        let count = samplesInRow
        if layout.sampleSize == 1 {
            let source = pointer(row, as: UInt8.self)
            for index in 0..<count { sums[index] &+= UInt32(source[index]) &* weight }
        } else {
            let source = pointer(row, as: UInt16.self)
            for index in 0..<count { sums[index] &+= UInt32(source[index]) &* weight }
        }
    }

    private func pointer<Sample>(_ row: Int, as type: Sample.Type) -> UnsafePointer<Sample> {
        (base + row * stride).assumingMemoryBound(to: type)
    }
}
