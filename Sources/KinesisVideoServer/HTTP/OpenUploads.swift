import Synchronization

/// The PutMedia connections that are owed acknowledgements, so that an end in order can wait for them.
final class OpenUploads: Sendable {
    private let count = Atomic(0)
    private let stopping = Atomic(false)

    /// Whether the service is about to end: uploads are to come to theirs, and no new ones begin.
    var isStopping: Bool { stopping.load(ordering: .acquiring) }

    func begin() { count.add(1, ordering: .relaxed) }

    func end() { count.subtract(1, ordering: .releasing) }

    /// Asks the uploads to end and waits until the last acknowledgement has been written, or for `limit`.
    func stop(within limit: Duration) async {
        stopping.store(true, ordering: .releasing)
        let start = ContinuousClock.now
        while count.load(ordering: .acquiring) > 0, start.duration(to: .now) < limit {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }
}
