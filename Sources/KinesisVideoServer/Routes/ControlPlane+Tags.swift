import FragmentStorage
import KinesisVideo

extension ControlPlane {
    /// Adds tags, or replaces the values of keys that are there.
    func tag(_ stream: StoredStream, _ tags: [String: String]) async throws -> EmptyOutput {
        try await stream.updateRecord { record in
            record.tags.merge(tags) { $1 }
            guard record.tags.count <= ServiceLimits.tagsPerStream else {
                throw ServiceError.tagLimit(
                    "the stream would have \(record.tags.count) tags, at most \(ServiceLimits.tagsPerStream) are allowed"
                )
            }
        }
        return EmptyOutput()
    }

    func untag(_ stream: StoredStream, _ keys: [String]) async throws -> EmptyOutput {
        try await stream.updateRecord { record in
            for key in keys { record.tags[key] = nil }
        }
        return EmptyOutput()
    }
}
