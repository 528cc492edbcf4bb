import KinesisVideo

/// A complete fragment on its way to the disk.
struct PendingFragment: Sendable {
    let stream: StoredStream
    let chunk: StoredChunk
    /// True for material that did not come through the live buffer.
    let isImported: Bool
    /// When it was complete.
    let completed: Timestamp
    let outcome: ArchiveOutcome
}
