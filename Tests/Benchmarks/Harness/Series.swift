import Foundation

/// Measured values of one thing.
struct Series {
    private let sorted: [Double]

    /// Takes at least one value.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "nothing was measured")
        sorted = values.sorted()
    }

    /// The value that half of all lie below.
    var median: Double { percentile(50) }

    /// The value that so many of a hundred lie below, by the nearest rank.
    func percentile(_ share: Double) -> Double {
        let rank = (share / 100 * Double(sorted.count)).rounded(.up)
        return sorted[min(max(Int(rank), 1), sorted.count) - 1]
    }

    /// The median, and in parentheses the smallest and the largest.
    var text: String {
        "\(figure(median)) (\(figure(sorted[0]))-\(figure(sorted[sorted.count - 1])))"
    }

    /// Median and tail: `p50 12, p99 40, max 55`.
    var tail: String {
        "p50 \(figure(median)), p99 \(figure(percentile(99))), max \(figure(sorted[sorted.count - 1]))"
    }
}

/// A number with three digits that count.
func figure(_ value: Double) -> String {
    let digits = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
    return String(format: "%.\(max(0, 2 - digits))f", value)
}
