/// Where an element stands in the input.
public struct ElementPosition: Sendable, Hashable {
    /// Offset of the first id byte.
    public var offset: UInt64
    /// Bytes of id and size field.
    public var headerLength: Int
    /// Bytes of payload; nil means unknown.
    public var size: UInt64?

    /// Offset behind the last byte; nil where the size is unknown or absurd.
    public var end: UInt64? {
        guard let size else { return nil }
        let (end, overflow) = (offset + UInt64(headerLength)).addingReportingOverflow(size)
        return overflow ? nil : end
    }
}

/// What the reader found, in the order of the input.
public enum SegmentEvent: Sendable, Hashable {
    /// A document begins: its EBML header has been read.
    case documentStart(DocumentHeader, ElementPosition)
    /// The Segment's own header has been read.
    case segmentStart(ElementPosition)
    /// Info is complete.
    case info(SegmentInfo, ElementPosition)
    /// Tracks is complete.
    case tracks([TrackEntry], ElementPosition)
    /// A Tags element is complete.
    case tags([Tag], ElementPosition)
    /// Another level-1 element, or padding, begins; its payload is passed over.
    case element(ElementID, ElementPosition)
    /// A Cluster begins.
    case clusterStart(ElementPosition)
    /// The Cluster's base time in ticks.
    case clusterTimestamp(UInt64)
    /// A frame is complete, in decode order; the offset is that of its block.
    case frame(EncodedFrame, offset: UInt64)
    /// The Cluster ended at this offset, by its size or by what came behind it.
    case clusterEnd(offset: UInt64)
    /// The Segment ended because the next document begins at this offset.
    case segmentEnd(offset: UInt64)
    /// Something is strange; the reader goes on.
    case warning(MatroskaError)
    /// The input is damaged: nothing more comes of this Cluster or header.
    case damage(MatroskaError)
}

/// Reads a run of Matroska documents as their bytes arrive.
///
/// ```
/// EBML header | Segment { Info, Tracks, Tags, ... | Cluster { Timestamp, SimpleBlock, ... } | Tags, ... } | EBML ...
/// ```
///
/// Any split of the input gives the same events, but for the offsets at which a call returns. Memory is bounded
/// by the budgets of `ReadingLimits` whatever sizes are declared, and grows with what has really arrived.
/// After damage inside or behind a Cluster the reader goes on at the next Cluster or EBML header; after damage
/// ahead of a document's first Cluster, where nothing that follows could be attributed, at the next EBML header.
///
/// Source: 06 MKV profile; RFC 8794; RFC 9559.
public struct SegmentReader: Sendable {
    /// Which element the next header is a child of.
    enum Context: Sendable, Hashable {
        /// Between documents.
        case outside
        /// Behind an EBML header, ahead of its Segment.
        case document
        /// Inside a Segment; it ends at the next EBML header, whatever size it declares.
        case segment
        /// Inside a Cluster.
        case cluster(ElementPosition)
    }

    /// What the next byte is part of.
    enum Phase: Sendable {
        case header
        case payload(ElementID, ElementPosition)
        case passOver(ElementPosition)
        case search
    }

    /// True where the CRC-32 elements of known-size masters are compared with their content.
    public let verifiesChecksums: Bool

    /// True where Tags may stand ahead of a document, as a producer sends them after an error; they are passed over.
    public let allowsLeadingTags: Bool

    /// True where the input may end between two elements ahead of the end that its Segment claims, as live muxers do.
    public let allowsShortSegment: Bool

    /// Bytes read so far: the offset of the next one.
    public internal(set) var offset: UInt64 = 0

    /// Offset behind the last element, or element header of a Segment or Cluster, that is complete.
    public var boundary: UInt64 {
        switch phase {
        case .header: offset - UInt64(pending.count)
        case .payload(_, let position), .passOver(let position): position.offset
        case .search: offset
        }
    }

    var context = Context.outside
    var phase = Phase.header
    /// The beginning of a header that is not complete, or the last bytes of a search.
    var pending: [UInt8] = []
    var payload: [UInt8] = []
    var passedOver: UInt64 = 0
    var segment: ElementPosition?
    var tracks: Set<UInt64> = []
    var hasSeenCluster = false
    var clusterTimestamp: UInt64?
    var clusterChecksum: (stored: UInt32, running: CRC32)?
    var isAtClusterStart = false
    var events: [SegmentEvent] = []

    /// Creates a reader at the start of an input.
    public init(
        verifiesChecksums: Bool = false,
        allowsLeadingTags: Bool = false,
        allowsShortSegment: Bool = false
    ) {
        self.verifiesChecksums = verifiesChecksums
        self.allowsLeadingTags = allowsLeadingTags
        self.allowsShortSegment = allowsShortSegment
    }

    /// Takes the next bytes of the input.
    ///
    /// - Returns: what they complete. Cost: one copy of each payload that is delivered.
    public mutating func read(_ input: Span<UInt8>) -> [SegmentEvent] {
        var index = 0
        while index < input.count {
            switch phase {
            case .header: readHeader(input, &index)
            case .payload(let id, let position): collect(id, position, input, &index)
            case .passOver(let position): passOver(position, input, &index)
            case .search: search(input, &index)
            }
        }
        defer { events = [] }
        return events
    }

    /// Ends the input.
    ///
    /// - Returns: the end of an open Cluster, or the damage where the input stops inside an element.
    public mutating func finish() -> [SegmentEvent] {
        if let error = truncation() {
            events.append(.damage(error))
        } else if case .cluster = context {
            endCluster()
        }
        context = .outside
        phase = .header
        defer { events = [] }
        return events
    }

    private func truncation() -> MatroskaError? {
        switch phase {
        case .search: return nil
        case .payload(let id, let position):
            return MatroskaError(.truncated, at: position.offset, "the input ends inside \(id)")
        case .passOver(let position):
            return MatroskaError(.truncated, at: position.offset, "the input ends inside an element")
        case .header:
            guard pending.isEmpty else {
                let start = offset - UInt64(pending.count)
                return MatroskaError(.truncated, at: start, "the input ends inside an element's id or size")
            }
        }
        switch context {
        case .outside:
            return offset == 0 ? MatroskaError(.empty, at: 0, "there is not one byte") : nil
        case .document:
            return MatroskaError(
                .truncated,
                at: offset,
                "the input ends behind an EBML header, ahead of its Segment"
            )
        case .cluster(let position) where position.size != nil && position.end != offset:
            return MatroskaError(.truncated, at: position.offset, "the input ends inside a Cluster")
        case .cluster, .segment:
            guard !allowsShortSegment, let segment, let size = segment.size else { return nil }
            let read = offset - segment.offset - UInt64(segment.headerLength)
            guard read < size else { return nil }
            return MatroskaError(
                .truncated,
                at: segment.offset,
                "the input ends \(size - read) bytes ahead of its Segment's end"
            )
        }
    }
}

// MARK: - Bytes

extension SegmentReader {
    private mutating func consume(_ bytes: Span<UInt8>) {
        offset += UInt64(bytes.count)
        clusterChecksum?.running.update(bytes)
    }

    private mutating func readHeader(_ input: Span<UInt8>, _ index: inout Int) {
        // A header that lies whole in the input needs no copy; one that is split is gathered byte by byte.
        let start = offset - UInt64(pending.count)
        do throws(MatroskaError) {
            let header: ElementHeader?
            if pending.isEmpty {
                let end = min(index + ElementHeader.maximumLength, input.count)
                header = try ElementHeader.parse(input.extracting(index..<end), at: start)
                let length = header?.length ?? end - index
                if header == nil { append(input.extracting(index..<end), to: &pending) }
                consume(input.extracting(index..<index + length))
                index += length
            } else {
                pending.append(input[index])
                consume(input.extracting(index..<index + 1))
                index += 1
                header = try ElementHeader.parse(pending.span, at: start)
            }
            guard let header else { return }
            pending = []
            let position = ElementPosition(offset: start, headerLength: header.length, size: header.size)
            try begin(header.id, position)
        } catch {
            fail(error)
        }
    }

    private mutating func collect(
        _ id: ElementID,
        _ position: ElementPosition,
        _ input: Span<UInt8>,
        _ index: inout Int
    ) {
        let missing = Int(position.size ?? 0) - payload.count
        let count = min(missing, input.count - index)
        append(input.extracting(index..<index + count), to: &payload)
        consume(input.extracting(index..<index + count))
        index += count
        if count == missing { complete(id, position) }
    }

    private mutating func passOver(_ position: ElementPosition, _ input: Span<UInt8>, _ index: inout Int) {
        let missing = (position.size ?? 0) - passedOver
        let count = Int(min(missing, UInt64(input.count - index)))
        consume(input.extracting(index..<index + count))
        passedOver += UInt64(count)
        index += count
        if UInt64(count) == missing {
            phase = .header
            endClusterBySize()
        }
    }

    /// Looks for the id of a Cluster or an EBML header; both have four bytes that media seldom holds.
    private mutating func search(_ input: Span<UInt8>, _ index: inout Int) {
        while index < input.count {
            pending.append(input[index])
            offset += 1
            index += 1
            if pending.count > 4 { pending.removeFirst() }
            let window = pending.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let isDocument = window == ElementID.ebml.rawValue
            guard isDocument || (hasSeenCluster && window == ElementID.cluster.rawValue) else { continue }
            context = isDocument ? .outside : .segment
            phase = .header
            return
        }
    }

    private func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
    }

    private mutating func fail(_ error: MatroskaError) {
        events.append(.damage(error))
        phase = .search
        pending = []
        payload = []
        clusterChecksum = nil
        clusterTimestamp = nil
        segment?.size = nil
    }
}

// MARK: - Elements

extension SegmentReader {
    /// Decides, from an element's id and place, what becomes of its payload.
    private mutating func begin(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError) {
        switch context {
        case .outside: try beginOutside(id, position)
        case .document: try beginInDocument(id, position)
        case .segment: try beginInSegment(id, position)
        case .cluster(let cluster): try begin(id, position, in: cluster)
        }
    }

    private mutating func beginOutside(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError) {
        switch id {
        case .ebml: try hold(id, position, limit: ReadingLimits.header)
        case .void: try skip(id, position)
        case .tags where allowsLeadingTags: try skip(id, position)
        default:
            throw MatroskaError(
                .noEBMLHeader,
                at: position.offset,
                "\(id) stands where an EBML header must begin a document"
            )
        }
    }

    private mutating func beginInDocument(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError)
    {
        switch id {
        case .segment:
            segment = position
            tracks = []
            hasSeenCluster = false
            context = .segment
            events.append(.segmentStart(position))
        case .void, .crc32: try skip(id, position)
        default:
            throw MatroskaError(.noSegment, at: position.offset, "\(id) stands where the Segment must begin")
        }
    }

    private mutating func beginInSegment(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError) {
        switch id {
        case .ebml:
            context = .outside
            events.append(.segmentEnd(offset: position.offset))
            try beginOutside(id, position)
        case .cluster:
            hasSeenCluster = true
            clusterTimestamp = nil
            clusterChecksum = nil
            isAtClusterStart = true
            context = .cluster(position)
            events.append(.clusterStart(position))
            endClusterBySize()
        case .info, .tracks, .tags: try hold(id, position, limit: ReadingLimits.levelOne)
        case .segment:
            throw MatroskaError(.misplaced, at: position.offset, "a second Segment without an EBML header")
        case .simpleBlock, .blockGroup, .block, .simpleTag, .tag, .trackEntry:
            throw MatroskaError(.misplaced, at: position.offset, "\(id) stands directly in the Segment")
        default: try skip(id, position)
        }
    }

    private mutating func begin(
        _ id: ElementID,
        _ position: ElementPosition,
        in cluster: ElementPosition
    ) throws(MatroskaError) {
        let endsCluster = ElementID.levelOne.contains(id) || id == .segment || id == .ebml
        if let end = cluster.end {
            guard !endsCluster else {
                throw MatroskaError(
                    .misplaced,
                    at: position.offset,
                    "\(id) stands inside a Cluster of known size"
                )
            }
            guard offset <= end else {
                throw MatroskaError(
                    .overrun,
                    at: position.offset,
                    "the header of \(id) ends behind its Cluster"
                )
            }
            if let size = position.size, size > end - offset {
                throw MatroskaError(
                    .overrun,
                    at: position.offset,
                    "\(id) claims \(size) bytes where its Cluster has \(end - offset) left"
                )
            }
        } else if endsCluster {
            endCluster(at: position.offset)
            return try beginInSegment(id, position)
        }
        switch id {
        case .simpleBlock, .blockGroup: try hold(id, position, limit: ReadingLimits.block)
        case .timestamp, .crc32: try hold(id, position, limit: ReadingLimits.clusterValue)
        default: try skip(id, position)
        }
        if id != .crc32 { isAtClusterStart = false }
    }

    private mutating func hold(_ id: ElementID, _ position: ElementPosition, limit: UInt64)
        throws(MatroskaError)
    {
        let size = try knownSize(id, position)
        guard size <= limit else {
            throw MatroskaError(
                .tooLarge,
                at: position.offset,
                "\(id) claims \(size) bytes, \(limit) are allowed"
            )
        }
        payload = []
        payload.reserveCapacity(Int(min(size, 1 << 20)))
        phase = .payload(id, position)
        if size == 0 { complete(id, position) }
    }

    private mutating func skip(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError) {
        let size = try knownSize(id, position)
        if case .cluster = context {} else { events.append(.element(id, position)) }
        passedOver = 0
        phase = size == 0 ? .header : .passOver(position)
        if size == 0 { endClusterBySize() }
    }

    private func knownSize(_ id: ElementID, _ position: ElementPosition) throws(MatroskaError) -> UInt64 {
        guard let size = position.size else {
            throw MatroskaError(.unknownSize, at: position.offset, "\(id) must have a known size")
        }
        return size
    }

    private mutating func complete(_ id: ElementID, _ position: ElementPosition) {
        phase = .header
        let bytes = payload
        payload = []
        do throws(MatroskaError) {
            if case .cluster = context {
                try completeInCluster(id, position, bytes)
                endClusterBySize()
            } else {
                try completeLevelOne(id, position, bytes)
            }
        } catch {
            fail(error)
        }
    }

    private mutating func completeLevelOne(
        _ id: ElementID,
        _ position: ElementPosition,
        _ bytes: [UInt8]
    ) throws(MatroskaError) {
        var master = MasterElement(bytes: bytes, offset: position.offset + UInt64(position.headerLength))
        switch id {
        case .ebml:
            let header = try master.decodeDocumentHeader(at: position.offset)
            context = .document
            segment = nil
            hasSeenCluster = false
            events.append(.documentStart(header, position))
        case .info: events.append(.info(try master.decodeInfo(), position))
        case .tracks:
            let entries = try master.decodeTracks()
            tracks = Set(entries.map(\.number))
            events.append(.tracks(entries, position))
        default: events.append(.tags(try master.decodeTags(), position))
        }
        if verifiesChecksums, master.isChecksumRight() == false {
            events.append(
                .warning(
                    MatroskaError(
                        .badCRC,
                        at: position.offset,
                        "the CRC-32 of \(id) does not fit its content"
                    )
                )
            )
        }
    }

    private mutating func completeInCluster(
        _ id: ElementID,
        _ position: ElementPosition,
        _ bytes: [UInt8]
    ) throws(MatroskaError) {
        switch id {
        case .timestamp:
            let master = MasterElement(bytes: bytes, offset: position.offset)
            let child = MasterElement.Child(id: id, offset: position.offset, payload: bytes.indices)
            let value = try master.unsigned(child)
            // Of two Timestamps the first counts.
            if clusterTimestamp == nil {
                clusterTimestamp = value
                events.append(.clusterTimestamp(value))
            }
        case .crc32:
            guard bytes.count == 4 else {
                throw MatroskaError(.badValue, at: position.offset, "CRC-32 has \(bytes.count) bytes, not 4")
            }
            if verifiesChecksums, isAtClusterStart, case .cluster(let cluster) = context, cluster.size != nil
            {
                let stored = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                clusterChecksum = (stored, CRC32())
            }
            isAtClusterStart = false
        default:
            try completeBlock(id, position, bytes)
        }
    }

    private mutating func completeBlock(
        _ id: ElementID,
        _ position: ElementPosition,
        _ bytes: [UInt8]
    ) throws(MatroskaError) {
        guard let clusterTimestamp else {
            throw MatroskaError(.noTimecode, at: position.offset, "a block ahead of its Cluster's Timestamp")
        }
        let parser = BlockParser(offset: position.offset, clusterTimestamp: clusterTimestamp)
        let frames: [EncodedFrame]
        if id == .simpleBlock {
            frames = try parser.frames(ofSimpleBlock: bytes)
        } else {
            var group = MasterElement(bytes: bytes, offset: position.offset + UInt64(position.headerLength))
            frames = try parser.frames(ofBlockGroup: &group)
        }
        if let track = frames.first?.track, !tracks.isEmpty, !tracks.contains(track) {
            events.append(
                .warning(
                    MatroskaError(.unknownTrack, at: position.offset, "no TrackEntry declares track \(track)")
                )
            )
        }
        events.append(contentsOf: frames.map { .frame($0, offset: position.offset) })
    }

    /// Ends a Cluster whose declared size has been used up.
    private mutating func endClusterBySize() {
        guard case .cluster(let cluster) = context, let end = cluster.end, offset >= end else { return }
        endCluster()
    }

    private mutating func endCluster(at end: UInt64? = nil) {
        guard case .cluster(let cluster) = context else { return }
        if let (stored, running) = clusterChecksum, running.value != stored {
            events.append(
                .warning(
                    MatroskaError(
                        .badCRC,
                        at: cluster.offset,
                        "the CRC-32 of a Cluster does not fit its content"
                    )
                )
            )
        }
        clusterChecksum = nil
        context = .segment
        events.append(.clusterEnd(offset: end ?? offset))
    }
}
