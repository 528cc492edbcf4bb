public import Matroska

/// What a chunk says of itself besides its media.
public struct ChunkSummary: Sendable, Hashable {
    /// Offset of the chunk in the input.
    public var offset: UInt64
    /// The chunk's tracks; empty where it has none.
    public var tracks: [TrackEntry] = []
    /// Nanoseconds of one tick.
    public var timestampScale: UInt64 = 1_000_000
    /// All tags in document order, the service's included.
    public var tags: [Tag] = []
    /// False where the chunk is damaged or cut; its whole frames were delivered all the same.
    public var isComplete = true
    /// Clusters in the chunk; a fragment has exactly one.
    public var clusterCount = 0

    /// Text of the service's tag of this name, alternate spellings included; of several the last.
    public func text(of name: String) -> String? {
        tags.last { ($0.name == name || ServiceTags.alternateSpellings[$0.name] == name) && $0.text != nil }?
            .text
    }

    /// Number and clocks, where all three are there and legal.
    public var metadata: FragmentMetadata? {
        guard let number = text(of: ServiceTags.fragmentNumber).flatMap({ FragmentNumber($0) }),
            let server = text(of: ServiceTags.serverTimestamp).flatMap({ Timestamp(decimalSeconds: $0) }),
            let producer = text(of: ServiceTags.producerTimestamp).flatMap({ Timestamp(decimalSeconds: $0) })
        else { return nil }
        return FragmentMetadata(number: number, serverTimestamp: server, producerTimestamp: producer)
    }

    /// Milliseconds behind now when the chunk was sent.
    public var millisBehindNow: Int64? {
        text(of: ServiceTags.millisBehindNow).flatMap { Int64($0) }
    }

    /// True once the last tag of a GetMedia chunk has been read.
    public var hasContinuationToken: Bool {
        text(of: ServiceTags.continuationToken) != nil
    }

    /// The in-band error that this chunk is, where it is one.
    public var inBandError: InBandError? {
        guard let code = text(of: ServiceTags.errorCode) else { return nil }
        let number = text(of: ServiceTags.fragmentNumber).flatMap { FragmentNumber($0) }
        return InBandError(
            id: text(of: ServiceTags.errorID).flatMap { Int($0) },
            code: code,
            fragmentNumber: number
        )
    }
}

/// An error that the service sent in place of a chunk.
///
/// Source: 04 GetMedia, "Errors".
public struct InBandError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Its number, such as 3000.
    public var id: Int?
    /// Its name, such as `FRAGMENT_NOT_FOUND`.
    public var code: String
    /// The fragment it is about.
    public var fragmentNumber: FragmentNumber?

    /// Creates an error.
    public init(id: Int?, code: String, fragmentNumber: FragmentNumber? = nil) {
        self.id = id
        self.code = code
        self.fragmentNumber = fragmentNumber
    }

    /// Trouble with a key stays; anything else may go better at the next fragment.
    public var isRetryable: Bool {
        id.map { !(4500..<4600).contains($0) } ?? true
    }

    /// `FRAGMENT_NOT_FOUND (3000) for fragment #…0123456789`.
    public var description: String {
        let number = id.map { " (\($0))" } ?? ""
        return code + number + (fragmentNumber.map { " for fragment \($0.shortName)" } ?? "")
    }
}

/// What comes out of a run of chunks, in order.
public enum ChunkEvent: Sendable, Hashable {
    /// A chunk begins at this offset.
    case began(offset: UInt64)
    /// The media of the chunk begins: tracks and service tags stand ahead of the first Cluster.
    case mediaBegan(ChunkSummary)
    /// A frame, in decode order.
    case frame(EncodedFrame)
    /// The last tag of a GetMedia chunk has been read, up to this offset: nothing is missing, though padding may follow.
    case completed(ChunkSummary, end: UInt64)
    /// The chunk has ended.
    case ended(ChunkSummary)
    /// Something is strange; the chunk goes on.
    case warning(MatroskaError)
    /// The chunk is damaged; it ends, incomplete.
    case damage(MatroskaError)
}

/// Splits what GetMedia and GetMediaForFragmentList send, or a file, into chunks.
///
/// A chunk ends at the next EBML header, at the next service tag with a fragment number that follows a Cluster
/// (several chunks merged into one Segment), or at the end of the input.
///
/// Source: 04 GetMedia, "One chunk, in order"; 06 MKV profile, "Edge cases in the captures".
public struct ChunkReader: Sendable {
    private var reader: SegmentReader
    private var chunk: ChunkSummary?
    /// What a chunk merged into the Segment of another inherits.
    private var header = ChunkSummary(offset: 0)
    private var events: [ChunkEvent] = []

    /// Creates a reader at the start of an input.
    public init(verifiesChecksums: Bool = false) {
        reader = SegmentReader(verifiesChecksums: verifiesChecksums)
    }

    /// Bytes read so far.
    public var offset: UInt64 { reader.offset }

    /// Takes the next bytes.
    public mutating func read(_ bytes: Span<UInt8>) -> [ChunkEvent] {
        for event in reader.read(bytes) { take(event) }
        defer { events = [] }
        return events
    }

    /// Ends the input, and with it the open chunk.
    public mutating func finish() -> [ChunkEvent] {
        for event in reader.finish() { take(event) }
        end()
        defer { events = [] }
        return events
    }

    private mutating func take(_ event: SegmentEvent) {
        switch event {
        case .segmentEnd: end()
        case .documentStart(_, let position):
            end()
            header = ChunkSummary(offset: position.offset)
            begin(at: position.offset)
        case .info(let info, _):
            chunk?.timestampScale = info.timestampScale
            header.timestampScale = info.timestampScale
        case .tracks(let tracks, _):
            chunk?.tracks = tracks
            header.tracks = tracks
        case .tags(let tags, let position): take(tags, at: position)
        case .clusterStart(let position): beginCluster(at: position.offset)
        case .frame(let frame, _): events.append(.frame(frame))
        case .warning(let error): events.append(.warning(error))
        case .damage(let error):
            // Input that breaks before it begins a document is still a chunk, an incomplete one.
            if chunk == nil, error.kind != .empty { begin(at: error.offset) }
            chunk?.isComplete = false
            events.append(.damage(error))
        case .segmentStart, .element, .clusterTimestamp, .clusterEnd: break
        }
    }

    private mutating func take(_ tags: [Tag], at position: ElementPosition) {
        let namesFragment = tags.contains { $0.name == ServiceTags.fragmentNumber }
        if namesFragment, let chunk, chunk.clusterCount > 0, chunk.text(of: ServiceTags.fragmentNumber) != nil
        {
            end()
            begin(at: position.offset)
        }
        chunk?.tags.append(contentsOf: tags)
        if let chunk, tags.contains(where: { $0.name == ServiceTags.continuationToken }) {
            events.append(.completed(chunk, end: position.end ?? position.offset))
        }
    }

    private mutating func beginCluster(at offset: UInt64) {
        if chunk == nil { begin(at: offset) }
        chunk?.clusterCount += 1
        if let chunk, chunk.clusterCount == 1 { events.append(.mediaBegan(chunk)) }
    }

    private mutating func begin(at offset: UInt64) {
        var begun = header
        begun.offset = offset
        chunk = begun
        events.append(.began(offset: offset))
    }

    private mutating func end() {
        guard let chunk else { return }
        events.append(.ended(chunk))
        self.chunk = nil
    }
}
