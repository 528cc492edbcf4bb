import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope streams`: the streams of a service.
struct Streams: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List streams.")

    @OptionGroup var zone: ZoneOptions
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each stream.")
    var json = false

    func run() async throws {
        let (zone, json) = (zone.zone, json)
        try await connection.withClient { client in
            let streams = try await client.allStreams()
            if json {
                for stream in streams { try JSONLine.write(StreamRow(stream)) }
            } else {
                print(
                    TextTable.text(
                        ["NAME", "STATUS", "KEEP", "MEDIA", "CREATED"],
                        streams.map { stream in
                            [
                                stream.streamName, stream.status.rawValue,
                                stream.keep, stream.mediaType ?? "–", zone.text(stream.creationTime),
                            ]
                        }
                    )
                )
            }
        }
    }
}

/// A stream as `streams --json` prints it.
struct StreamRow: Encodable {
    var name: String
    var arn: String
    var status: String
    var retentionHours: Int
    var mediaType: String?
    var created: String
    var version: String

    init(_ info: StreamInfo) {
        name = info.streamName
        arn = info.streamARN
        status = info.status.rawValue
        retentionHours = info.dataRetentionInHours
        mediaType = info.mediaType
        created = info.creationTime.rfc3339
        version = info.version
    }
}

extension StreamInfo {
    /// The retention for people.
    var keep: String { dataRetentionInHours == 0 ? "none" : "\(dataRetentionInHours) h" }
}
