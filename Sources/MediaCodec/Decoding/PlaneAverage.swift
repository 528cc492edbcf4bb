/// Averages one component of a picture, a row of the result at a time.
///
/// Down first, for whole rows of bytes, where the processor adds many at once; then across, where few are left. Both sums
/// are exact.
struct PlaneAverage {
    /// Buffers of a row of the source, kept between rows and pictures.
    struct Scratch {
        /// Weighted sums of the source rows under a row of the result, one for each sample and some to spare.
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
        scratch.rowSums.withUnsafeBufferPointer { sums in
            horizontal.spans.withUnsafeBufferPointer { spans in
                result.withUnsafeMutableBufferPointer { result in
                    guard let sums = sums.baseAddress, let result = result.baseAddress else { return }
                    if layout.sampleSize == component.step {
                        sumColumns(sums, spans, step: 1, into: result)
                    } else {
                        sumColumns(sums, spans, step: component.step / layout.sampleSize, into: result)
                    }
                }
            }
        }
    }

    @inline(__always)
    private func sumColumns(
        _ sums: UnsafePointer<UInt32>,
        _ spans: UnsafeBufferPointer<AreaSpans.Span>,
        step: Int,
        into result: UnsafeMutablePointer<Int32>
    ) {
        let total = Double(vertical.total) * Double(horizontal.total) * Double(layout.scale)
        // The sum has at most 2^23 samples of 8 bits; 40 bits below the point keep the error far under 1/256.
        let factor = UInt64((256 * 0x1p40 / total).rounded())
        let unit = UInt64(horizontal.unit)
        let sums = sums + component.offset / layout.sampleSize
        for place in 0..<spans.count {
            let span = spans[place]
            var sample = sums + step * Int(span.first)
            // Without a partial sample the pointer may be at the end of the row, where reading is still allowed.
            var sum = UInt64(sample.pointee) &* UInt64(span.firstWeight)
            if span.firstWeight > 0 { sample += step }
            var whole: UInt64 = 0
            for _ in 0..<span.whole {
                whole &+= UInt64(sample.pointee)
                sample += step
            }
            sum &+= whole &* unit &+ UInt64(sample.pointee) &* UInt64(span.lastWeight)
            result[place] = Int32(truncatingIfNeeded: (sum &* factor &+ 1 << 39) >> 40)
        }
    }

    private func sumRows(_ span: AreaSpans.Span, scratch: inout Scratch) {
        scratch.rowSums.withUnsafeMutableBufferPointer { sums in
            scratch.partSums.withUnsafeMutableBufferPointer { parts in
                guard let sums = sums.baseAddress, let parts = parts.baseAddress else { return }
                if layout.sampleSize == 1 {
                    sumBytes(span, into: sums, parts: parts)
                } else {
                    sumWords(span, into: sums)
                }
            }
        }
    }

    private func sumBytes(
        _ span: AreaSpans.Span,
        into sums: UnsafeMutablePointer<UInt32>,
        parts: UnsafeMutablePointer<UInt16>
    ) {
        let start = Int(span.first) + (span.firstWeight > 0 ? 1 : 0)
        let end = start + Int(span.whole)
        // A row of no weight stands for one that is not there, so that one loop does for all cases.
        let first = row(Int(span.first), as: UInt8.self)
        let last = row(span.lastWeight > 0 ? end : Int(span.first), as: UInt8.self)
        var next = min(end, start + Self.rowsInPart)
        add(start..<next, to: parts)
        let (count, unit) = (samplesInRow, UInt16(vertical.unit))
        for index in 0..<count {
            let partial = UInt32(first[index]) &* UInt32(span.firstWeight)
            let whole = UInt32(parts[index]) &* UInt32(unit)
            sums[index] = partial &+ whole &+ UInt32(last[index]) &* UInt32(span.lastWeight)
        }
        while next < end {
            let part = next..<min(end, next + Self.rowsInPart)
            add(part, to: parts)
            for index in 0..<count { sums[index] &+= UInt32(parts[index]) &* UInt32(unit) }
            next = part.upperBound
        }
    }

    /// Sums whole rows, two at a time.
    private func add(_ rows: Range<Int>, to parts: UnsafeMutablePointer<UInt16>) {
        let count = samplesInRow
        guard let start = rows.first else { return parts.update(repeating: 0, count: count) }
        var next = start + 1
        let only = row(start, as: UInt8.self)
        if rows.count % 2 == 0 {
            let other = row(next, as: UInt8.self)
            for index in 0..<count { parts[index] = UInt16(only[index]) &+ UInt16(other[index]) }
            next += 1
        } else {
            for index in 0..<count { parts[index] = UInt16(only[index]) }
        }
        while next < rows.upperBound {
            let (first, second) = (row(next, as: UInt8.self), row(next + 1, as: UInt8.self))
            for index in 0..<count { parts[index] &+= UInt16(first[index]) &+ UInt16(second[index]) }
            next += 2
        }
    }

    private func sumWords(_ span: AreaSpans.Span, into sums: UnsafeMutablePointer<UInt32>) {
        sums.update(repeating: 0, count: samplesInRow)
        var next = Int(span.first)
        if span.firstWeight > 0 {
            add(next, times: UInt32(span.firstWeight), to: sums)
            next += 1
        }
        for row in next..<next + Int(span.whole) { add(row, times: vertical.unit, to: sums) }
        if span.lastWeight > 0 { add(next + Int(span.whole), times: UInt32(span.lastWeight), to: sums) }
    }

    private func add(_ index: Int, times weight: UInt32, to sums: UnsafeMutablePointer<UInt32>) {
        let source = row(index, as: UInt16.self)
        for index in 0..<samplesInRow { sums[index] &+= UInt32(source[index]) &* weight }
    }

    private func row<Sample>(_ index: Int, as type: Sample.Type) -> UnsafePointer<Sample> {
        (base + index * stride).assumingMemoryBound(to: type)
    }
}
