import KinesisVideo
import KinesisVideoClient

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

    /// Every tag of a stream, all pages.
    func allTags(of stream: StreamReference) async throws -> [String: String] {
        var tags: [String: String] = [:]
        var token: String?
        repeat {
            let page = try await call(ListTagsForStream.self, .init(stream, nextToken: token))
            tags.merge(page.tags) { $1 }
            token = page.nextToken
        } while token != nil
        return tags
    }

    /// Sets how long a stream keeps its fragments; what it keeps already is no change.
    func setRetention(of stream: StreamInfo, hours: Int) async throws {
        let change = hours - stream.dataRetentionInHours
        guard change != 0 else { return }
        // The service knows changes only, not values; the version guards what was read.
        let input = UpdateDataRetention.Input(
            StreamReference(arn: stream.streamARN),
            currentVersion: stream.version,
            change: change
        )
        _ = try await call(UpdateDataRetention.self, input)
    }

    /// Deletes a stream, in the version that was read: what was made anew or changed in the meantime stays.
    func delete(_ stream: StreamInfo) async throws {
        let input = DeleteStream.Input(streamARN: stream.streamARN, currentVersion: stream.version)
        _ = try await call(DeleteStream.self, input)
    }

    private func describe(_ name: String) async throws -> StreamInfo {
        try await call(DescribeStream.self, DescribeStream.Input(StreamReference(name: name))).streamInfo
    }
}
