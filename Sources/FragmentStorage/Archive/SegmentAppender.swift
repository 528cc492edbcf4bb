import Glibc
import KinesisVideo
import Logging
import Matroska
import NIOCore

/// Appends to the newest segment of one stream, and begins a new one when that is full.
struct SegmentAppender {
    private struct Current {
        let sequence: Int64
        let began: Timestamp
        /// Bytes that are whole and belong to the archive.
        var length = 0
        var fragments = 0
        /// Nil while the file is closed to spare descriptors.
        var file: OpenFile?
        var isNamed = false
        /// True once a write has failed: the file may have reached a limit of its own.
        var hasFailed = false
    }

    private let stream: StoredStream
    private let configuration: StoreConfiguration
    private var current: Current?
    private var batchStart = 0
    private var entries: [FragmentIndex.Entry] = []

    init(stream: StoredStream) {
        self.stream = stream
        configuration = stream.environment.configuration
    }

    /// The segment that is appended to.
    var sequence: Int64? { current?.sequence }
    /// What the segment gained since the last commit; nil for nothing.
    var gain: SegmentGain? {
        guard let current, !entries.isEmpty else { return nil }
        return SegmentGain(
            stream: stream.indexKey,
            sequence: current.sequence,
            length: current.length,
            entries: entries
        )
    }

    /// True where the next fragment needs a new segment.
    func isFull(at now: Timestamp) -> Bool {
        guard let current, !current.hasFailed else { return true }
        return current.length >= configuration.segmentBytes(of: stream.name)
            || current.fragments >= configuration.segmentFragments
            || current.began.advanced(byMilliseconds: configuration.segmentAge) <= now
    }

    /// Ends the segment; to be called between batches.
    mutating func seal() {
        current = nil
    }

    /// Closes the file until the next fragment; to be called between batches.
    mutating func closeFile() {
        current?.file = nil
    }

    /// Creates segment `sequence`, which all further fragments go to.
    mutating func begin(_ sequence: Int64, now: Timestamp) throws(StoreError) {
        let file = try stream.segments.open(SegmentFile.name(sequence), O_WRONLY | O_CREAT | O_EXCL)
        current = Current(sequence: sequence, began: now, file: file)
        batchStart = 0
    }

    /// Writes a chunk and its record at the end of the segment; cuts the file back where that fails.
    mutating func append(_ chunk: StoredChunk) throws(StoreError) {
        guard var segment = current else { preconditionFailure("A segment begins before it is appended to.") }
        let file: OpenFile
        if let open = segment.file { file = open } else { file = try open(segment) }
        segment.file = file
        var checksum = CRC32()
        for part in chunk.parts { checksum.update(part.readableBytesUInt8Span) }
        let record = ArchiveRecord(
            info: chunk.info,
            headerLength: chunk.headerLength,
            frameCount: chunk.frameCount,
            chunkChecksum: checksum.value
        )
        guard let trailer = record.bytes(for: stream.id) else {
            throw StoreError(.invalidNumber, path: stream.name)
        }
        do {
            try file.write(chunk.parts + [trailer], at: segment.length)
        } catch {
            cut(segment)
            // An empty file is as good as a new one.
            current?.hasFailed = segment.length > 0
            throw error
        }
        entries.append(
            FragmentIndex.Entry(
                info: chunk.info,
                segment: segment.sequence,
                offset: segment.length,
                headerLength: chunk.headerLength,
                frameCount: chunk.frameCount
            )
        )
        segment.length += chunk.info.size + ArchiveRecord.size
        segment.fragments += 1
        current = segment
    }

    /// What makes the batch durable, the file's name included; waits for the disk on whatever thread runs it.
    var synchronization: @Sendable () throws(StoreError) -> Void {
        let (file, folder) = (current?.file, current?.isNamed == true ? nil : stream.segments)
        return { () throws(StoreError) in
            try file?.synchronizeData()
            try folder?.synchronize()
        }
    }

    /// Notes that the batch is durable.
    mutating func noteSynchronized() {
        current?.isNamed = true
    }

    /// Keeps the batch.
    mutating func commit() {
        entries = []
        batchStart = current?.length ?? 0
    }

    /// Takes the batch back.
    ///
    /// What the system holds of the file is unknown after a failure, so it gets no more.
    mutating func rollBack() {
        entries = []
        guard var segment = current else { return }
        segment.length = batchStart
        cut(segment)
        // A file that stays is empty or torn, which the next start deals with.
        if batchStart == 0 { try? stream.segments.unlink(SegmentFile.name(segment.sequence)) }
        current = nil
        batchStart = 0
    }
}

extension SegmentAppender {
    private func open(_ segment: Current) throws(StoreError) -> OpenFile {
        try stream.segments.open(SegmentFile.name(segment.sequence), O_WRONLY)
    }

    /// Cuts the file to what is whole.
    ///
    /// Where even that fails the rest stays, and the next start deals with it.
    private func cut(_ segment: Current) {
        do {
            try segment.file?.truncate(to: segment.length)
        } catch {
            stream.environment.logger.warning(
                "segment could not be cut",
                metadata: ["file": "\(SegmentFile.name(segment.sequence))", "error": "\(error)"]
            )
        }
    }
}
