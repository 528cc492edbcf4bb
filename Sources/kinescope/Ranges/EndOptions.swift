import ArgumentParser
import KinesisVideo

/// Where a range of time begins and ends, as it is typed.
struct EndOptions: ParsableArguments {
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

    @OptionGroup var zone: ZoneOptions

    /// Both ends; nil where one was not given.
    ///
    /// - Throws: CommandFailure `usage` for what is no moment.
    func read(now: Timestamp) throws -> (first: TimeArgument?, last: TimeArgument?) {
        let zone = zone.zone
        return (
            try start.map { try TimeArgument($0, now: now, zone: zone) },
            try end.map { try TimeArgument($0, now: now, zone: zone) }
        )
    }
}
