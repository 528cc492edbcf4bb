import KinesisVideo
import Synchronization

/// A producer's connection to a stream, which fragments come in on one after the other.
///
/// What is open when the connection is closed or dropped is aborted.
public final class IngestConnection: Sendable {
    /// The stream that the fragments go to.
    public let stream: StoredStream
    private let current = Mutex<OpenFragment?>(nil)
    private let isClosed = Atomic(false)

    init(stream: StoredStream) {
        self.stream = stream
    }

    deinit { close() }

    /// Gives a fragment its number and server timestamp, at the first byte of its Cluster.
    ///
    /// Waits while too much is on its way to the disk, where the stream archives. A fragment of this connection that is still open is
    /// aborted.
    ///
    /// - Throws: ``StoreError`` where the stream is gone or no number could be reserved, `CancellationError`.
    public func beginFragment() async throws -> OpenFragment {
        let previous = current.withLock { $0 }
        // Does nothing to a fragment that is complete.
        previous?.abort()
        if stream.record.info.dataRetentionInHours > 0 {
            try await stream.environment.writer.waitForRoom()
        }
        let fragment = try await stream.beginFragment(previousStart: previous?.producerTimestamp)
        current.withLock { $0 = fragment }
        // Closed in the meantime: `close` did not see the fragment.
        if isClosed.load(ordering: .sequentiallyConsistent) { fragment.abort() }
        return fragment
    }

    /// Ends the connection; a second call does nothing.
    public func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        current.withLock { $0 }?.abort()
        stream.change(.part) { $0.connections -= 1 }
    }
}
