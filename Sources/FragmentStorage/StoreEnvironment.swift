import KinesisVideo
import Logging

/// What the streams of a store share.
struct StoreEnvironment: Sendable {
    let configuration: StoreConfiguration
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    let root: Folder
    let streams: Folder
    let trash: Folder
    let index: FragmentIndex
    let writer: ArchiveWriter
    /// Threads that read index and segment files.
    let readers: DiskThreads
    /// Threads that wait until files are durable.
    let synchronizers: DiskThreads
    /// One thread, so that changes of the catalog follow each other.
    let catalog: DiskThreads
}
