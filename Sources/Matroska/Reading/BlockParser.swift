/// Takes blocks apart: track, time and flags in front, then one frame or a lace of frames.
///
/// ```
/// track (vint) | time (int16, relative to the Cluster) | flags | [lace sizes] | frame ...
/// ```
///
/// Source: RFC 9559, "Block Structure" and "Block Lacing".
struct BlockParser {
    /// What the front of a block says.
    struct Front {
        var track: UInt64
        var relativeTime: Int16
        var flags: UInt8
        /// Bytes ahead of the lace sizes or the frame.
        var length: Int

        var lacing: UInt8 { flags >> 1 & 0x03 }
    }

    /// Offset of the block element in the input, for errors.
    let offset: UInt64
    /// Timestamp of the Cluster in ticks.
    let clusterTimestamp: UInt64

    /// Takes a SimpleBlock apart.
    func frames(ofSimpleBlock payload: [UInt8]) throws(MatroskaError) -> [EncodedFrame] {
        let front = try front(of: payload.span)
        return try frames(payload, front: front, isKey: front.flags & 0x80 != 0, duration: nil)
    }

    /// Takes a BlockGroup apart: its one Block is a key frame unless it refers to another.
    func frames(ofBlockGroup group: inout MasterElement) throws(MatroskaError) -> [EncodedFrame] {
        var block: Range<Int>?
        var isKey = true
        var duration: UInt64?
        let groupOffset = offset
        try group.forEachChild(in: group.bytes.indices) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .block:
                guard block == nil else {
                    throw MatroskaError(.badBlock, at: groupOffset, "a BlockGroup with two Blocks")
                }
                block = child.payload
            case .referenceBlock: isKey = false
            case .blockDuration: duration = try master.unsigned(child)
            default: break
            }
        }
        guard let block else {
            throw MatroskaError(.badBlock, at: offset, "a BlockGroup without a Block")
        }
        let payload = Array(group.bytes[block])
        return try frames(payload, front: front(of: payload.span), isKey: isKey, duration: duration)
    }

    /// Reads track, time and flags.
    func front(of payload: Span<UInt8>) throws(MatroskaError) -> Front {
        guard let (track, length) = parseVariableSizeInteger(payload), let track, payload.count >= length + 3
        else {
            throw MatroskaError(
                .badBlock,
                at: offset,
                "a block of \(payload.count) bytes has no whole header"
            )
        }
        return Front(
            track: track,
            relativeTime: Int16(bitPattern: UInt16(payload[length]) << 8 | UInt16(payload[length + 1])),
            flags: payload[length + 2],
            length: length + 3
        )
    }

    private func frames(
        _ payload: [UInt8],
        front: Front,
        isKey: Bool,
        duration: UInt64?
    ) throws(MatroskaError) -> [EncodedFrame] {
        let (timecode, overflow) = Int64(bitPattern: clusterTimestamp)
            .addingReportingOverflow(Int64(front.relativeTime))
        guard !overflow, clusterTimestamp <= UInt64(Int64.max) else {
            throw MatroskaError(.badValue, at: offset, "the block's time does not fit 64 bits")
        }
        var frame = EncodedFrame(
            track: front.track,
            timecode: timecode,
            isKey: isKey,
            isInvisible: front.flags & 0x08 != 0,
            isDiscardable: front.flags & 0x01 != 0,
            duration: duration,
            data: []
        )
        if front.lacing == 0 {
            frame.data = payload
            frame.data.removeFirst(front.length)
            return [frame]
        }
        var frames: [EncodedFrame] = []
        for range in try laceRanges(payload.span, front: front) {
            frame.data = Array(payload[range])
            frames.append(frame)
        }
        return frames
    }

    /// Where the frames of a lace lie in its block.
    func laceRanges(_ payload: Span<UInt8>, front: Front) throws(MatroskaError) -> [Range<Int>] {
        var index = front.length
        guard index < payload.count else {
            throw MatroskaError(.badLacing, at: offset, "a lace without its number of frames")
        }
        let count = Int(payload[index]) + 1
        index += 1
        var sizes: [Int] = []
        switch front.lacing {
        case 1: sizes = try xiphSizes(payload, count: count, index: &index)
        case 3: sizes = try ebmlSizes(payload, count: count, index: &index)
        default:
            guard (payload.count - index) % count == 0 else {
                throw MatroskaError(
                    .badLacing,
                    at: offset,
                    "\(payload.count - index) bytes do not divide into \(count) frames"
                )
            }
            sizes = Array(repeating: (payload.count - index) / count, count: count - 1)
        }
        var ranges: [Range<Int>] = []
        for size in sizes {
            guard size <= payload.count - index else {
                throw MatroskaError(.badLacing, at: offset, "the sizes of a lace exceed its block")
            }
            ranges.append(index..<index + size)
            index += size
        }
        ranges.append(index..<payload.count)
        return ranges
    }

    /// Sizes of all frames but the last: bytes are added up until one is not 255.
    private func xiphSizes(_ payload: Span<UInt8>, count: Int, index: inout Int) throws(MatroskaError)
        -> [Int]
    {
        var sizes: [Int] = []
        for _ in 1..<max(count, 1) {
            var size = 0
            var byte: UInt8
            repeat {
                guard index < payload.count else {
                    throw MatroskaError(.badLacing, at: offset, "the sizes of a lace are cut off")
                }
                byte = payload[index]
                size += Int(byte)
                index += 1
            } while byte == 255
            sizes.append(size)
        }
        return sizes
    }

    /// Sizes of all frames but the last: a variable-size integer, then signed differences.
    private func ebmlSizes(_ payload: Span<UInt8>, count: Int, index: inout Int) throws(MatroskaError)
        -> [Int]
    {
        var sizes: [Int] = []
        var size: Int64 = 0
        for position in 0..<(count - 1) {
            guard let (value, length) = parseVariableSizeInteger(payload.extracting(droppingFirst: index)),
                let value
            else { throw MatroskaError(.badLacing, at: offset, "the sizes of a lace are cut off") }
            let bias = position == 0 ? 0 : Int64(1) << Int64(7 * length - 1) - 1
            // At most 56 value bits each and 255 of them: no overflow.
            size += Int64(value) - bias
            guard size >= 0, size <= Int64(payload.count) else {
                throw MatroskaError(.badLacing, at: offset, "a lace holds a frame of \(size) bytes")
            }
            sizes.append(Int(size))
            index += length
        }
        return sizes
    }
}
