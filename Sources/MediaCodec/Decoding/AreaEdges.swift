/// Divides a row or column of samples into places of the same width, in whole numbers.
///
/// ```
/// samples   |--|--|--|--|--|--|--|     each `unit` long
/// places    |-----|-----|-----|...     each `total` long
/// ```
struct AreaEdges: Hashable {
    /// Where a place begins: in which sample, and how far into it, in parts of `unit`.
    struct Edge: Hashable {
        var sample: Int
        var inside: Int
    }

    /// Length of a sample.
    let unit: Int
    /// Length of a place.
    let total: Int
    /// Number of places.
    let places: Int

    /// Divides a length.
    ///
    /// - Parameters:
    ///   - length: Luma samples.
    ///   - shift: 1 for chroma that has half of them, rounded up: its last sample then counts half.
    ///   - places: Parts to divide into.
    init(length: Int, shift: Int, places: Int) {
        let sample = places << shift
        let divisor = Self.greatestCommonDivisor(length, sample)
        (total, unit) = (length / divisor, sample / divisor)
        self.places = places
    }

    /// The edge before a place; that of `places` is the end.
    subscript(place: Int) -> Edge {
        let (sample, inside) = (place * total).quotientAndRemainder(dividingBy: unit)
        return Edge(sample: sample, inside: inside)
    }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while second != 0 { (first, second) = (second, first % second) }
        return max(1, first)
    }
}
