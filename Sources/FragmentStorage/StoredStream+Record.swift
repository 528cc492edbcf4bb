import KinesisVideo

extension StoredStream {
    /// Changes record, tags or settings; durable when it returns.
    ///
    /// Changes of one store follow each other, so `body` may compare versions. Lowering the retention hides
    /// older fragments at once and for good; their files go with the next sweep. Name and ARN stay as they
    /// are. The status DELETING ends all reading and writing at once; if the service stops before
    /// ``FragmentStore/deleteStream(_:)``, the next start removes the stream.
    ///
    /// - Throws: what `body` throws, and then nothing has changed; ``StoreError`` where the stream is gone
    ///   or the disk fails.
    public func updateRecord(_ body: @escaping @Sendable (inout StreamRecord) throws -> Void) async throws {
        let now = environment.clock()
        try await save { file in
            let edge = file.retentionEdge(at: now)
            var record = file.record
            try body(&record)
            (record.info.streamName, record.info.streamARN) = (
                file.record.info.streamName, file.record.info.streamARN
            )
            let isLowered = record.info.dataRetentionInHours < file.record.info.dataRetentionInHours
            file.record = record
            if isLowered {
                // With no retention at all everything up to now is past it.
                file.archiveStart = max(
                    edge,
                    min(file.retentionEdge(at: now), now.advanced(byMilliseconds: 1))
                )
            }
        }
        if record.info.status == .deleting { end() }
    }

    /// Makes sure that numbers are reserved on the disk.
    func reserveNumbers() async throws {
        try await save { file in
            if file.counter.wantsReservation { file.counter.reserve() }
        }
    }

    /// Changes `stream.json` and takes the change over when it is durable.
    func save<Result: Sendable>(_ body: @escaping @Sendable (inout StreamFile) throws -> Result) async throws
        -> Result
    {
        try await environment.catalog.run { [self] in
            // Only this thread writes the file, so what is read here is still current when it is taken over.
            var file = try update { state in
                guard !state.isDeleted else { throw StoreError(.streamDeleted, path: name) }
                var file = state.file
                file.counter = state.counter
                return file
            }
            let result = try body(&file)
            try file.write(to: folder)
            update { state in
                state.counter.adopt(file.counter)
                state.file = file
            }
            return result
        }
    }
}
