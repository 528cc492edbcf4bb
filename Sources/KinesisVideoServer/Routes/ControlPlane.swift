package import FragmentStorage
package import KinesisVideo
package import NIOCore

/// The operations on streams themselves.
///
/// Source: 02 Control plane.
package struct ControlPlane: Sendable {
    let store: FragmentStore
    let configuration: ServiceConfiguration
    let quotas: ServiceQuotas
    let transitions: StreamTransitions
    let clock: @Sendable () -> Timestamp
    /// URL that data calls go to, as the request under way came to know it.
    private(set) var endpoint = ""

    /// Creates the operations on a store.
    package init(
        store: FragmentStore,
        configuration: ServiceConfiguration,
        quotas: ServiceQuotas,
        transitions: StreamTransitions,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.configuration = configuration
        self.quotas = quotas
        self.transitions = transitions
        self.clock = clock
    }

    /// Runs the operation at `path`.
    ///
    /// - Parameters:
    ///   - path: where it is asked, exactly as spelled.
    ///   - endpoint: URL that GetDataEndpoint gives.
    ///   - body: reads the request, once the operation is known.
    /// - Returns: the JSON answer; nil where no operation of this family is there.
    /// - Throws: ServiceError; StoreError where the disk fails.
    package func answer(
        _ path: String,
        endpoint: String,
        body: () async throws -> ByteBuffer
    ) async throws -> ByteBuffer? {
        guard let route = Self.routesByPath[path] else { return nil }
        var plane = self
        plane.endpoint = endpoint
        return try await route.answer(plane, try await body())
    }

    /// Changes the metadata of a stream: a new version, and UPDATING for a while.
    func change(
        _ stream: StoredStream,
        version: String,
        _ body: @escaping @Sendable (inout StreamRecord) throws -> Void
    ) async throws {
        try stream.record.info.requireActive()
        try await stream.updateRecord { [transitions] record in
            try record.info.requireActive()
            try record.info.require(version: version)
            try body(&record)
            record.info.version = StreamRecord.newVersion()
            record.info.status = transitions.status(.updating)
        }
        try await transitions.begin(stream)
    }
}

extension StreamInfo {
    /// - Throws: ResourceInUseException where another change is under way.
    func requireActive() throws(ServiceError) {
        guard status == .active else {
            throw .inUse("stream '\(streamName)' is \(status.rawValue), wanted ACTIVE")
        }
    }

    /// - Throws: VersionMismatchException where somebody else changed the stream first.
    func require(version: String) throws(ServiceError) {
        guard version == self.version else {
            throw .versionMismatch("CurrentVersion is '\(version)', the stream's is '\(self.version)'")
        }
    }
}

extension FragmentStore {
    /// The stream that a call names, in whatever state.
    ///
    /// - Throws: ResourceNotFoundException.
    func knownStream(_ reference: StreamReference) throws(ServiceError) -> StoredStream {
        // Where both are given they agree by their text, and the ARN says more.
        let found =
            if let arn = reference.arn { stream(arn: arn) } else {
                reference.name.flatMap { stream(named: $0) }
            }
        guard let found else {
            throw .notFound("no stream \(reference.arn ?? reference.name.map { "named '\($0)'" } ?? "")")
        }
        return found
    }

    /// The stream that a call on media names: ACTIVE or UPDATING.
    ///
    /// - Throws: ResourceNotFoundException.
    func stream(_ reference: StreamReference) throws(ServiceError) -> StoredStream {
        let stream = try knownStream(reference)
        let status = stream.record.info.status
        guard !stream.isDeleted, status == .active || status == .updating else {
            throw .notFound("stream '\(stream.name)' is \(status.rawValue)")
        }
        return stream
    }
}
