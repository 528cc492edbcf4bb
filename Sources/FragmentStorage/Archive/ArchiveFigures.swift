import KinesisVideo

/// How much of a stream is archived.
struct ArchiveFigures: Sendable, Hashable {
    var fragments = 0
    /// Bytes of the chunks.
    var bytes = 0
    /// Bytes of the segment files.
    var fileBytes = 0
    var first: FragmentMetadata?
    var last: FragmentMetadata?

    /// Counts a fragment that has been added.
    mutating func add(_ info: FragmentInfo) {
        fragments += 1
        bytes += info.size
        fileBytes += info.size + ArchiveRecord.size
        if first.map({ info.number < $0.number }) ?? true { first = info.metadata }
        if last.map({ info.number > $0.number }) ?? true { last = info.metadata }
    }
}
