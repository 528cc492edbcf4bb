/// A moment in whole seconds of UTC, the grain of signatures.
///
/// Source: 07 Authentication, "Signing".
public struct SigningTime: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let secondsSince1970: Int64

    /// Takes seconds since 1970; values outside the years 1 to 9999 become the nearest second inside.
    public init(secondsSince1970: Int64) {
        self.secondsSince1970 = min(max(secondsSince1970, -62_135_596_800), 253_402_300_799)
    }

    /// The form of `x-amz-date`: `20260101T000000Z`.
    public var timestamp: String {
        let time = secondsSince1970 - daysSince1970 * 86400
        let clock = [time / 3600, time / 60 % 60, time % 60].map { Self.digits($0, count: 2) }
        return "\(day)T\(clock.joined())Z"
    }

    /// The day in a credential scope: `20260101`.
    public var day: String {
        let (year, month, day) = Self.civil(daysSince1970: daysSince1970)
        return Self.digits(year, count: 4) + Self.digits(month, count: 2) + Self.digits(day, count: 2)
    }

    /// Earlier first.
    public static func < (left: SigningTime, right: SigningTime) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    /// Moves by a number of seconds.
    public func advanced(bySeconds seconds: Int64) -> SigningTime {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return SigningTime(secondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    private var daysSince1970: Int64 {
        let (quotient, remainder) = secondsSince1970.quotientAndRemainder(dividingBy: 86400)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func digits(_ number: Int64, count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    // Both directions count from 0000-03-01, which puts the leap day at the end of a year and of a 400-year
    // era.

    private static func civil(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let marchYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (marchYear / 400, marchYear % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        // A day that its month does not have comes back as one of the next month.
        let civil = civil(daysSince1970: days)
        return civil == (year, month, day) ? days : nil
    }
}
