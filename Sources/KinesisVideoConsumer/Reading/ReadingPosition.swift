public import KinesisVideo
import KinesisVideoClient

/// How a stream is followed.
public struct ReadingOptions: Sendable {
    /// The last fragment wanted; nil reads on.
    public var lastNumber: FragmentNumber?
    /// The last moment of the producer's clock at which a fragment may start; nil reads on.
    public var lastTime: Timestamp?
    /// Failures in a row after which reading gives up; nil never does.
    public var attempts: Int?
    /// How long a connection may bring nothing before another takes its place.
    public var silence = Duration.seconds(30)

    /// Reads for ever.
    public init() {}
}

/// What happens between fragments.
public enum ReadingEvent: Sendable {
    /// The connection is gone, in order where there is no error; the next is made after a while.
    case interrupted((any Error)?, retryAfter: Duration)
    /// A connection brings fragments again.
    case resumed
    /// The service cannot read this fragment, as it has said several times; reading goes on behind it.
    case skipped(FragmentNumber, InBandError)
}

/// Where a reader is, and what it does when a connection ends: a value without I/O.
///
/// Source: 04 GetMedia, "Reader algorithm for the client".
package struct ReadingPosition: Sendable {
    /// What to do after a failure.
    package enum Decision: Sendable {
        /// Connect again after a while.
        case retry(after: Duration)
        /// Connect again at once, behind a fragment that cannot be read.
        case skip(FragmentNumber, InBandError)
        /// Tell whoever reads.
        case giveUp
    }

    /// How often the service may say of one fragment that it cannot be read.
    private static let readsOfAFragment = 3

    private let start: StartSelector
    private let options: ReadingOptions
    private var latest: FragmentNumber?
    private var failures = 0
    private var isKnown = false
    private var isRefused = false
    private var unreadable: (number: FragmentNumber, count: Int)?
    /// True where the last fragment wanted has been read.
    package private(set) var isOver = false

    /// Creates the position of a reader that has not connected yet.
    package init(_ start: StartSelector, _ options: ReadingOptions) {
        self.start = start
        self.options = options
    }

    /// Where the next connection begins.
    package var selector: StartSelector { latest.map { .afterFragment($0) } ?? start }

    /// True from a failure to the next fragment.
    package var isInterrupted: Bool { failures > 0 }

    /// Takes a whole fragment.
    ///
    /// - Returns: false where it is not to be handed on: it came before, or is beyond the end.
    package mutating func take(_ metadata: FragmentMetadata) -> Bool {
        failures = 0
        isKnown = true
        isRefused = false
        guard isAhead(metadata.number), !isBeyond(metadata) else { return false }
        latest = metadata.number
        if let last = options.lastNumber, metadata.number >= last { isOver = true }
        return true
    }

    /// Ends reading where the fragment that begins is none that is wanted.
    package mutating func begin(_ metadata: FragmentMetadata?) {
        if let metadata, isBeyond(metadata) { isOver = true }
    }

    /// Decides after a connection has ended in order.
    ///
    /// - Parameter chance: a random number, 0 to 1, that keeps many readers from coming back at once.
    /// - Returns: how long to wait before the next connection.
    package mutating func end(chance: Double) -> Duration {
        failures += 1
        return delay(chance)
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - error: what went wrong.
    ///   - chance: a random number, 0 to 1, that keeps many readers from coming back at once.
    /// - Returns: what to do.
    package mutating func fail(_ error: any Error, chance: Double) -> Decision {
        failures += 1
        if let limit = options.attempts, failures > limit { return .giveUp }
        switch error {
        case let error as InBandError: return fail(error, chance)
        case let error as ClientError where error.isRetryable: return .retry(after: delay(chance))
        case is ClientError:
            // An address that is no longer the stream's refuses it as well: one more, at the one that is asked for anew.
            guard isKnown, !isRefused else { return .giveUp }
            isRefused = true
            return .retry(after: delay(chance))
        default: return .giveUp
        }
    }

    private mutating func fail(_ error: InBandError, _ chance: Double) -> Decision {
        guard error.isRetryable else { return .giveUp }
        guard let number = error.fragmentNumber, isAhead(number) else {
            return .retry(after: delay(chance))
        }
        let count = unreadable.map { $0.number == number ? $0.count + 1 : 1 } ?? 1
        unreadable = (number, count)
        guard count >= Self.readsOfAFragment else { return .retry(after: delay(chance)) }
        latest = number
        return .skip(number, error)
    }

    private func isBeyond(_ metadata: FragmentMetadata) -> Bool {
        if let last = options.lastNumber, metadata.number > last { return true }
        if let last = options.lastTime, metadata.producerTimestamp > last { return true }
        return false
    }

    private func isAhead(_ number: FragmentNumber) -> Bool {
        latest.map { number > $0 } ?? true
    }

    private func delay(_ chance: Double) -> Duration {
        RetryPause.after(failures, chance: chance)
    }
}

/// How long to wait before the next call: 200 ms, doubling to 5 s, less up to half of it by chance.
enum RetryPause {
    static func after(_ failures: Int, chance: Double) -> Duration {
        let longest = Double(min(5000, 200 << min(max(0, failures - 1), 5)))
        return .milliseconds(Int(longest * (1 - min(max(chance, 0), 1) / 2)))
    }
}
