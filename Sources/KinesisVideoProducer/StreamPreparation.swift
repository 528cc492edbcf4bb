import KinesisVideo
import KinesisVideoClient

extension StreamDefinition {
    /// How often a control call is made again.
    private static let retries = 5

    /// Finds the stream, or makes it, and waits until it is active.
    ///
    /// Source: 08 Producer library, "Stream state machine".
    ///
    /// - Parameters:
    ///   - client: calls the service.
    ///   - time: the clock.
    /// - Returns: hours that the stream keeps its fragments.
    /// - Throws: `ProducerError.streamNotReady`; ClientError where the service refuses or stays away.
    func prepare(_ client: ServiceClient, time: ProducerTime) async throws -> Int {
        let deadline = time.now() + .seconds(30)
        var retry = RetryDelay()
        var failures = 0
        while true {
            do {
                if let hours = try await examine(client) { return hours }
                guard time.now() < deadline else {
                    throw ProducerError.streamNotReady("stream '\(name)' is not active after 30 s")
                }
                try await time.sleep(.milliseconds(200))
            } catch let error as ClientError where error.isRetryable && failures < Self.retries {
                failures += 1
                try await time.sleep(retry.next(at: time.now(), chance: .random(in: 0...1)))
            }
        }
    }

    /// - Returns: the retention in hours; nil where the stream is not active yet.
    private func examine(_ client: ServiceClient) async throws -> Int? {
        let question = DescribeStream.Input(StreamReference(name: name))
        do {
            let info = try await client.call(DescribeStream.self, question).streamInfo
            switch info.status {
            case .active: return info.dataRetentionInHours
            case .creating, .updating: return nil
            case .deleting: throw ProducerError.streamNotReady("stream '\(name)' is being deleted")
            }
        } catch ClientError.service(let error) where error.status == 404 {
            guard createsStream else {
                throw ProducerError.streamNotReady("there is no stream '\(name)', and it is not to be made")
            }
            let input = CreateStream.Input(
                streamName: name,
                mediaType: mediaType ?? tracks.mediaType,
                kmsKeyID: kmsKeyID,
                dataRetentionInHours: retentionHours,
                tags: tags.isEmpty ? nil : tags
            )
            _ = try await client.call(CreateStream.self, input)
            return nil
        }
    }
}
