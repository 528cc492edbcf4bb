import ArgumentParser
import KinesisVideo
import KinesisVideoConsumer

/// A range of time on the command line, on either clock.
struct RangeOptions: ParsableArguments {
    @OptionGroup var ends: EndOptions

    @Option(help: "Clock of the range: producer or server.")
    var clock: Clock = .producer

    enum Clock: String, ExpressibleByArgument, CaseIterable, Sendable {
        case producer, server
    }

    /// The range; without ends it is everything there is.
    ///
    /// - Throws: CommandFailure `usage` for what is no range, `notFound` for a fragment that is not kept.
    func selector(now: Timestamp, on consumer: StreamConsumer) async throws -> FragmentSelector {
        let (first, last) = try ends.read(now: now)
        let start = try await first?.start(on: consumer, clock: clock) ?? Timestamp(milliseconds: 0)
        // Producers' clocks may be ahead: without an end everything counts.
        let end = try await last?.start(on: consumer, clock: clock) ?? ServiceLimits.endOfTime
        guard start <= end else { throw CommandFailure(.usage, "--from is later than --to") }
        return FragmentSelector(clock: clock == .producer ? .producer : .server, start: start, end: end)
    }
}
