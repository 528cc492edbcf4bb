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
                                stream.keep, stream.mediaType ?? "–", stream.creationTime.rfc3339,
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
            return try await describe(name)
        } catch ClientError.service(let error) where error.status == 404 {
            throw CommandFailure(
                .notFound,
                "no stream named '\(name)' on \(endpoint.url) (try kinescope streams)"
            )
        }
    }

    /// A stream by name, once it is ACTIVE; the real service takes seconds for every change.
    ///
    /// - Throws: ClientError, 404 where there is none; CommandFailure where it is not ACTIVE within a minute.
    func activeStream(named name: String) async throws -> StreamInfo {
        let deadline = ContinuousClock.now.advanced(by: .seconds(60))
        while true {
            let info = try await describe(name)
            switch info.status {
            case .active: return info
            case .deleting:
                throw CommandFailure(.failed, "stream '\(name)' is being deleted (try again later)")
            case .creating, .updating: break
            }
            guard ContinuousClock.now < deadline else {
                throw CommandFailure(
                    .unreachable,
                    "stream '\(name)' is \(info.status.rawValue) for a minute now"
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func describe(_ name: String) async throws -> StreamInfo {
        try await call(DescribeStream.self, DescribeStream.Input(StreamReference(name: name))).streamInfo
    }
}
