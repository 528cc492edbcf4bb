public import KinesisVideo

/// Numbers given out for fragments that are older than everything live.
///
/// Index 0 is the oldest; the indices can be filled in any order.
public struct ImportRange: Sendable, Hashable {
    let counters: ClosedRange<UInt64>

    /// How many fragments there is room for.
    public var count: Int { counters.count }

    /// Number and clocks of fragment `index`; the random bits of the number differ from call to call.
    public func metadata(
        at index: Int,
        serverTimestamp: Timestamp,
        producerTimestamp: Timestamp
    ) -> FragmentMetadata {
        precondition(
            (0..<count).contains(index),
            "Index \(index) is outside of the \(count) reserved numbers."
        )
        return FragmentMetadata(
            number: FragmentNumber(counter: counters.lowerBound + UInt64(index), at: serverTimestamp),
            serverTimestamp: serverTimestamp,
            producerTimestamp: producerTimestamp
        )
    }
}

extension StoredStream {
    /// Reserves numbers below those of all live fragments and of all earlier imports.
    ///
    /// - Throws: ``StoreError`` `invalidNumber` where the stream was made without that much room for imports.
    public func reserveImport(count: Int) async throws -> ImportRange {
        try await save { [name] file in
            guard let counters = file.counter.takeImportRange(count) else {
                throw StoreError(.invalidNumber, path: name)
            }
            return ImportRange(counters: counters)
        }
    }

    /// Puts complete chunks straight into the archive; durable and listed when it returns.
    ///
    /// Give several at a time: each call waits for the disk once.
    ///
    /// - Throws: ``StoreError`` `invalidNumber` for a number that no import range holds, else the first
    ///   failure of the disk; those that did not fail are archived.
    public func importFragments(_ chunks: [StoredChunk]) async throws {
        let base = read { $0.counter.importFloor }
        for chunk in chunks {
            guard let counter = chunk.info.number.counter, counter > base else {
                throw StoreError(.invalidNumber, path: name)
            }
        }
        try await environment.writer.waitForRoom()
        let now = environment.clock()
        let pending = chunks.map { chunk in
            PendingFragment(
                stream: self,
                chunk: chunk,
                isImported: true,
                completed: now,
                outcome: ArchiveOutcome()
            )
        }
        for fragment in pending { environment.writer.append(fragment) }
        for fragment in pending {
            try await fragment.outcome.wait()
            update { $0.meter.receiveImported(fragment.chunk.info, at: now) }
        }
    }
}
