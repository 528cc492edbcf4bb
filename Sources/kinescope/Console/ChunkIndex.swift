import KinesisVideo
import Matroska
import Monitor

/// Where the chunks of a file begin and end, while it streams by.
struct ChunkIndex {
    /// Where the file ends, as far as it is known: a chunk that is still open is asked for up to there.
    var fileEnd: UInt64 = 0

    private var reader = ChunkReader()
    private var chunks: [Chunk] = []
    private var count = 0
    private var open: OpenChunk?
    private let pattern: TagPattern?

    /// Bytes from which on a chunk is listed while it is still open: a recording of hours is one chunk.
    private static let longChunk: UInt64 = 8 << 20

    /// Begins; with a pattern, only chunks with such a tag are kept.
    init(pattern: TagPattern? = nil) {
        self.pattern = pattern
    }

    private struct Chunk {
        var range: Range<UInt64>
        var size: Int
        var metadata: FragmentMetadata?
        /// Last block time less first block time in milliseconds.
        var length: Int64
    }

    private struct OpenChunk {
        var start: UInt64
        var summary: ChunkSummary?
        /// Least and greatest time of its frames in ticks.
        var times: ClosedRange<Int64>?

        /// Last block time less first block time in milliseconds; 0 where that is nonsense.
        var length: Int64 {
            guard let times, let summary else { return 0 }
            let ticks = Double(times.upperBound) - Double(times.lowerBound)
            return Int64(exactly: (ticks * Double(summary.timestampScale) / 1e6).rounded()) ?? 0
        }
    }

    mutating func read(_ bytes: [UInt8]) {
        for event in reader.read(bytes.span) { take(event) }
    }

    mutating func finish() {
        for event in reader.finish() { take(event) }
        end(at: reader.offset)
    }

    /// The table: chunks in the order of the file, a long one that is still open among them.
    var lines: [InspectorLine] {
        var chunks = chunks
        if pattern == nil, let open, reader.offset >= open.start + Self.longChunk {
            chunks.append(
                Chunk(
                    range: open.start..<max(fileEnd, reader.offset),
                    size: Int(clamping: reader.offset - open.start),
                    metadata: open.summary?.metadata,
                    length: open.length
                )
            )
        }
        return Self.timeline(of: chunks) ?? chunks.map { .fragment(Self.fragment($0)) }
    }

    func findings(_ pattern: TagPattern, isOver: Bool) -> TagFindings {
        var findings = TagFindings(pattern)
        findings.fragments = chunks.map(Self.fragment)
        (findings.searched, findings.isOver) = (count, isOver)
        return findings
    }

    /// The lines with what lies between the chunks; nil unless all are fragments, in their order.
    private static func timeline(of chunks: [Chunk]) -> [InspectorLine]? {
        var listing: [FragmentInfo] = []
        var ranges: [FragmentNumber: Range<UInt64>] = [:]
        for chunk in chunks {
            guard let metadata = chunk.metadata, listing.last.map({ $0.number < metadata.number }) ?? true
            else { return nil }
            listing.append(FragmentInfo(metadata: metadata, size: chunk.size, length: chunk.length))
            ranges[metadata.number] = chunk.range
        }
        return InspectorLine.lines(of: listing).map { line in
            guard case .fragment(var fragment) = line, let number = fragment.metadata?.number,
                let range = ranges[number]
            else { return line }
            fragment.id = .bytes(range)
            return .fragment(fragment)
        }
    }

    private static func fragment(_ chunk: Chunk) -> InspectedFragment {
        InspectedFragment(
            id: .bytes(chunk.range),
            metadata: chunk.metadata,
            duration: chunk.length > 0 ? chunk.length : nil,
            size: chunk.size
        )
    }

    private mutating func take(_ event: ChunkEvent) {
        switch event {
        case .began(let offset):
            end(at: offset)
            open = OpenChunk(start: offset)
        case .mediaBegan(let summary), .ended(let summary): open?.summary = summary
        case .frame(let frame):
            let time = frame.timecode
            let times = open?.times ?? time...time
            open?.times = min(times.lowerBound, time)...max(times.upperBound, time)
        case .completed, .warning, .damage: break
        }
    }

    private mutating func end(at offset: UInt64) {
        defer { open = nil }
        guard let open, open.start < offset else { return }
        count += 1
        if let pattern, !pattern.fits(open.summary?.tags ?? []) { return }
        chunks.append(
            Chunk(
                range: open.start..<offset,
                size: Int(clamping: offset - open.start),
                metadata: open.summary?.metadata,
                length: open.length
            )
        )
    }
}
