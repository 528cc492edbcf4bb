public import KinesisVideo
public import NIOCore
import Synchronization

/// A fragment while it arrives: number, then header and tags, then media, then complete or aborted.
///
/// ```
/// begin (number, server timestamp)
///   > announce (producer timestamp, items 1 to 4) > append (media) ... > complete | abort
/// ```
///
/// Its connection uses it from one task at a time; readers may follow it from any.
public final class OpenFragment: Sendable {
    /// Items 1 to 4 of the chunk and the clock that had to be parsed first.
    struct Announcement: Sendable {
        var metadata: FragmentMetadata
        var header: ByteBuffer
        var serviceTags: ByteBuffer
    }

    enum Outcome: Sendable {
        case complete(FragmentInfo)
        case aborted
    }

    private struct State {
        var announcement: Announcement?
        var parts: [ByteBuffer] = []
        var outcome: Outcome?
    }

    /// Name and place of the fragment.
    public let number: FragmentNumber
    /// When its first byte came.
    public let serverTimestamp: Timestamp

    private let stream: StoredStream
    private let previousStart: Timestamp?
    private let state = Mutex(State())

    init(
        number: FragmentNumber,
        serverTimestamp: Timestamp,
        stream: StoredStream,
        previousStart: Timestamp?
    ) {
        self.number = number
        self.serverTimestamp = serverTimestamp
        self.stream = stream
        self.previousStart = previousStart
    }

    /// Lets readers follow the fragment.
    ///
    /// - Parameters:
    ///   - producerTimestamp: when the producer says the fragment starts.
    ///   - header: items 1 to 3 of the chunk; the same buffer for all fragments of a connection is held once.
    ///   - serviceTags: item 4.
    public func announce(producerTimestamp: Timestamp, header: ByteBuffer, serviceTags: ByteBuffer) {
        let metadata = FragmentMetadata(
            number: number,
            serverTimestamp: serverTimestamp,
            producerTimestamp: producerTimestamp
        )
        let announcement = Announcement(metadata: metadata, header: header, serviceTags: serviceTags)
        state.withLock { $0.announcement = announcement }
        stream.change(.part) { $0.live.announce(self) }
    }

    /// Adds bytes of items 5 and 6.
    ///
    /// The bytes are copied when the fragment is complete, so a slice of a larger buffer does not keep that
    /// alive.
    public func append(_ part: ByteBuffer) {
        guard part.readableBytes > 0 else { return }
        state.withLock { $0.parts.append(part) }
        let now = stream.environment.clock()
        stream.change(.part) { $0.meter.receive(part.readableBytes, at: now) }
    }

    /// Ends the fragment: it is in the live buffer when this returns, and on its way to the archive.
    ///
    /// - Parameters:
    ///   - length: last block time less first block time, in milliseconds.
    ///   - frameCount: number of blocks.
    /// - Returns: what tells when the fragment is archived.
    /// - Throws: ``StoreError`` `streamDeleted` where the stream is gone or the fragment has been aborted.
    public func complete(length: Int64, frameCount: Int) throws -> FragmentReceipt {
        let (announcement, parts, outcome) = state.withLock { ($0.announcement, $0.parts, $0.outcome) }
        precondition(announcement != nil, "A fragment is announced before it is complete.")
        guard let announcement, outcome == nil else { throw StoreError(.streamDeleted, path: stream.name) }
        let chunk = StoredChunk(
            metadata: announcement.metadata,
            length: length,
            headerLength: announcement.header.readableBytes,
            frameCount: frameCount,
            parts: [announcement.header, announcement.serviceTags] + ByteBuffer.pieces(copying: parts)
        )
        let distance = previousStart.map { start in
            announcement.metadata.producerTimestamp.milliseconds - start.milliseconds
        }
        return try stream.finish(self, as: chunk, sincePrevious: distance)
    }

    /// Drops the fragment; readers that have part of it are told.
    ///
    /// Does nothing to a fragment that has ended.
    public func abort() {
        guard state.withLock({ $0.outcome == nil }) else { return }
        stream.change(.completion) { state in
            settle(.aborted)
            state.live.abort(self)
        }
    }

    /// When the producer says the fragment starts, once that is known.
    var producerTimestamp: Timestamp? {
        state.withLock { $0.announcement?.metadata.producerTimestamp }
    }

    /// Items 1 to 4, once they are known.
    var announcement: Announcement? { state.withLock { $0.announcement } }

    /// Notes how the fragment ended; only the first word counts.
    func settle(_ outcome: Outcome) {
        state.withLock { $0.outcome = $0.outcome ?? outcome }
    }

    /// The bytes behind the first `count` parts, how many parts there are, and how the fragment ended.
    func progress(after count: Int) -> (media: ByteBuffer?, parts: Int, outcome: Outcome?) {
        let (parts, outcome) = state.withLock { (Array($0.parts[count...]), $0.outcome) }
        return (parts.isEmpty ? nil : ByteBuffer(joining: parts), count + parts.count, outcome)
    }
}

extension ByteBuffer {
    /// Copies bytes into memory of their own, of which a thirty-second part at most is empty.
    ///
    /// A buffer takes a power of two, twice its bytes at worst; so one buffer becomes several where that is too much.
    fileprivate static func pieces(copying parts: [ByteBuffer]) -> [ByteBuffer] {
        var rest = parts[...]
        var (part, total) = (ByteBuffer(), parts.reduce(0) { $0 + $1.readableBytes })
        var pieces: [ByteBuffer] = []
        while total > 0 {
            let length = pieceLength(of: total)
            var piece = ByteBufferAllocator().buffer(capacity: length)
            while piece.readableBytes < length {
                if part.readableBytes == 0 { part = rest.removeFirst() }
                let count = min(part.readableBytes, length - piece.readableBytes)
                if let slice = part.readSlice(length: count) { piece.writeImmutableBuffer(slice) }
            }
            pieces.append(piece)
            total -= length
        }
        return pieces
    }

    /// How much of `total` bytes goes into the first piece.
    private static func pieceLength(of total: Int) -> Int {
        let capacity = 1 << (Int.bitWidth - (total - 1).leadingZeroBitCount)
        return total >= capacity - capacity / 32 || capacity <= 4096 ? total : capacity / 2
    }
}
