/// Averages one component of a row across: the last step to the pixels of the scaled picture.
///
/// Running sums make each pixel the difference of two of them, at no more cost for many samples than for few.
struct AreaColumns: Sendable {
    /// An edge between two pixels.
    private struct Edge: Sendable {
        var sample: Int
        /// All ones where the sample is the second one of its pair.
        var isSecond: UInt32
        /// Part of the sample that lies before the edge, in steps of 1/2^`fraction`.
        var inside: UInt32
    }

    private let edges: [Edge]
    /// Bits of a sum that lie below one sample: as many as a pixel's sum leaves free in 31, for running sums may wrap.
    private let fraction: UInt32
    /// From the difference of two sums to a level of 0 to 255.
    private let scale: Float
    /// Pairs under each pixel, where all begin and end with one; else nil.
    private let pairsInPixel: Int?

    init(_ edges: AreaEdges) {
        let samples = Double(edges.total) / Double(edges.unit)
        let fraction = UInt32(min(31, max(0, 15 - Int(samples.exponent))))
        self.edges = (0...edges.places).map { place in
            let edge = edges[place]
            return Edge(
                sample: edge.sample,
                isSecond: edge.sample & 1 == 0 ? 0 : .max,
                inside: UInt32(edge.inside << Int(fraction) / edges.unit)
            )
        }
        self.fraction = fraction
        scale = Float(1 / (samples * 128 * Double(1 << fraction)))
        pairsInPixel = edges.unit == 1 && edges.total % 2 == 0 ? edges.total / 2 : nil
    }

    private var places: Int { edges.count - 1 }

    /// Averages samples that lie side by side.
    ///
    /// - Parameters:
    ///   - means: The samples and their pairs, with one to spare.
    ///   - count: Number of pairs.
    ///   - sums: Room for a running sum before each pair and one behind.
    ///   - result: Receives a level for each pixel.
    func average(
        _ means: PlaneAverage.Means,
        pairs count: Int,
        sums: UnsafeMutablePointer<UInt32>,
        into result: UnsafeMutablePointer<Float>
    ) {
        if let pairsInPixel { return add(means.pairs, pairsInPixel, into: result) }
        var sum: UInt32 = 0
        for pair in 0..<count {
            sums[pair] = sum
            sum &+= UInt32(means.pairs[pair])
        }
        sums[count] = sum
        subtract(into: result) { edge in
            let before = sums[edge.sample >> 1] &+ UInt32(means.samples[edge.sample & ~1]) & edge.isSecond
            return (before, UInt32(means.samples[edge.sample]))
        }
    }

    /// Averages every `step`th sample from `offset` on.
    func average(
        _ means: PlaneAverage.Means,
        offset: Int,
        step: Int,
        count: Int,
        sums: UnsafeMutablePointer<UInt32>,
        into result: UnsafeMutablePointer<Float>
    ) {
        let samples = means.samples + offset
        var sum: UInt32 = 0
        for sample in 0..<count {
            sums[sample] = sum
            sum &+= UInt32(samples[step * sample])
        }
        sums[count] = sum
        subtract(into: result) { (sums[$0.sample], UInt32(samples[step * $0.sample])) }
    }

    /// The common case of a film whose width is a multiple of the picture's: a loop for each small number of pairs.
    private func add(_ pairs: UnsafePointer<UInt16>, _ count: Int, into result: UnsafeMutablePointer<Float>) {
        switch count {
        case 1: addPairs(1, pairs, into: result)
        case 2: addPairs(2, pairs, into: result)
        case 3: addPairs(3, pairs, into: result)
        case 4: addPairs(4, pairs, into: result)
        case 6: addPairs(6, pairs, into: result)
        default: addPairs(count, pairs, into: result)
        }
    }

    @inline(__always)
    private func addPairs(
        _ count: Int,
        _ pairs: UnsafePointer<UInt16>,
        into result: UnsafeMutablePointer<Float>
    ) {
        let scale = 1 / Float(256 * count)
        for place in 0..<places {
            var sum: Int32 = 0
            for pair in count &* place..<count &* place &+ count { sum &+= Int32(pairs[pair]) }
            result[place] = Float(sum) * scale
        }
    }

    /// Makes pixels out of the sum of all samples before that of an edge, and that sample.
    @inline(__always)
    private func subtract(
        into result: UnsafeMutablePointer<Float>,
        _ sum: (Edge) -> (before: UInt32, sample: UInt32)
    ) {
        edges.withUnsafeBufferPointer { edges in
            func upTo(_ edge: Edge) -> UInt32 {
                let (before, sample) = sum(edge)
                return before &<< fraction &+ sample &* edge.inside
            }
            var start = upTo(edges[0])
            for place in 0..<places {
                let end = upTo(edges[place + 1])
                result[place] = Float(Int32(truncatingIfNeeded: end &- start)) * scale
                start = end
            }
        }
    }
}
