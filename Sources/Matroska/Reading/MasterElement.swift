/// A master element that lies complete in memory, and the walk over its children.
///
/// Only the level-1 elements and BlockGroups are held whole; Segment and Cluster stream through `SegmentReader`.
struct MasterElement {
    /// One child: where it stands and which of the bytes are its payload.
    struct Child {
        var id: ElementID
        /// Offset of its id in the input.
        var offset: UInt64
        /// Its payload as a range of the master's bytes.
        var payload: Range<Int>
    }

    /// The whole payload of the level-1 element.
    let bytes: [UInt8]
    /// Offset of the payload's first byte in the input.
    let offset: UInt64
    /// Elements that may still be visited; shields against floods of tiny ones.
    private(set) var remainingElements: Int

    init(bytes: [UInt8], offset: UInt64, budget: Int = ReadingLimits.elementsPerMaster) {
        self.bytes = bytes
        self.offset = offset
        remainingElements = budget
    }

    /// Calls `visit` for each child inside `range`, in order.
    ///
    /// - Throws: `.overrun` for a child or a child's header that ends behind `range`, `.unknownSize`, `.badID`,
    ///   `.badSize`, `.tooMany`, and what `visit` throws.
    mutating func forEachChild(
        in range: Range<Int>,
        _ visit: (inout MasterElement, Child) throws(MatroskaError) -> Void
    ) throws(MatroskaError) {
        var index = range.lowerBound
        while index < range.upperBound {
            let childOffset = offset + UInt64(index)
            guard remainingElements > 0 else {
                throw MatroskaError(
                    .tooMany,
                    at: childOffset,
                    "more than \(ReadingLimits.elementsPerMaster) elements"
                )
            }
            remainingElements -= 1
            let end = min(index + ElementHeader.maximumLength, range.upperBound)
            guard let header = try ElementHeader.parse(bytes.span.extracting(index..<end), at: childOffset)
            else {
                throw MatroskaError(
                    .overrun,
                    at: childOffset,
                    "an element header is cut off by the end of its parent"
                )
            }
            guard let size = header.size else {
                throw MatroskaError(.unknownSize, at: childOffset, "\(header.id) must have a known size")
            }
            let start = index + header.length
            guard size <= UInt64(range.upperBound - start) else {
                throw MatroskaError(
                    .overrun,
                    at: childOffset,
                    "\(header.id) claims \(size) bytes where its parent has \(range.upperBound - start) left"
                )
            }
            let payload = start..<start + Int(size)
            if header.id == .crc32, payload.count != 4 {
                throw MatroskaError(.badValue, at: childOffset, "CRC-32 has \(payload.count) bytes, not 4")
            }
            try visit(&self, Child(id: header.id, offset: childOffset, payload: payload))
            index = payload.upperBound
        }
    }

    /// Whether a CRC-32 that stands first fits the bytes behind it; nil where there is none.
    func isChecksumRight() -> Bool? {
        guard bytes.count >= 6, bytes[0] == 0xBF, bytes[1] == 0x84 else { return nil }
        let stored = (2..<6).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) }
        return CRC32.checksum(of: bytes.span.extracting(droppingFirst: 6)) == stored
    }

    /// An unsigned integer of 0 to 8 bytes; no byte means 0.
    func unsigned(_ child: Child) throws(MatroskaError) -> UInt64 {
        guard child.payload.count <= 8 else {
            throw MatroskaError(
                .badValue,
                at: child.offset,
                "\(child.id) has \(child.payload.count) bytes, at most 8 fit"
            )
        }
        return bytes[child.payload].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A signed integer of 0 to 8 bytes.
    func signed(_ child: Child) throws(MatroskaError) -> Int64 {
        let value = try unsigned(child)
        let unused = 64 - 8 * child.payload.count
        return unused == 64 ? 0 : Int64(bitPattern: value << UInt64(unused)) >> Int64(unused)
    }

    /// A float of 0, 4 or 8 bytes; no byte means 0.
    func float(_ child: Child) throws(MatroskaError) -> Double {
        let value = try unsigned(child)
        switch child.payload.count {
        case 0: return 0
        case 4: return Double(Float(bitPattern: UInt32(value)))
        case 8: return Double(bitPattern: value)
        default:
            throw MatroskaError(
                .badValue,
                at: child.offset,
                "\(child.id) has \(child.payload.count) bytes, not 0, 4 or 8"
            )
        }
    }

    /// Text up to the first NUL; bytes that are not UTF-8 become replacement characters.
    func string(_ child: Child) -> String {
        String(decoding: bytes[child.payload].prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// How much of each kind the reader holds before it calls the input damaged.
enum ReadingLimits {
    /// Bytes of an EBML header.
    static let header: UInt64 = 1 << 20
    /// Bytes of an Info, Tracks or Tags element.
    static let levelOne: UInt64 = 16 << 20
    /// Bytes of a SimpleBlock or BlockGroup.
    static let block: UInt64 = 64 << 20
    /// Bytes of any other child of a Cluster that is read.
    static let clusterValue: UInt64 = 64
    /// Elements inside one level-1 element; a real file in the wild needs 99,780.
    static let elementsPerMaster = 1 << 18
    /// Tracks of one segment.
    static let tracks = 1024
    /// Tags of one Tags element.
    static let tags = 1 << 16
    /// Masters inside each other.
    static let depth = 16
}
