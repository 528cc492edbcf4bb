public import KinesisVideo
import Logging
import Synchronization

/// Keeps streams and their fragments in one folder: newest in memory, all others on the disk.
///
/// ```
/// DIR/index.sqlite                          where each fragment lies; rebuilt where it is missing
/// DIR/streams/<id>/stream.json              name, ARN, tags, settings, counter
/// DIR/streams/<id>/segments/0000000001.mkv  chunks, each with an `ArchiveRecord`
/// DIR/trash/<id>                            deleted streams on their way out
/// ```
///
/// One process at a time uses a folder; the caller sees to that. Time comes from the clock that is passed in,
/// and what falls due is done by ``tick()`` and ``sweep()``, which the caller calls.
public final class FragmentStore: Sendable {
    let environment: StoreEnvironment
    private let catalog: Mutex<StreamCatalog>
    private let surveys = Mutex(Surveys())

    /// When gaps are counted next.
    private struct Surveys {
        /// Somebody has asked for figures since the last count.
        var isWanted = false
        var due: ContinuousClock.Instant?
    }

    init(environment: StoreEnvironment, catalog: sending StreamCatalog) {
        self.environment = environment
        self.catalog = Mutex(catalog)
    }

    deinit { stopThreads() }

    /// All streams by name.
    public var streams: [StoredStream] { catalog.withLock { $0.streams } }

    /// The stream of that name.
    public func stream(named name: String) -> StoredStream? { catalog.withLock { $0.stream(named: name) } }

    /// The stream of that ARN, compared as a whole.
    public func stream(arn: String) -> StoredStream? { catalog.withLock { $0.stream(arn: arn) } }

    /// A page of the streams by name.
    ///
    /// - Parameters:
    ///   - name: the last name of the page before.
    ///   - prefix: what the names begin with.
    ///   - limit: most streams of a page.
    /// - Returns: the streams, fewer than `limit` only on the last page.
    public func streams(after name: String?, prefix: String = "", limit: Int) -> [StoredStream] {
        catalog.withLock { $0.streams(after: name, prefix: prefix, limit: limit) }
    }

    /// Makes a stream; durable when it returns.
    ///
    /// - Parameters:
    ///   - record: what is known of it, name and ARN included.
    ///   - importCapacity: fragments that may be imported below all live ones.
    ///   - streamLimit: most streams of the store; nil for no limit.
    /// - Returns: the stream, ready for use.
    /// - Throws: ``StoreError`` `streamExists` where the name is taken, `tooManyStreams`, or a failure of the disk.
    public func createStream(
        _ record: StreamRecord,
        importCapacity: Int = 0,
        streamLimit: Int? = nil
    ) async throws -> StoredStream {
        try await environment.catalog.run { [self] in
            let name = record.info.streamName
            guard stream(named: name) == nil else { throw StoreError(.streamExists, path: name) }
            guard streams.count < streamLimit ?? .max else { throw StoreError(.tooManyStreams, path: name) }
            let id = StreamID()
            let folder = environment.streams.folder(id.description)
            var counter = FragmentCounter(importCapacity: importCapacity)
            counter.reserve()
            let file = StreamFile(record: record, counter: counter)
            let indexKey: Int64
            do {
                try folder.folder("segments").create()
                // A folder without this file is no stream yet, and goes when the store opens.
                try file.write(to: folder)
                try environment.streams.synchronize()
                indexKey = try environment.index.key(of: id)
            } catch {
                // The name stays free: with this folder the next start would find a second stream of that name.
                try? folder.remove()
                throw error
            }
            let stream = StoredStream(
                id: id,
                indexKey: indexKey,
                file: file,
                archive: ArchiveFigures(),
                environment: environment
            )
            catalog.withLock { $0.insert(stream) }
            return stream
        }
    }

    /// Ends all reading and writing of a stream and removes it with its data.
    ///
    /// - Throws: ``StoreError`` where the stream is gone already or its folder cannot be moved away; where that is not
    ///   durable yet, or data is left behind, the stream is gone all the same.
    public func deleteStream(_ stream: StoredStream) async throws {
        let failure = try await environment.catalog.run { [self] in try takeAway(stream) }
        // From here on the stream is gone; what is left is rubbish that the next start would remove too.
        try await environment.writer.perform { [index = environment.index] lanes in
            lanes.remove(stream: stream.indexKey)
            try index.removeStream(stream.indexKey)
        }
        let rubbish = environment.trash.folder(stream.id.description)
        try await environment.readers.run { try rubbish.remove() }
        if let failure { throw failure }
    }

    /// Takes a stream's folder out of the way, and the stream out of the catalog.
    ///
    /// - Returns: why that is not durable yet; nil where it is.
    /// - Throws: why the stream stays as it is.
    private func takeAway(_ stream: StoredStream) throws(StoreError) -> StoreError? {
        guard self.stream(arn: stream.arn) === stream else {
            throw StoreError(.streamDeleted, path: stream.name)
        }
        let name = stream.id.description
        try environment.streams.rename(name, to: environment.trash.file(name))
        // Nothing is found in its old place any more, whatever fails from here on.
        stream.end()
        catalog.withLock { $0.remove(stream) }
        do {
            try environment.streams.synchronize()
            return nil
        } catch {
            return error
        }
    }

    /// Lets readers pass fragments that were waited for too long, and evicts from memory by age.
    ///
    /// Costs one lock a stream; call it every quarter of a second, which is how exact ``StoreConfiguration/orderingHold``
    /// is.
    public func tick() {
        let now = environment.clock()
        for stream in streams { stream.tick(now: now) }
    }

    /// True while archives take more bytes than ``StoreConfiguration`` allows; costs one lock a stream.
    public var exceedsLimits: Bool {
        let configuration = environment.configuration
        guard configuration.archiveBytes != nil || !configuration.streamBytes.isEmpty else { return false }
        var total = 0
        for stream in streams {
            let bytes = stream.read { $0.archive.fileBytes }
            if let limit = configuration.streamBytes[stream.name], bytes > limit { return true }
            total += bytes
        }
        return configuration.archiveBytes.map { total > $0 } ?? false
    }

    /// Removes segments that are past the retention or beyond the limits of ``StoreConfiguration``.
    ///
    /// - Returns: number of segment files removed.
    /// - Throws: ``StoreError`` where the index or a file cannot be changed; the next call tries again.
    @discardableResult
    public func sweep() async throws -> Int {
        let sweep = RetentionSweep(streams: streams, environment: environment)
        let now = environment.clock()
        return try await environment.writer.perform { try sweep.run(&$0, now: now) }
    }

    /// Counts the gaps of archives that have changed, where ``statistics()`` has been asked for since; call it about
    /// once a second.
    ///
    /// Cost: a walk over the fragments of those archives, a fiftieth of the time at most.
    ///
    /// - Throws: the last failure where the index cannot be read; other streams are counted all the same.
    public func surveyGaps() async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let isDue = surveys.withLock { surveys in
            guard surveys.isWanted, surveys.due.map({ begin >= $0 }) ?? true else { return false }
            surveys.isWanted = false
            return true
        }
        guard isDue else { return }
        defer { surveys.withLock { $0.due = begin + (clock.now - begin) * 50 } }
        var failure: (any Error)?
        for stream in streams where !stream.isDeleted {
            do { try await stream.surveyGaps() } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// What monitors show of all streams.
    public func statistics() -> ServiceStatistics {
        surveys.withLock { $0.isWanted = true }
        return ServiceStatistics(now: environment.clock(), streams: streams.map { $0.statistics() })
    }

    /// Writes what is waiting, ends all cursors and connections, and stops the threads.
    public func close() async {
        // Behind all that waits; a store that is closed already has nothing left to write.
        try? await environment.writer.perform { _ in }
        for stream in streams { stream.end() }
        stopThreads()
        do {
            try environment.index.close(in: environment.root)
        } catch {
            environment.logger.warning("index not closed", metadata: ["error": "\(error)"])
        }
    }

    private func stopThreads() {
        environment.writer.close()
        environment.readers.close()
        environment.synchronizers.close()
        environment.catalog.close()
    }
}

extension StoredStream {
    /// Ends the stream's cursors and open fragments; it takes nothing any more.
    func end() {
        change(.completion) { state in
            state.isDeleted = true
            for fragment in state.live.openFragments {
                fragment.settle(.aborted)
                state.live.abort(fragment)
            }
        }
    }

    func tick(now: Timestamp) {
        let isReleased = update { state in
            state.live.evict(now: now)
            return state.live.releaseHolds(now: now)
        }
        if isReleased { change(.completion) { _ in } }
    }
}
