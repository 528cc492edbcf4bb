package import KinesisVideo

/// A moment as people type it, in the go-to prompt and on the command line.
///
/// | text | moment |
/// |---|---|
/// | `now` | live |
/// | `14:03`, `14:03:04`, `14:03:04.480` | the latest such time that is past |
/// | `yesterday 18:00` | that time on the day before |
/// | `-90s`, `-23m`, `-1h`, `-2d`, `-1h30m` | so long before now |
/// | `2025-11-22T14:03:04.480Z` | RFC 3339, with any offset |
/// | `#0823617318`, `#…0823617318` | the fragment with this number, or with this end of it |
package enum TimeExpression: Sendable, Hashable {
    /// The live edge.
    case now
    /// A moment.
    case time(Timestamp)
    /// A fragment: its number, or the last digits of it as screens show them.
    case fragment(FragmentNumber)

    /// A text that is no time.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// What to try instead.
        package let description = "not a time · try 14:03  -90s  yesterday 18:00  #0823617318"
    }

    /// Reads a text.
    ///
    /// - Parameters:
    ///   - text: What was typed; spaces around it do not matter.
    ///   - now: The clock.
    ///   - zoneOffset: Milliseconds that the zone of times without one lies east of UTC.
    /// - Throws: `Failure` for anything else.
    package init(_ text: some StringProtocol, now: Timestamp, zoneOffset: Int64 = 0) throws(Failure) {
        let words = text.lowercased().split(separator: " ")
        let trimmed = words.joined(separator: " ")
        if trimmed == "now" {
            self = .now
        } else if trimmed.hasPrefix("#") {
            let digits = trimmed.dropFirst()
            guard let number = FragmentNumber(digits.first == "…" ? digits.dropFirst() : digits) else {
                throw Failure()
            }
            self = .fragment(number)
        } else if trimmed.hasPrefix("-") || trimmed.hasPrefix("−") {
            guard let span = Self.span(trimmed.dropFirst()) else { throw Failure() }
            self = .time(now.advanced(byMilliseconds: -span))
        } else if words.first == "yesterday" {
            guard words.count == 2, let clock = Self.clock(words[1]) else { throw Failure() }
            let today = Self.midnight(of: now, zoneOffset)
            self = .time(today.advanced(byMilliseconds: clock - Self.dayLength))
        } else if let clock = Self.clock(trimmed[...]) {
            let time = Self.midnight(of: now, zoneOffset).advanced(byMilliseconds: clock)
            self = .time(time > now ? time.advanced(byMilliseconds: -Self.dayLength) : time)
        } else if let time = Timestamp(rfc3339: trimmed) {
            self = .time(time)
        } else {
            throw Failure()
        }
    }

    private static let dayLength: Int64 = 86_400_000

    private static func midnight(of now: Timestamp, _ zoneOffset: Int64) -> Timestamp {
        let local = now.advanced(byMilliseconds: zoneOffset)
        return Timestamp(milliseconds: local.date.daysSince1970 * dayLength - zoneOffset)
    }

    /// Milliseconds of `90s`, `1h30m`: whole numbers, each with a unit, every unit at most once.
    private static func span(_ text: Substring) -> Int64? {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": dayLength]
        var (total, digits, last) = (Int64(0), "", Int64.max)
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else {
                // Nine digits of days still fit 64 bits of milliseconds.
                guard let unit = units[character], unit < last, digits.count <= 9, let count = Int64(digits)
                else {
                    return nil
                }
                total += count * unit
                (digits, last) = ("", unit)
            }
        }
        return digits.isEmpty && last != .max ? total : nil
    }

    /// Milliseconds since midnight of `14:03`, `14:03:04`, `14:03:04.480`.
    private static func clock(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hours = number(parts[0], below: 24, digits: 1...2),
            let minutes = number(parts[1], below: 60, digits: 2...2)
        else { return nil }
        let minuteStart = (hours * 60 + minutes) * 60_000
        guard parts.count == 3 else { return minuteStart }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2, number(seconds[0], below: 60, digits: 2...2) != nil,
            let time = Timestamp(decimalSeconds: parts[2])
        else { return nil }
        return minuteStart + time.milliseconds
    }

    private static func number(_ text: Substring, below limit: Int64, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text), number < limit
        else { return nil }
        return number
    }
}
