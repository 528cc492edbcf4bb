import KinesisVideo

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
        let date = CivilDate(daysSince1970: daysSince1970)
        return Self.digits(date.year, count: 4) + Self.digits(date.month, count: 2)
            + Self.digits(date.day, count: 2)
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
}
