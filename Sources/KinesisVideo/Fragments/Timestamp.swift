import Foundation

/// A moment in milliseconds since 1970-01-01T00:00:00Z, the service's finest grain.
///
/// Source: 01 Overview, "Time".
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970; negative before.
    public var milliseconds: Int64

    /// Takes milliseconds since 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Rounds seconds since 1970 to the nearest millisecond.
    ///
    /// - Returns: nil where the value is not finite or beyond 64 bits.
    public init?(seconds: Double) {
        let scaled = (seconds * 1000).rounded()
        guard let milliseconds = Int64(exactly: scaled) else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Reads decimal seconds such as `1511852109.126`, without a detour through binary fractions.
    ///
    /// Digits beyond milliseconds round to the nearest; a sign, an exponent or anything else is refused.
    ///
    /// - Returns: nil for anything else, and beyond 64 bits of milliseconds.
    public init?(decimalSeconds text: some StringProtocol) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let whole = parts.first, (1...16).contains(whole.count), whole.allSatisfy(\.isDigit) else {
            return nil
        }
        let seconds = whole.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        var thousandths: Int64 = 0
        if parts.count == 2 {
            let fraction = parts[1]
            guard !fraction.isEmpty, fraction.allSatisfy(\.isDigit) else { return nil }
            var weight: Int64 = 100
            for digit in fraction.prefix(3) {
                thousandths += Int64(digit - 0x30) * weight
                weight /= 10
            }
            if let next = fraction.dropFirst(3).first, next >= UInt8(ascii: "5") { thousandths += 1 }
        }
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1000)
        let (milliseconds, overflow) = product.addingReportingOverflow(thousandths)
        guard !isTooLarge, !overflow else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Decimal seconds with three digits of fraction, the form of the service's tags: `1511852109.126`.
    public var decimalSeconds: String {
        let magnitude = milliseconds.magnitude
        let fraction = String(magnitude % 1000)
        let sign = milliseconds < 0 ? "-" : ""
        return "\(sign)\(magnitude / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// Seconds since 1970, as JSON numbers carry them.
    public var seconds: Double {
        Double(milliseconds) / 1000
    }

    /// RFC 3339 in UTC with milliseconds: `2025-11-22T14:03:22.480Z`.
    public var rfc3339: String {
        let (day, time) = milliseconds.quotientAndRemainder(flooringBy: 86_400_000)
        let date = CivilDate(daysSince1970: day)
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { twoDigits($0) }
        let fraction = String(1000 + time % 1000).dropFirst()
        return "\(date)T\(clock.joined(separator: ":")).\(fraction)Z"
    }

    /// Earlier first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Moves by a number of milliseconds, staying inside 64 bits.
    public func advanced(byMilliseconds distance: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(distance)
        return Timestamp(milliseconds: overflow ? (distance < 0 ? .min : .max) : sum)
    }
}

extension Timestamp: Codable {
    /// Accepts a number of seconds or an ISO 8601 text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let seconds = try? container.decode(Double.self) {
            guard let timestamp = Timestamp(seconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "\(seconds) is no time"
                )
            }
            self = timestamp
        } else {
            guard let text = try? container.decode(String.self) else {
                throw DecodingError.typeMismatch(
                    Timestamp.self,
                    .init(codingPath: decoder.codingPath, debugDescription: "neither number nor string")
                )
            }
            guard let timestamp = Timestamp(iso8601: text) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "'\(text)' is no time"
                )
            }
            self = timestamp
        }
    }

    /// Writes a number of seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

extension Timestamp {
    /// Reads RFC 3339, such as `2025-11-22T14:03:22.480Z` or with an offset `+01:00`.
    ///
    /// - Returns: nil for anything else, including dates that no calendar has.
    public init?(rfc3339 text: some StringProtocol) {
        var rest = Substring(text)
        guard let year = rest.takeNumber(digits: 4), rest.take("-"),
            let month = rest.takeNumber(digits: 2), rest.take("-"),
            let day = rest.takeNumber(digits: 2), rest.take("T") || rest.take("t") || rest.take(" "),
            let hour = rest.takeNumber(digits: 2), rest.take(":"),
            let minute = rest.takeNumber(digits: 2), rest.take(":"),
            let second = rest.takeNumber(digits: 2), let fraction = rest.takeFraction(behind: "."),
            let offset = rest.takeOffset(), rest.isEmpty
        else { return nil }
        self.init((year, month, day), (hour, minute, second), plus: fraction - offset)
    }

    /// Reads ISO 8601 in any form of a calendar date: `20251122T140322,48+0100`, `2025-11-22T14:03`, `2025-11-22`.
    ///
    /// What is left out is 0; without a zone it is UTC. Source: 01 Overview, on timestamps in JSON.
    ///
    /// - Returns: nil for anything else, including dates that no calendar has.
    public init?(iso8601 text: some StringProtocol) {
        var rest = Substring(text)
        guard let year = rest.takeNumber(digits: 4) else { return nil }
        let isExtended = rest.take("-")
        guard let month = rest.takeNumber(digits: 2), rest.take("-") == isExtended,
            let day = rest.takeNumber(digits: 2)
        else { return nil }
        var (hour, minute, second, fraction, offset) = (Int64(0), Int64(0), Int64(0), Int64(0), Int64(0))
        if rest.take("T") || rest.take("t") || rest.take(" ") {
            guard let hours = rest.takeNumber(digits: 2) else { return nil }
            hour = hours
            if rest.take(":") || rest.first?.isNumber == true {
                guard let minutes = rest.takeNumber(digits: 2) else { return nil }
                minute = minutes
            }
            if rest.take(":") || rest.first?.isNumber == true {
                guard let seconds = rest.takeNumber(digits: 2) else { return nil }
                second = seconds
            }
            guard let parts = rest.takeFraction(behind: rest.first == "," ? "," : ".") else { return nil }
            fraction = parts
        }
        if !rest.isEmpty {
            guard let distance = rest.takeOffset(isStrict: false), rest.isEmpty else { return nil }
            offset = distance
        }
        self.init((year, month, day), (hour, minute, second), plus: fraction - offset)
    }

    private init?(
        _ date: (year: Int64, month: Int64, day: Int64),
        _ clock: (hour: Int64, minute: Int64, second: Int64),
        plus milliseconds: Int64
    ) {
        guard let day = CivilDate(year: date.year, month: date.month, day: date.day), clock.hour < 24,
            clock.minute < 60, clock.second < 61
        else { return nil }
        let seconds = (clock.hour * 60 + clock.minute) * 60 + clock.second
        self.init(milliseconds: day.daysSince1970 * 86_400_000 + seconds * 1000 + milliseconds)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}

extension Substring {
    fileprivate mutating func take(_ text: Character) -> Bool {
        guard first == text else { return false }
        removeFirst()
        return true
    }

    /// Milliseconds behind a point or comma; 0 where there is none, nil where no digit follows it.
    fileprivate mutating func takeFraction(behind point: Character) -> Int64? {
        guard take(point) else { return 0 }
        let fraction = prefix { $0.isASCII && $0.isNumber }
        guard !fraction.isEmpty, let parsed = Timestamp(decimalSeconds: "0.\(fraction)") else { return nil }
        removeFirst(fraction.count)
        return parsed.milliseconds
    }

    /// Milliseconds of a zone ahead of UTC; a strict one has hours, colon and minutes.
    fileprivate mutating func takeOffset(isStrict: Bool = true) -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = takeNumber(digits: 2), take(":") || !isStrict else { return nil }
        if isEmpty, !isStrict { return sign * hours * 3_600_000 }
        guard let minutes = takeNumber(digits: 2) else { return nil }
        return sign * (hours * 60 + minutes) * 60_000
    }

    fileprivate mutating func takeNumber(digits: Int) -> Int64? {
        let number = prefix(digits)
        guard number.utf8.count == digits, number.utf8.allSatisfy(\.isDigit) else { return nil }
        removeFirst(digits)
        return Int64(number)
    }
}

extension Int64 {
    func quotientAndRemainder(flooringBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// A number of a date or a clock, at least two digits long.
package func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : String(number)
}
