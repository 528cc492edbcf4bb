public import KinesisVideo
import Matroska
public import NIOCore

/// Turns the body of one PutMedia request into fragments.
///
/// ```
/// EBML | Segment { Info, Tracks, Tags | Cluster 1 | Tags | Cluster 2 | ... }
/// └─ header, repeated in each chunk ─┘└─ chunk 1 ───────┘└─ chunk 2 ...
/// ```
///
/// A value without I/O: bytes in, actions out. After a failure it gives nothing more.
/// Source: 03 PutMedia, "MKV rules"; 06 MKV profile.
public struct PutMediaIngest: Sendable {
    /// What the caller does next, in this order.
    public enum Action: Sendable, Hashable {
        /// A Cluster has begun: allocate a number and note the time.
        case begin
        /// The Cluster's time is known: readers may see the fragment, behind this header.
        case announce(timecode: UInt64, producerTimestamp: Timestamp, header: ByteBuffer)
        /// Whole elements of the fragment.
        case append(ByteBuffer)
        /// The fragment is complete and sound; its length is in milliseconds.
        case complete(length: Int64, frameCount: Int)
        /// The Cluster was no fragment: it has no frames, and no track misses them.
        case discard
        /// Nothing more will be taken; the fragment under way, where there is one, is lost.
        ///
        /// With the time of its Cluster where the fragment has not been announced.
        case fail(IngestionError, detail: String, timecode: UInt64? = nil)
    }

    /// How the producer counts time.
    public enum TimecodeType: String, Sendable, Hashable {
        /// Cluster times count from the producer's start timestamp.
        case relative = "RELATIVE"
        /// Cluster times are the time of day.
        case absolute = "ABSOLUTE"
    }

    private enum Phase {
        case header, fragment, betweenFragments, done
    }

    /// Most bytes ahead of the first Cluster; they are held until it begins.
    private static let headerLimit = 32 << 20

    /// Most bytes of an element's identifier and size that make no whole head.
    private static let partOfHead: UInt64 = 11

    private let timecodeType: TimecodeType
    private let startTimestamp: Timestamp
    private var reader = SegmentReader(allowsLeadingTags: true, allowsShortSegment: true)
    private var window = BodyWindow()
    private var phase = Phase.header
    private var header = HeaderComposition()
    private var timestampScale: UInt64 = 1_000_000
    private var tracks: Set<UInt64>?
    private var fragment = FragmentMeasure(start: 0)
    /// First byte of the fragment that has not been given out.
    private var cursor: UInt64 = 0
    /// Latest block time of the fragment before, in nanoseconds.
    private var previousEnd: Int128?
    private var actions: [Action] = []

    /// Creates the state of a connection that has just been accepted.
    ///
    /// - Parameters:
    ///   - timecodeType: how Cluster times are meant.
    ///   - startTimestamp: the producer's start; it counts for relative times only.
    public init(timecodeType: TimecodeType, startTimestamp: Timestamp) {
        self.timecodeType = timecodeType
        self.startTimestamp = startTimestamp
    }

    /// Takes the next bytes of the body.
    public mutating func read(_ buffer: ByteBuffer) -> [Action] {
        guard phase != .done else { return [] }
        window.append(buffer)
        for event in reader.read(buffer.readableBytesUInt8Span) where phase != .done { take(event) }
        switch phase {
        case .fragment:
            emit(upTo: reader.boundary)
            // The last bytes may be the head of the next Cluster.
            checkSize(upTo: max(reader.boundary, reader.offset - min(reader.offset, Self.partOfHead)))
            window.drop(upTo: cursor)
        case .header:
            if window.length > Self.headerLimit {
                fail(.invalidMedia, "more than \(Self.headerLimit) bytes of header")
            }
        case .betweenFragments: window.drop(upTo: reader.boundary)
        case .done: break
        }
        defer { actions = [] }
        return actions
    }

    /// Ends the body, and with it the open fragment where that is whole.
    public mutating func finish() -> [Action] {
        guard phase != .done else { return [] }
        // A body of nothing, or of nothing but Tags, is quiet: a producer sends one after an error.
        for event in reader.finish() where phase != .done {
            if case .damage(let error) = event, error.kind == .empty { break }
            take(event)
        }
        if phase == .fragment {
            emit(upTo: reader.offset)
            completeFragment()
        }
        phase = .done
        defer { actions = [] }
        return actions
    }
}

// MARK: - Events

extension PutMediaIngest {
    private mutating func take(_ event: SegmentEvent) {
        switch event {
        case .documentStart(_, let position):
            guard phase == .header, header.documentStart == nil else {
                return fail(.invalidMedia, "a second EBML header at byte \(position.offset)")
            }
            header.documentStart = position.offset
        case .segmentStart(let position): header.segment = position
        case .info(let info, let position): take(info, at: position)
        case .tracks(let entries, let position): take(entries, at: position)
        case .tags(let tags, let position): take(tags, at: position)
        case .clusterStart(let position): beginFragment(at: position.offset)
        case .clusterTimestamp(let timecode): announce(timecode)
        case .frame(let frame, let offset): take(frame, at: offset)
        case .damage(let error): fail(ingestionError(error), "\(error)")
        case .element(let id, let position):
            // Only Tags may stand ahead of the EBML header.
            guard header.documentStart == nil, id != .tags else { return }
            fail(.invalidMedia, "\(id) ahead of the EBML header at byte \(position.offset)")
        // A track that is not declared is refused with its frame.
        case .clusterEnd, .segmentEnd, .warning: break
        }
    }

    /// What the service calls a damage.
    private func ingestionError(_ error: MatroskaError) -> IngestionError {
        // No element of a fragment may be larger than a fragment.
        if phase == .fragment, error.kind == .tooLarge { return .fragmentTooLarge }
        if phase == .header, error.kind == .tooMany, error.element == .tracks { return .tooManyTracks }
        return .invalidMedia
    }

    private mutating func take(_ info: SegmentInfo, at position: ElementPosition) {
        // The header of the chunks, which is written by then, holds the scale that their times are read with.
        guard phase == .header || info.timestampScale == timestampScale else {
            return fail(.invalidMedia, "another TimestampScale behind a Cluster at byte \(position.offset)")
        }
        timestampScale = info.timestampScale
    }

    private mutating func take(_ entries: [TrackEntry], at position: ElementPosition) {
        guard phase == .header else {
            return fail(.invalidMedia, "Tracks behind a Cluster at byte \(position.offset)")
        }
        guard entries.count <= ServiceLimits.tracks else {
            return fail(
                .tooManyTracks,
                "\(entries.count) tracks, at most \(ServiceLimits.tracks) are allowed"
            )
        }
        tracks = Set(entries.map(\.number))
        header.hasTracks = true
    }

    private mutating func take(_ tags: [Tag], at position: ElementPosition) {
        let endsFragment = tags.contains { $0.name == ServiceTags.endOfFragment }
        let end = position.end ?? position.offset
        switch phase {
        case .header: header.noteTags(position.offset..<end, isDropped: endsFragment)
        case .fragment:
            if let problem = fragment.takeMetadata(tags) { return fail(.metadataLimit, problem) }
            guard endsFragment else { return }
            emit(upTo: position.offset)
            cursor = end
            let others = tags.filter { $0.name != ServiceTags.endOfFragment }
            if !others.isEmpty, fragment.isAnnounced {
                actions.append(.append(ByteBuffer(bytes: SegmentWriter.tags(others))))
            }
            completeFragment()
            if phase != .done { phase = .betweenFragments }
        case .betweenFragments, .done: break
        }
    }

    private mutating func beginFragment(at offset: UInt64) {
        guard tracks != nil else {
            return fail(.invalidMedia, "a Cluster ahead of any Tracks at byte \(offset)")
        }
        if phase == .header {
            header.compose(from: window, upTo: offset)
        } else if phase == .fragment {
            emit(upTo: offset)
            completeFragment()
        }
        guard phase != .done else { return }
        phase = .fragment
        fragment = FragmentMeasure(start: offset)
        cursor = offset
        actions.append(.begin)
    }

    private mutating func announce(_ timecode: UInt64) {
        // The product of two numbers of 64 bits may need all 128.
        let ticks = Int128(UInt128(timecode) * UInt128(timestampScale) / 1_000_000)
        let origin = timecodeType == .relative ? Int128(startTimestamp.milliseconds) : 0
        guard origin >= 0 else {
            let words = "the producer's start timestamp is before 1970"
            return fail(.invalidProducerTimestamp, words, timecode: timecode)
        }
        guard let milliseconds = Int64(exactly: ticks + origin), milliseconds >= 0,
            milliseconds < ServiceLimits.endOfTime.milliseconds
        else {
            return fail(
                .invalidProducerTimestamp,
                "Cluster timecode \(timecode) gives no time from 1970 to 2099",
                timecode: timecode
            )
        }
        fragment.isAnnounced = true
        let timestamp = Timestamp(milliseconds: milliseconds)
        actions.append(.announce(timecode: timecode, producerTimestamp: timestamp, header: header.next()))
    }

    private mutating func take(_ frame: EncodedFrame, at offset: UInt64) {
        guard tracks?.contains(frame.track) == true else {
            return fail(.trackMismatch, "no TrackEntry declares track \(frame.track)")
        }
        let time = Int128(frame.timecode) * Int128(timestampScale)
        if fragment.frameCount == 0, let previousEnd, time <= previousEnd {
            return fail(
                .timecodeNotIncreasing,
                "the fragment's first block is not later than the last one before it"
            )
        }
        fragment.take(track: frame.track, time: time)
        if fragment.length > ServiceLimits.fragmentMilliseconds {
            fail(
                .fragmentTooLong,
                "more than \(ServiceLimits.fragmentMilliseconds / 1000) s between first and last block"
            )
        }
    }
}

// MARK: - Actions

extension PutMediaIngest {
    /// Gives out what of the fragment has not been given out yet.
    private mutating func emit(upTo end: UInt64) {
        guard phase == .fragment, fragment.isAnnounced, end > cursor else { return }
        actions.append(.append(window.slice(cursor..<end)))
        cursor = end
    }

    private mutating func checkSize(upTo end: UInt64) {
        guard end - fragment.start > UInt64(ServiceLimits.fragmentBytes) else { return }
        fail(.fragmentTooLarge, "a fragment has more than \(ServiceLimits.fragmentBytes) bytes")
    }

    /// Judges the fragment that has been given out up to `cursor`.
    private mutating func completeFragment() {
        checkSize(upTo: cursor)
        guard phase != .done else { return }
        let missing = (tracks ?? []).subtracting(fragment.tracks)
        if let track = missing.min() {
            return fail(.framesMissing, "the fragment has no frame of track \(track)")
        }
        if fragment.frameCount == 0 {
            actions.append(.discard)
        } else {
            previousEnd = fragment.latest
            actions.append(.complete(length: fragment.length, frameCount: fragment.frameCount))
        }
    }

    private mutating func fail(_ error: IngestionError, _ detail: String, timecode: UInt64? = nil) {
        guard phase != .done else { return }
        phase = .done
        actions.append(.fail(error, detail: detail, timecode: timecode))
    }
}

/// What has to be known of a fragment before it can be judged.
private struct FragmentMeasure {
    /// Offset of its Cluster.
    let start: UInt64
    var isAnnounced = false
    private(set) var frameCount = 0
    private(set) var tracks: Set<UInt64> = []
    private var earliest: Int128 = 0
    /// Latest block time in nanoseconds.
    private(set) var latest: Int128 = 0
    private var metadataCount = 0

    init(start: UInt64) {
        self.start = start
    }

    /// Last block time less first block time in milliseconds.
    var length: Int64 {
        Int64(clamping: (latest - earliest) / 1_000_000)
    }

    mutating func take(track: UInt64, time: Int128) {
        earliest = frameCount == 0 ? time : min(earliest, time)
        latest = frameCount == 0 ? time : max(latest, time)
        frameCount += 1
        tracks.insert(track)
    }

    /// Counts metadata items; file tags of a muxer have Targets and never count.
    ///
    /// - Returns: what breaks a limit, for people.
    mutating func takeMetadata(_ tags: [Tag]) -> String? {
        for tag in tags where !tag.hasTargets && !ServiceTags.fromProducers.contains(tag.name) {
            metadataCount += 1
            let valueLength =
                switch tag.value {
                case .string(let text): text.utf8.count
                case .binary(let bytes): bytes.count
                case .missing: 0
                }
            if metadataCount > ServiceLimits.metadataItems {
                return "more than \(ServiceLimits.metadataItems) items"
            }
            if tag.name.utf8.count > ServiceLimits.metadataNameBytes {
                return "a name of \(tag.name.utf8.count) bytes"
            }
            if valueLength > ServiceLimits.metadataValueBytes { return "a value of \(valueLength) bytes" }
            if tag.name.hasPrefix("AWS") { return "a name that begins with AWS" }
        }
        return nil
    }
}
