import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope retention`: how long a stream keeps its fragments.
struct Retention: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show or set how long a stream keeps its fragments.",
        discussion: "A shorter retention deletes older fragments at once and for good."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Argument(
        help: "Hours to keep fragments; 0 keeps them in memory only. Without it the retention is printed."
    )
    var hours: Int?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard let hours, !ServiceLimits.retentionHours.contains(hours) else { return }
        let range = ServiceLimits.retentionHours
        throw ValidationError(
            "the retention is \(hours) hours, wanted \(range.lowerBound) to \(range.upperBound)"
        )
    }

    func run() async throws {
        let (name, hours) = (name, hours)
        try await connection.withClient { client in
            let info = try await client.stream(named: name)
            guard let hours else { return print(info.dataRetentionInHours) }
            try await client.setRetention(of: info, hours: hours)
            _ = try await client.activeStream(named: name)
        }
    }
}
