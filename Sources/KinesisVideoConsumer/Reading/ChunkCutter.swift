import KinesisVideo
import Matroska
import NIOCore

/// Cuts a body of chunks into the bytes and frames of each; holds one chunk at a time.
///
/// A chunk of GetMedia is whole once the service's last tag has been read, and is given out then; one of
/// GetMediaForFragmentList has no such tag and ends where the next begins, or with the body.
struct ChunkCutter: Sendable {
    /// A chunk and its bytes.
    struct Cut: Sendable {
        var summary: ChunkSummary
        var frames: [EncodedFrame]
        var bytes: ArraySlice<UInt8>
        /// True where the service's last tag has been read.
        var isCompleted: Bool
    }

    /// Number and clocks of the chunk under way, once its media has begun.
    private(set) var open: FragmentMetadata?
    private let keepsFrames: Bool
    private var reader = ChunkReader()
    private var pending: [UInt8] = []
    private var pendingStart: UInt64 = 0
    private var frames: [EncodedFrame] = []
    /// The chunk that has ended; where the next begins tells its last byte.
    private var ended: ChunkSummary?
    /// True from a chunk's last tag to its end: it has been given out.
    private var isGivenOut = false

    /// Creates a cutter at the start of a body.
    ///
    /// - Parameter keepsFrames: false where only bytes are wanted.
    init(keepsFrames: Bool = true) {
        self.keepsFrames = keepsFrames
    }

    /// Takes the next bytes.
    mutating func read(_ buffer: ByteBuffer) -> [Cut] {
        pending.append(contentsOf: buffer.readableBytesView)
        return cut(reader.read(buffer.readableBytesUInt8Span))
    }

    /// Ends the body.
    mutating func finish() -> [Cut] {
        cut(reader.finish()) + cut(upTo: pendingStart + UInt64(pending.count))
    }

    private mutating func cut(_ events: [ChunkEvent]) -> [Cut] {
        var cuts: [Cut] = []
        for event in events {
            switch event {
            case .began(let offset):
                cuts += cut(upTo: offset)
                drop(upTo: offset)
                frames = []
            case .mediaBegan(let summary): open = summary.metadata
            case .frame(let frame): if keepsFrames { frames.append(frame) }
            case .completed(let summary, let end):
                cuts.append(take(summary, upTo: end, isCompleted: true))
                isGivenOut = true
            case .ended(let summary):
                open = nil
                if !isGivenOut { ended = summary }
                isGivenOut = false
            case .warning, .damage: break
            }
        }
        return cuts
    }

    private mutating func cut(upTo end: UInt64) -> [Cut] {
        guard let summary = ended else { return [] }
        ended = nil
        return [take(summary, upTo: end, isCompleted: false)]
    }

    private mutating func take(_ summary: ChunkSummary, upTo end: UInt64, isCompleted: Bool) -> Cut {
        drop(upTo: summary.offset)
        let bytes = pending.prefix(Int(clamping: end - min(end, pendingStart)))
        defer {
            drop(upTo: end)
            frames = []
            open = nil
        }
        return Cut(summary: summary, frames: frames, bytes: bytes, isCompleted: isCompleted)
    }

    private mutating func drop(upTo offset: UInt64) {
        guard offset > pendingStart else { return }
        pending.removeFirst(min(pending.count, Int(clamping: offset - pendingStart)))
        pendingStart = offset
    }
}
