import ArgumentParser
import KinesisVideo
import KinesisVideoConsumer

/// A range of time on the command line.
struct RangeOptions: ParsableArguments {
    @Option(
        name: .customLong("from"),
        parsing: .unconditional,
        help: ArgumentHelp("First moment, or #FRAGMENT.", valueName: "time")
    )
    var start: String?

    @Option(
        name: .customLong("to"),
        parsing: .unconditional,
        help: ArgumentHelp("Last moment, or #FRAGMENT.", valueName: "time")
    )
    var end: String?

    @Option(help: "Clock of the range: producer or server.")
    var clock: Clock = .producer

    @OptionGroup var zone: ZoneOptions

    enum Clock: String, ExpressibleByArgument, CaseIterable, Sendable {
        case producer, server
    }

    /// The range; without ends it is everything there is.
    ///
    /// - Throws: CommandFailure `usage` for what is no range, `notFound` for a fragment that is not kept.
    func selector(now: Timestamp, on consumer: StreamConsumer) async throws -> FragmentSelector {
        let first = try start.map { try TimeArgument($0, now: now, zone: zone.zone) }
        let last = try end.map { try TimeArgument($0, now: now, zone: zone.zone) }
        let start = try await first?.start(on: consumer, clock: clock) ?? Timestamp(milliseconds: 0)
        // Producers' clocks may be ahead: without an end everything counts.
        let end = try await last?.start(on: consumer, clock: clock) ?? ServiceLimits.endOfTime
        guard start <= end else { throw CommandFailure(.usage, "--from is later than --to") }
        return FragmentSelector(clock: clock == .producer ? .producer : .server, start: start, end: end)
    }
}
