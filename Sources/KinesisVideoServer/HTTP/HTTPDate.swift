import KinesisVideo

/// The Date header: `Sat, 22 Nov 2025 14:03:22 GMT`.
///
/// Source: RFC 9110, "Date/Time Formats".
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A moment from 1970 on, cut to whole seconds.
    static func text(_ timestamp: Timestamp) -> String {
        let (day, time) = max(0, timestamp.milliseconds / 1000).quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: day)
        let clock = [time / 3600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        return
            "\(days[Int(day % 7)]), \(twoDigits(date.day)) \(months[Int(date.month) - 1]) \(date.year) \(clock) GMT"
    }
}
