import KinesisVideo
import Synchronization

/// The segments that are appended to: per stream one for live fragments and one for imports.
///
/// Imports have their own, since a segment goes when the youngest fragment in it is past the retention.
struct ArchiveLanes {
    /// Names a lane.
    private struct LaneID: Hashable {
        let stream: Int64
        let isImported: Bool
    }

    /// Files that stay open between batches.
    private static let openFiles = 256

    private var lanes: [LaneID: SegmentAppender] = [:]
    private var lastSequences: [Int64: Int64]
    private let synchronizers: DiskThreads

    /// Creates the lanes.
    ///
    /// - Parameters:
    ///   - lastSequences: the highest sequence number in use, by the stream's key.
    ///   - synchronizers: threads that wait for the disk.
    init(lastSequences: [Int64: Int64], synchronizers: DiskThreads) {
        self.lastSequences = lastSequences
        self.synchronizers = synchronizers
    }

    /// Writes a batch.
    ///
    /// - Returns: for each fragment why it is not archived, nil where it is: durable and in the index.
    mutating func write(_ fragments: [PendingFragment], to index: FragmentIndex, now: Timestamp)
        -> [StoreError?]
    {
        var errors: [StoreError?] = []
        var touched: [LaneID: [Int]] = [:]
        for (position, fragment) in fragments.enumerated() {
            let id = LaneID(stream: fragment.stream.indexKey, isImported: fragment.isImported)
            do {
                try append(fragment, to: id, isFirst: touched[id] == nil, now: now)
                touched[id, default: []].append(position)
                errors.append(nil)
            } catch {
                errors.append(error)
            }
        }
        for (id, error) in synchronize(Array(touched.keys)) {
            for position in touched[id] ?? [] { errors[position] = error }
            touched[id] = nil
        }
        if let error = commit(Array(touched.keys), to: index) {
            for position in touched.values.joined() { errors[position] = error }
        }
        closeFiles()
        return errors
    }

    private mutating func append(
        _ fragment: PendingFragment,
        to id: LaneID,
        isFirst: Bool,
        now: Timestamp
    ) throws(StoreError) {
        guard !fragment.stream.isDeleted else { throw StoreError(.streamDeleted, path: fragment.stream.name) }
        // Taken out, not copied: a second reference would make every append copy the batch so far.
        var lane = lanes.removeValue(forKey: id) ?? SegmentAppender(stream: fragment.stream)
        defer { lanes[id] = lane }
        // A batch of one stream goes to one segment: it can be taken back as a whole.
        if isFirst, lane.isFull(at: now) {
            lane.seal()
            try lane.begin(nextSequence(id.stream), now: now)
        }
        try lane.append(fragment.chunk)
    }

    private mutating func nextSequence(_ stream: Int64) -> Int64 {
        let sequence = (lastSequences[stream] ?? 0) + 1
        lastSequences[stream] = sequence
        return sequence
    }

    /// Waits for the disk, and takes back what did not get there.
    ///
    /// For all files at a time: the file system makes those that wait together durable together.
    private mutating func synchronize(_ ids: [LaneID]) -> [LaneID: StoreError] {
        let waits = ids.compactMap { lanes[$0]?.synchronization }
        let errors = Mutex([StoreError?](repeating: nil, count: waits.count))
        synchronizers.runEach(waits.count) { index in
            do throws(StoreError) {
                try waits[index]()
            } catch {
                errors.withLock { $0[index] = error }
            }
        }
        var failures: [LaneID: StoreError] = [:]
        for (id, error) in zip(ids, errors.withLock { $0 }) {
            if let error {
                lanes[id]?.rollBack()
                failures[id] = error
            } else {
                lanes[id]?.noteSynchronized()
            }
        }
        return failures
    }

    /// Lists the batch in the index, or takes it back.
    private mutating func commit(_ ids: [LaneID], to index: FragmentIndex) -> StoreError? {
        do {
            try index.add(ids.compactMap { lanes[$0]?.gain })
            for id in ids { lanes[id]?.commit() }
            return nil
        } catch {
            for id in ids { lanes[id]?.rollBack() }
            return error
        }
    }

    /// Keeps the number of open files small where there are many streams.
    private mutating func closeFiles() {
        guard lanes.count > Self.openFiles else { return }
        for id in lanes.keys { lanes[id]?.closeFile() }
    }

    /// Lets go of a segment that is to be removed.
    mutating func seal(_ segment: FragmentIndex.Segment) {
        for isImported in [false, true] {
            let id = LaneID(stream: segment.stream, isImported: isImported)
            if lanes[id]?.sequence == segment.sequence { lanes[id] = nil }
        }
    }

    /// Lets go of a stream.
    mutating func remove(stream: Int64) {
        for isImported in [false, true] { lanes[LaneID(stream: stream, isImported: isImported)] = nil }
        lastSequences[stream] = nil
    }
}
