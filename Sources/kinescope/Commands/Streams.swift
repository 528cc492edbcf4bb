import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope streams`: the streams of a service.
struct Streams: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List streams.")

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each stream.")
    var json = false

    func run() async throws {
        let json = json
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
                                stream.dataRetentionInHours == 0
                                    ? "none" : "\(stream.dataRetentionInHours) h",
                                stream.mediaType ?? "–", stream.creationTime.rfc3339,
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

extension ServiceClient {
    /// Every stream, all pages.
    func allStreams() async throws -> [StreamInfo] {
        var streams: [StreamInfo] = []
        var token: String?
        repeat {
            let page = try await call(ListStreams.self, ListStreams.Input(nextToken: token))
            streams += page.streamInfoList
            token = page.nextToken
        } while token != nil
        return streams
    }

    /// A stream by name.
    ///
    /// - Throws: CommandFailure `notFound` where there is none.
    func stream(named name: String) async throws -> StreamInfo {
        do {
            return try await call(DescribeStream.self, DescribeStream.Input(StreamReference(name: name)))
                .streamInfo
        } catch ClientError.service(let error) where error.status == 404 {
            throw CommandFailure(
                .notFound,
                "no stream named '\(name)' on \(endpoint.url) (try kinescope streams)"
            )
        }
    }
}
