/// Which rows of samples lie under each row of the scaled picture, and the weight of each.
struct AreaRows: Sendable {
    /// The rows under one row of the result: one covered in part, some whole, one in part.
    ///
    /// A row without weight stands for one that is not there.
    struct Band: Sendable {
        var first: Int
        var last: Int
        var whole: [Part]
        /// False where all rows are covered whole.
        var hasEdges: Bool
        /// What the shares together are too small by on average, each being rounded down.
        var rounding: UInt16 = 0
        /// Where the weights of the first row, the last and each part begin in `weights`.
        var weights: Int
    }

    /// Rows whose sum of bytes fits into 16 bits.
    struct Part: Sendable {
        var start: Int
        var count: Int
        /// What the sum is shifted by before it is multiplied with its weight, to use all 16 bits.
        var shift: UInt16
    }

    private(set) var bands: [Band] = []
    /// Factors of 1/65536, one for each lane: a share of a mean in steps of 1/128 is the upper half of a product.
    private(set) var weights: [ByteLanes] = []
    private let edges: AreaEdges
    private static let rowsInPart = 257

    init(_ edges: AreaEdges) {
        self.edges = edges
        for place in 0..<edges.places { append(edges[place], edges[place + 1]) }
    }

    private mutating func append(_ start: AreaEdges.Edge, _ end: AreaEdges.Edge) {
        var band = Band(
            first: start.sample,
            last: start.sample,
            whole: [],
            hasEdges: start.inside > 0 || end.inside > 0,
            weights: weights.count
        )
        guard start.sample < end.sample else {
            band.hasEdges = true
            bands.append(band)
            return weights += [weight(edges.total), .zero]
        }
        weights.append(start.inside > 0 ? weight(edges.unit - start.inside) : .zero)
        weights.append(weight(end.inside))
        if end.inside > 0 { band.last = end.sample }
        let whole = (start.inside > 0 ? start.sample + 1 : start.sample)..<end.sample
        for row in stride(from: whole.lowerBound, to: whole.upperBound, by: Self.rowsInPart) {
            let count = min(Self.rowsInPart, whole.upperBound - row)
            var shift = 0
            while count << (shift + 1) <= Self.rowsInPart { shift += 1 }
            band.whole.append(Part(start: row, count: count, shift: UInt16(shift)))
            // Below 65,536: twice the shifted count is more than 257, and a mean has `count` rows or more.
            let weight = 0x1p23 * Double(edges.unit) / (Double(edges.total) * Double(1 << shift))
            weights.append(ByteLanes(repeating: UInt16(weight.rounded())))
        }
        band.rounding = band.hasEdges ? 1 : 0
        bands.append(band)
    }

    /// The weight of a row that is covered by a length, for bytes in the upper half of a word.
    private func weight(_ length: Int) -> ByteLanes {
        ByteLanes(repeating: UInt16((32_768 * Double(length) / Double(edges.total)).rounded()))
    }

    /// The rows under a row of the result, and the share of each in steps of 1/65536; together exactly that many.
    func shares(of place: Int) -> [(row: Int, share: UInt32)] {
        let (start, end) = (edges[place], edges[place + 1])
        let last = end.inside > 0 || start.sample == end.sample ? end.sample : end.sample - 1
        var before = 0
        return (start.sample...last).map { row in
            let covered = min(edges.total, (row + 1 - start.sample) * edges.unit - start.inside)
            let upTo = (covered * 65_536 + edges.total / 2) / edges.total
            defer { before = upTo }
            return (row, UInt32(upTo - before))
        }
    }
}
