/// Which samples of a row or column each place of the scaled picture covers, and how much of each, in whole numbers.
///
/// ```
/// samples   |--|--|--|--|--|--|--|     each worth `unit`
/// places    |-----|-----|-----|...     each worth `total`
///            first, whole ones, last
/// ```
struct AreaSpans: Hashable {
    /// The samples under one place.
    struct Span: Hashable {
        /// First sample that is covered, partly or not.
        var first: Int32
        /// Share of the first sample, or 0 where that is covered whole.
        var firstWeight: UInt16
        /// Samples that are covered whole; they follow a partial first one.
        var whole: Int32
        /// Share of the sample after those, or 0.
        var lastWeight: UInt16
    }

    /// Weight of a sample that is covered whole.
    let unit: UInt32
    /// Sum of the weights at each place.
    let total: UInt32
    let spans: [Span]

    /// Divides a length into places of the same width.
    ///
    /// - Parameters:
    ///   - length: Luma samples, at most 2^31 - 1.
    ///   - shift: 1 for chroma that has half of them, rounded up: its last sample then counts half.
    ///   - places: Parts to divide into, at most 65,535 shifted right by `shift`.
    init(length: Int, shift: Int, places: Int) {
        let sample = places << shift
        let divisor = Self.greatestCommonDivisor(length, sample)
        let (total, unit) = (length / divisor, sample / divisor)
        self.unit = UInt32(unit)
        self.total = UInt32(total)
        spans = (0..<places).map { place in
            let (start, end) = (place * total, (place + 1) * total)
            let (first, last) = (start / unit, (end - 1) / unit)
            if first == last, end - start < unit {
                return Span(first: Int32(first), firstWeight: UInt16(end - start), whole: 0, lastWeight: 0)
            }
            let (before, after) = ((unit - start % unit) % unit, end % unit)
            let wholeStart = before == 0 ? first : first + 1
            let wholeEnd = after == 0 ? last + 1 : last
            return Span(
                first: Int32(first),
                firstWeight: UInt16(before),
                whole: Int32(wholeEnd - wholeStart),
                lastWeight: UInt16(after)
            )
        }
    }

    private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while second != 0 { (first, second) = (second, first % second) }
        return max(1, first)
    }
}
