import FragmentStorage
import KinesisVideo

extension ControlPlane {
    /// Sets a document that needs an archive to be of use, or takes it away; the version stays.
    func configure<Value: Codable & Sendable>(
        _ stream: StoredStream,
        _ setting: StreamSetting<Value>,
        _ value: Value?
    ) async throws -> EmptyOutput {
        try stream.record.info.requireActive()
        try await stream.updateRecord { record in
            try record.info.requireActive()
            guard record.info.dataRetentionInHours > 0 else {
                throw ServiceError.noDataRetention("stream '\(record.info.streamName)' has no retention")
            }
            record[setting] = value
        }
        return EmptyOutput()
    }

    func describeStorage(_ stream: StoredStream) -> DescribeStreamStorageConfiguration.Output {
        DescribeStreamStorageConfiguration.Output(
            streamName: stream.name,
            streamARN: stream.arn,
            streamStorageConfiguration: stream.record[.storage]
                ?? StreamStorageConfiguration(defaultStorageTier: .hot)
        )
    }

    func updateStorage(_ input: UpdateStreamStorageConfiguration.Input, _ stream: StoredStream) async throws
        -> EmptyOutput
    {
        try await change(stream, version: input.currentVersion) { record in
            record[.storage] = input.streamStorageConfiguration
        }
        return EmptyOutput()
    }
}
