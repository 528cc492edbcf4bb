import KinesisVideo

/// Quantities as the screens write them.
enum Figure {
    /// What stands where nothing is known.
    static let unknown = "–"

    /// Bits or bytes a second in millions with one decimal: `2.1`.
    static func millions(_ perSecond: Double) -> String {
        decimal(perSecond / 1_000_000, places: 1)
    }

    /// Bytes with a decimal unit: `498 kB`, `21.4 GB`.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1000: "\(count) B"
        case ..<10_000: decimal(Double(count) / 1e3, places: 1) + " kB"
        case ..<1_000_000: decimal(Double(count) / 1e3, places: 0) + " kB"
        case ..<1_000_000_000: decimal(Double(count) / 1e6, places: 1) + " MB"
        case ..<1_000_000_000_000: decimal(Double(count) / 1e9, places: 1) + " GB"
        default: decimal(Double(count) / 1e12, places: 1) + " TB"
        }
    }

    /// A count with a space between its thousands: `96 104`.
    static func grouped(_ count: Int) -> String {
        var digits = Array(String(count.magnitude))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(" ", at: index)
            index -= 3
        }
        return (count < 0 ? "−" : "") + String(digits)
    }

    /// Bytes a second: `0.9 MB/s`, below a tenth of that `45 kB/s`.
    static func byteRate(_ perSecond: Double) -> String {
        perSecond < 95_000 ? decimal(perSecond / 1000, places: 0) + " kB/s" : millions(perSecond) + " MB/s"
    }

    /// A short span in one unit: `0.6s`, `41s`, `12m`, `5h`, `3d`.
    static func age(_ milliseconds: Int64) -> String {
        let span = max(0, milliseconds)
        switch span {
        case ..<9950: return decimal(Double(span) / 1000, places: 1) + "s"
        case ..<120_000: return "\(span / 1000)s"
        case ..<7_200_000: return "\(span / 60_000)m"
        case ..<172_800_000: return "\(span / 3_600_000)h"
        default: return "\(span / 86_400_000)d"
        }
    }

    /// A span in its two or three largest units: `3 h 12 m 15 s`, `4 m 12 s`, `2 d 3 h`.
    static func span(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        let units = [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] as [(Int64, String)]
        var rest = seconds
        var parts: [String] = []
        for (length, name) in units {
            let count = rest / length
            rest %= length
            if count > 0 || (name == "s" && parts.isEmpty) { parts.append("\(count) \(name)") }
        }
        return parts.prefix(3).joined(separator: " ")
    }

    /// A span in two units without spaces: `3h12m`, `4m12s`, `12s`, `2d03h`.
    static func compactSpan(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m\(two(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d\(two(seconds / 3600 % 24))h"
        }
    }

    /// A span as a clock: `0:18`, `1:02:03`.
    static func clockSpan(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        let minutes = "\(seconds / 60 % 60)"
        let tail = ":\(two(seconds % 60))"
        return seconds < 3600 ? minutes + tail : "\(seconds / 3600):\(two(seconds / 60 % 60))" + tail
    }

    /// A number with a fixed count of decimals.
    static func decimal(_ value: Double, places: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<places { scale *= 10 }
        guard let scaled = Int64(exactly: (value * Double(scale)).rounded()) else { return unknown }
        let sign = scaled < 0 ? "−" : ""
        guard places > 0 else { return "\(sign)\(scaled.magnitude)" }
        let fraction = String(scaled.magnitude % scale.magnitude)
        let zeros = String(repeating: "0", count: places - fraction.count)
        return "\(sign)\(scaled.magnitude / scale.magnitude).\(zeros)\(fraction)"
    }

    /// `14:03:22`.
    static func clock(_ time: Timestamp) -> String {
        String(time.rfc3339.dropFirst(time.dateLength + 1).prefix(8))
    }

    /// `14:03:22.480`.
    static func preciseClock(_ time: Timestamp) -> String {
        String(time.rfc3339.dropFirst(time.dateLength + 1).prefix(12))
    }

    /// `22 Nov`.
    static func day(_ time: Timestamp) -> String {
        let date = time.date
        return "\(date.day) \(months[Int(date.month) - 1])"
    }

    /// `Sat`.
    static func weekday(_ time: Timestamp) -> String {
        // 1970-01-01 was a Thursday.
        let index = Int(((time.date.daysSince1970 + 4) % 7 + 7) % 7)
        return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][index]
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func two(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension Timestamp {
    /// The day in UTC.
    var date: CivilDate {
        let day = milliseconds / 86_400_000 - (milliseconds % 86_400_000 < 0 ? 1 : 0)
        return CivilDate(daysSince1970: day)
    }

    fileprivate var dateLength: Int { date.description.count }
}
