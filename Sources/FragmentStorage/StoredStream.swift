public import KinesisVideo
import NIOCore
import Synchronization

/// A stream in a store: its record, its live buffer and its archive.
///
/// ```
///  IngestConnection > OpenFragment > live buffer > ArchiveWriter > segment files + index
///                                        |                              |
///                                        +-------> FragmentCursor <-----+
/// ```
public final class StoredStream: Sendable {
    /// What changes over a stream's life, guarded by one lock that is held for moments only.
    struct State {
        var file: StreamFile
        var counter: FragmentCounter
        var live: LiveBuffer
        var meter = StreamMeter()
        var changes = ChangeSignal()
        var archive: ArchiveFigures
        var gaps = GapSurvey()
        /// Counts fragments that were archived below one that was archived already.
        var archiveDisorder = 0
        var connections = 0
        var readers = 0
        var isDeleted = false
        var fault: StreamStatistics.Fault?
    }

    /// The stream's name, which never changes.
    public let name: String
    /// The stream's ARN, which never changes.
    public let arn: String
    let id: StreamID
    let indexKey: Int64
    let folder: Folder
    let environment: StoreEnvironment
    private let state: Mutex<State>

    init(
        id: StreamID,
        indexKey: Int64,
        file: StreamFile,
        archive: ArchiveFigures,
        environment: StoreEnvironment
    ) {
        self.id = id
        self.indexKey = indexKey
        self.environment = environment
        name = file.record.info.streamName
        arn = file.record.info.streamARN
        folder = environment.streams.folder(id.description)
        var counter = file.counter
        if let newest = archive.last?.number.counter { counter.follow(newest) }
        let live = LiveBuffer(
            configuration: environment.configuration,
            newestArchived: archive.last?.number
        )
        state = Mutex(State(file: file, counter: counter, live: live, archive: archive))
    }

    /// Record, tags and settings as they are now.
    public var record: StreamRecord { state.withLock { $0.file.record } }

    /// Producers that are connected now.
    public var connectionCount: Int { state.withLock { $0.connections } }

    /// True once the stream has been deleted.
    public var isDeleted: Bool { state.withLock { $0.isDeleted } }

    /// Why calls of the stream are to be refused; nil where they are served.
    public var fault: StreamStatistics.Fault? {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }

    /// Where the segment files lie.
    var segments: Folder { folder.folder("segments") }

    /// What readers may see of the archive now.
    var archiveView: ArchiveView {
        ArchiveView(stream: indexKey, edge: retentionEdge(at: environment.clock()))
    }

    /// Fragments that the service began to receive before this moment are past the retention at `now`.
    func retentionEdge(at now: Timestamp) -> Timestamp {
        state.withLock { $0.file.retentionEdge(at: now) }
    }

    /// Looks at the state.
    func read<Result: Sendable>(_ body: (borrowing State) -> Result) -> Result {
        state.withLock { body($0) }
    }

    /// Changes the state and wakes those who wait for such a change.
    func change<Result: Sendable>(_ change: StreamChange, _ body: (inout State) throws -> Result) rethrows
        -> Result
    {
        let (result, woken) = try state.withLock { state in
            let result = try body(&state)
            return (result, state.changes.note(change))
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Changes what nobody waits for.
    func update<Result: Sendable>(_ body: (inout State) throws -> Result) rethrows -> Result {
        try state.withLock { try body(&$0) }
    }

    /// Waits for a change after `mark`, or for the task's cancellation.
    func waitForChange(after mark: ChangeSignal.Mark, includingParts: Bool) async {
        let id = state.withLock { $0.changes.makeID() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    // The flag is set before the handler runs: one of the two always sees the continuation.
                    guard !Task.isCancelled else { return false }
                    return state.changes.add(continuation, id: id, after: mark, wakesOnParts: includingParts)
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.changes.remove(id: id) }?.resume()
        }
    }
}

extension StreamFile {
    /// The oldest server timestamp that is kept at `now`.
    func retentionEdge(at now: Timestamp) -> Timestamp {
        let hours = record.info.dataRetentionInHours
        guard hours > 0 else { return Timestamp(milliseconds: .max) }
        let edge = now.advanced(byMilliseconds: -Int64(hours) * 3_600_000)
        return archiveStart.map { max($0, edge) } ?? edge
    }
}
