import KinesisVideo

extension StoredStream {
    /// Opens a producer's connection: its numbers begin behind the next multiple of 1000.
    ///
    /// - Throws: ``StoreError`` where the stream is gone or the store is closed.
    public func openConnection() async throws -> IngestConnection {
        try update { state in
            guard !state.isDeleted else { throw StoreError(.streamDeleted, path: name) }
            state.counter.openConnection()
            state.connections += 1
        }
        let connection = IngestConnection(stream: self)
        if read({ $0.counter.wantsReservation }) {
            // A disk that takes nothing is reported with the first fragment that gets no number.
            do { try await reserveNumbers() } catch let error as StoreError where error.isOfDisk {}
        }
        return connection
    }

    /// Allocates a number and the server timestamp.
    func beginFragment(previousStart: Timestamp?) async throws -> OpenFragment {
        while true {
            let fragment = try update { state -> OpenFragment? in
                guard !state.isDeleted else { throw StoreError(.streamDeleted, path: name) }
                guard let counter = state.counter.next() else { return nil }
                let now = environment.clock()
                let fragment = OpenFragment(
                    number: FragmentNumber(counter: counter, at: now),
                    serverTimestamp: now,
                    stream: self,
                    previousStart: previousStart
                )
                state.live.begin(fragment)
                return fragment
            }
            if let fragment { return fragment }
            try await reserveNumbers()
        }
    }

    /// Takes a complete fragment into the live buffer and sends it on to the archive.
    func finish(_ fragment: OpenFragment, as chunk: StoredChunk, sincePrevious distance: Int64?) throws
        -> FragmentReceipt
    {
        let now = environment.clock()
        let isArchived = try change(.completion) { state in
            guard !state.isDeleted else { throw StoreError(.streamDeleted, path: name) }
            let isArchived = state.file.record.info.dataRetentionInHours > 0
            state.live.finish(fragment, as: chunk, durability: isArchived ? .waiting : .memoryOnly, now: now)
            _ = state.live.releaseHolds(now: now)
            state.meter.complete(chunk.info, sincePrevious: distance, at: now)
            fragment.settle(.complete(chunk.info))
            return isArchived
        }
        let outcome = ArchiveOutcome()
        if isArchived {
            environment.writer.append(
                PendingFragment(
                    stream: self,
                    chunk: chunk,
                    isImported: false,
                    completed: now,
                    outcome: outcome
                )
            )
        }
        return FragmentReceipt(info: chunk.info, isArchived: isArchived, outcome: outcome)
    }

    /// Notes that fragments can be read from the archive.
    func noteArchived(_ fragments: [PendingFragment], now: Timestamp) {
        // Nobody waits for this: what is archived now was in the live buffer before.
        update { state in
            for fragment in fragments {
                let info = fragment.chunk.info
                if let last = state.archive.last, info.number < last.number { state.archiveDisorder += 1 }
                state.archive.add(info)
                if fragment.isImported {
                    state.live.noteArchived(info.number)
                } else {
                    state.live.settle(info.number, as: .archived, now: now)
                    state.meter.persistMilliseconds = Double(
                        now.milliseconds - fragment.completed.milliseconds
                    )
                }
            }
        }
    }

    /// Notes that a fragment could not be archived.
    func noteFailed(_ fragment: PendingFragment, now: Timestamp) {
        guard !fragment.isImported else { return }
        update { $0.live.settle(fragment.chunk.info.number, as: .memoryOnly, now: now) }
    }
}

extension FragmentNumber {
    /// A number of the service's layout with fresh random bits.
    init(counter: UInt64, at moment: Timestamp) {
        self.init(
            counter: counter,
            serverMilliseconds: UInt64(clamping: moment.milliseconds),
            random: UInt32.random(in: 0..<1 << 28)
        )
    }
}
