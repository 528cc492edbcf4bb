import KinesisVideo
import KinesisVideoConsumer
import Monitor

/// A moment as it was typed on the command line: a time, or a fragment that tells one.
enum TimeArgument: Sendable {
    /// A moment.
    case time(Timestamp)
    /// All digits of a fragment's number, or the last ten or fewer, as screens show them.
    case fragment(digits: String)

    /// Reads a text.
    ///
    /// - Throws: CommandFailure `usage` for anything that is no moment.
    init(_ text: String, now: Timestamp, zone: ZoneOptions.Zone) throws {
        do {
            switch try TimeExpression(text, now: now, zoneOffset: zone.offset(at: now)) {
            case .now: self = .time(now)
            case .time(let timestamp): self = .time(timestamp)
            // Zeros in front are digits of an end, and nothing in a number.
            case .fragment: self = .fragment(digits: text.filter { $0.isASCII && $0.isNumber })
            }
        } catch {
            throw CommandFailure(.usage, "'\(text)' is \(error)")
        }
    }

    /// A moment that must stand for itself, where there is no stream to look a fragment up in.
    ///
    /// - Throws: CommandFailure `usage`.
    static func moment(_ text: String, now: Timestamp, zone: ZoneOptions.Zone) throws -> Timestamp {
        guard case .time(let time) = try TimeArgument(text, now: now, zone: zone) else {
            throw CommandFailure(.usage, "'\(text)' is a fragment, wanted a time")
        }
        return time
    }

    /// Where a fragment begins, or the moment itself.
    ///
    /// - Parameters:
    ///   - consumer: The stream to look the fragment up in, by listing what it keeps.
    ///   - clock: Whose time it is.
    /// - Returns: The time on that clock.
    /// - Throws: CommandFailure `notFound` where no such fragment is kept, ClientError.
    func start(on consumer: StreamConsumer, clock: RangeOptions.Clock = .producer) async throws -> Timestamp {
        switch self {
        case .time(let time): return time
        case .fragment(let digits):
            let fragment = try await Self.lookUp(digits, on: consumer)
            return clock == .producer ? fragment.producerTimestamp : fragment.serverTimestamp
        }
    }

    /// A moment behind the start of a fragment's last frame on the producer's clock, or the moment itself.
    ///
    /// - Parameter consumer: The stream to look the fragment up in, by listing what it keeps.
    /// - Returns: The time on the producer's clock.
    /// - Throws: CommandFailure `notFound` where no such fragment is kept, ClientError.
    func end(on consumer: StreamConsumer) async throws -> Timestamp {
        switch self {
        case .time(let time): return time
        case .fragment(let digits):
            let fragment = try await Self.lookUp(digits, on: consumer)
            return fragment.producerTimestamp.advanced(byMilliseconds: fragment.length + 1)
        }
    }

    /// The whole number of a fragment of which only the last digits were typed; nil for anything else.
    ///
    /// - Parameter consumer: The stream to look the fragment up in, by listing what it keeps.
    /// - Returns: The number.
    /// - Throws: CommandFailure `notFound` where no such fragment is kept, ClientError.
    func completedNumber(on consumer: StreamConsumer) async throws -> FragmentNumber? {
        guard case .fragment(let digits) = self, digits.utf8.count <= FragmentNumber.shownDigits else {
            return nil
        }
        return try await Self.lookUp(digits, on: consumer).number
    }

    private static func lookUp(_ digits: String, on consumer: StreamConsumer) async throws -> FragmentInfo {
        let all = FragmentSelector(
            clock: .producer,
            start: Timestamp(milliseconds: 0),
            end: ServiceLimits.endOfTime
        )
        let found = try await consumer.list(all).filter { $0.number.isMeant(by: digits) }
        guard let fragment = found.first else {
            throw CommandFailure(.notFound, "no fragment #\(digits) is kept (try kinescope fragments)")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .usage,
                "#\(digits) is the end of \(found.count) fragments' numbers (try more digits)"
            )
        }
        return fragment
    }
}
