/// Averages the rows of one plane that lie under a row of the scaled picture.
///
/// Bytes at even and at odd places are summed apart, as the halves of 16-bit words, so that no byte needs to be widened;
/// the sums of a stretch stay in registers over all its rows.
struct PlaneAverage {
    /// Means of a row's samples in steps of 1/128.
    struct Means {
        let samples: UnsafeMutablePointer<UInt16>
        /// Sums of two samples each.
        let pairs: UnsafeMutablePointer<UInt16>
        /// Samples that may be written behind the last one.
        static let spare = ByteLanes.width
    }

    let base: UnsafeRawPointer
    let stride: Int
    /// Samples in a row, those of all components.
    let samples: Int
    let layout: PictureLayout
    let rows: AreaRows

    /// Pairs of samples; a last single one counts as a pair.
    var pairs: Int { (samples + 1) / 2 }

    /// Computes the means under a row of the result.
    ///
    /// - Parameters:
    ///   - place: The row.
    ///   - means: Room for all samples and some to spare.
    ///   - sums: Room for a sum of each sample, where samples have more than eight bits.
    func average(_ place: Int, into means: Means, sums: UnsafeMutablePointer<UInt32>) {
        guard layout.sampleSize == 1 else { return averageWords(place, into: means, sums: sums) }
        let width = ByteLanes.width
        let band = rows.bands[place]
        rows.weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress.map({ $0 + band.weights }) else { return }
            var offset = 0
            while offset < samples {
                let isPartial = samples < width || offset == samples - 1
                // The last stretch but a single sample begins inside the one before it, so that it ends with the row.
                let start = isPartial ? offset : min(offset, samples & ~1 - width)
                if isPartial {
                    averageBytes(at: start, samples - start, band, weights, into: means)
                } else {
                    averageBytes(at: start, width, band, weights, into: means)
                }
                offset = start + width
            }
        }
    }

    /// Averages a stretch of at most 32 bytes.
    @inline(__always)
    private func averageBytes(
        at offset: Int,
        _ count: Int,
        _ band: AreaRows.Band,
        _ weights: UnsafePointer<ByteLanes>,
        into means: Means
    ) {
        var even = ByteLanes(repeating: band.rounding)
        var odd = even
        if band.hasEdges {
            let first = bytes(at: base + (band.first &* stride &+ offset), count)
            let last = bytes(at: base + (band.last &* stride &+ offset), count)
            even &+= first.evenBytes.shifted(by: 8).share(weights)
            odd &+= first.oddBytes.shifted(by: 8).share(weights)
            even &+= last.evenBytes.shifted(by: 8).share(weights + 1)
            odd &+= last.oddBytes.shifted(by: 8).share(weights + 1)
        }
        var weights = weights + 2
        for part in band.whole {
            var (words, oddSum) = (ByteLanes.zero, ByteLanes.zero)
            var source = base + (part.start &* stride &+ offset)
            for _ in 0..<part.count {
                let bytes = bytes(at: source, count)
                words &+= bytes
                oddSum &+= bytes.oddBytes
                source += stride
            }
            let evenSum = ByteLanes.evenSums(words: words, odd: oddSum)
            even &+= evenSum.shifted(by: part.shift).share(weights)
            odd &+= oddSum.shifted(by: part.shift).share(weights)
            weights += 1
        }
        even.store(to: means.samples + offset, interleavedWith: odd)
        (even &+ odd).store(to: means.pairs + offset / 2)
    }

    /// Bytes of a row; behind the last one there may be no memory, so that fewer than a stretch are copied.
    @inline(__always)
    private func bytes(at source: UnsafeRawPointer, _ count: Int) -> ByteLanes {
        if count == ByteLanes.width { return ByteLanes(loading: source) }
        return withUnsafeTemporaryAllocation(byteCount: ByteLanes.width, alignment: 16) { copy in
            copy.copyMemory(from: UnsafeRawBufferPointer(start: source, count: count))
            return copy.baseAddress.map { ByteLanes(loading: $0) } ?? .zero
        }
    }

    private func averageWords(_ place: Int, into means: Means, sums: UnsafeMutablePointer<UInt32>) {
        sums.update(repeating: 0, count: samples)
        for (row, share) in rows.shares(of: place) {
            let source = (base + row * stride).assumingMemoryBound(to: UInt16.self)
            for index in 0..<samples { sums[index] &+= UInt32(source[index]) &* share }
        }
        // A sample of full scale times 65,536 becomes 256 levels in steps of 1/128.
        let shift = 1 + UInt32(8 + layout.scale.trailingZeroBitCount)
        for index in 0..<samples {
            means.samples[index] = UInt16(truncatingIfNeeded: sums[index] >> shift)
        }
        means.samples[samples] = 0
        for pair in 0..<pairs { means.pairs[pair] = means.samples[2 * pair] &+ means.samples[2 * pair + 1] }
    }
}
