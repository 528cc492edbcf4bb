import KinesisVideo
import Matroska
import NIOCore

/// The last bytes of a request body, addressed by their offset in the body.
struct BodyWindow: Sendable {
    /// Offset of the first byte held.
    private(set) var start: UInt64 = 0
    private var bytes = ByteBuffer()

    /// Number of bytes held.
    var length: Int { bytes.readableBytes }

    /// Takes the next bytes of the body; the first piece after everything was dropped is not copied.
    mutating func append(_ buffer: ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = buffer
        } else {
            bytes.writeImmutableBuffer(buffer)
        }
    }

    /// The bytes of a range, sharing memory with the window.
    func slice(_ range: Range<UInt64>) -> ByteBuffer {
        let index = bytes.readerIndex + Int(range.lowerBound - start)
        return bytes.getSlice(at: index, length: Int(range.upperBound - range.lowerBound)) ?? ByteBuffer()
    }

    /// Forgets what lies ahead of an offset.
    mutating func drop(upTo offset: UInt64) {
        let count = min(Int(max(offset, start) - start), bytes.readableBytes)
        start += UInt64(count)
        guard count < bytes.readableBytes else {
            // Lets go of the receive buffer, which may be much larger than what came in it.
            bytes = ByteBuffer()
            return
        }
        bytes.moveReaderIndex(forwardBy: count)
        bytes.discardReadBytes()
    }
}

/// Composes what stands ahead of the Cluster in every chunk of a connection.
///
/// The Segment's size becomes unknown in eight bytes; all else stays as sent, but for two kinds of Tags: those
/// ahead of Tracks belong to the first chunk only, an end-of-fragment tag to none.
struct HeaderComposition: Sendable {
    var documentStart: UInt64?
    var segment: ElementPosition?
    var hasTracks = false
    private var dropped: [Range<UInt64>] = []
    private var onlyFirst: [Range<UInt64>] = []
    private var first: ByteBuffer?
    private var rest = ByteBuffer()

    /// Notes where Tags stand.
    mutating func noteTags(_ range: Range<UInt64>, isDropped: Bool) {
        if isDropped {
            dropped.append(range)
        } else if !hasTracks {
            onlyFirst.append(range)
        }
    }

    /// Composes the header once the first Cluster is there.
    mutating func compose(from window: BodyWindow, upTo end: UInt64) {
        guard let documentStart, let segment else { return }
        let content = segment.offset + UInt64(segment.headerLength)
        var front = window.slice(documentStart..<segment.offset)
        front.writeBytes(ChunkComposer.segmentHeader)
        let whole = front.adding(window, content..<end, without: dropped)
        rest = onlyFirst.isEmpty ? whole : front.adding(window, content..<end, without: dropped + onlyFirst)
        first = whole
    }

    /// The header of the next chunk; the chunks of a connection share its bytes.
    mutating func next() -> ByteBuffer {
        defer { first = nil }
        return first ?? rest
    }
}

extension ByteBuffer {
    fileprivate func adding(_ window: BodyWindow, _ range: Range<UInt64>, without holes: [Range<UInt64>])
        -> ByteBuffer
    {
        var result = self
        var cursor = range.lowerBound
        for hole in holes.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            result.writeImmutableBuffer(window.slice(cursor..<hole.lowerBound))
            cursor = hole.upperBound
        }
        result.writeImmutableBuffer(window.slice(cursor..<range.upperBound))
        return result
    }
}
