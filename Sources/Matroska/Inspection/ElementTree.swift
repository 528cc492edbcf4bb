/// Every element of some bytes in the order in which they stand, damaged ones among them.
///
/// ```
/// EBML           @0
///   DocType      @24   matroska
/// Segment        @36
///   Cluster      @48
///     SimpleBlock
///   damaged      @700  size field of more than 8 bytes      goes on at the next Cluster
///   Cluster      @912
/// ```
/// Nothing is refused: what cannot be read is a row of its own, and reading resumes at the next Cluster or EBML
/// header. Cost: one pass, and at most `ElementTree.maximumRows` rows.
package struct ElementTree: Sendable, Hashable {
    /// One element, or bytes that are none.
    package struct Row: Sendable, Hashable {
        /// What it is; nil for bytes that are no element.
        package var id: ElementID?
        /// First byte.
        package var offset: Int
        /// Masters around it.
        package var level: Int
        /// Bytes of id and size.
        package var headerLength: Int
        /// Bytes of payload that it claims; nil where that is unknown.
        package var size: UInt64?
        /// The byte behind its last one that is there.
        package internal(set) var end: Int
        /// What it says, in words; empty for a master.
        package internal(set) var value = ""
        /// What is wrong with it: the rule and the words for it; nil where nothing is.
        package internal(set) var fault: String?
        /// True where it holds elements.
        package var isMaster = false

        /// The element's name.
        package var name: String { id?.description ?? "damaged" }
        /// Its payload, as far as it is there.
        package var payload: Range<Int> { min(offset + headerLength, end)..<end }
    }

    /// A block and the frames in it.
    package struct Block: Sendable, Hashable {
        /// Its row.
        package var row: Int
        /// Number of the track.
        package var track: UInt64
        /// Ticks: the Cluster's Timestamp and the block's own time.
        package var time: Int64
        /// True where a decoder can start.
        package internal(set) var isKey: Bool
        /// Where its frames lie.
        package var frames: [Range<Int>]
    }

    /// Rows of the largest tree; what comes behind is left out, and a last row says so.
    package static let maximumRows = 1 << 17

    /// The elements, a master ahead of what it holds.
    package private(set) var rows: [Row] = []
    /// The blocks that can be read, in order.
    package private(set) var blocks: [Block] = []

    private var stack: [Master] = []
    private var clusterTimestamp: UInt64 = 0
    private var groupRefersBack = false
    private let isCut: Bool

    private struct Master: Hashable {
        var row: Int
        var id: ElementID
        var end: Int
        /// True where its size is not known, or not to be trusted: another element may end it.
        var isOpen: Bool
    }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - isCut: True where more would follow that was not read: what reaches beyond the end is no fault then.
    package init(_ bytes: [UInt8], isCut: Bool = false) {
        self.isCut = isCut
        var index = 0
        while index < bytes.count {
            guard rows.count < Self.maximumRows else {
                let error = MatroskaError(.tooMany, at: UInt64(index), "more than \(rows.count) elements")
                addDamage(error, from: index, to: bytes.count)
                break
            }
            close(upTo: index)
            do {
                index = try enter(bytes, at: index)
            } catch {
                let limit = min(stack.last?.end ?? bytes.count, bytes.count)
                let end = Self.nextPart(of: bytes, in: index + 1..<limit)
                addDamage(error, from: index, to: end)
                leave(for: bytes, at: end)
                index = end
            }
        }
        close(upTo: .max)
        for row in rows.indices { rows[row].end = min(rows[row].end, bytes.count) }
    }

    /// The innermost row that holds a byte; nil where none does.
    package func row(at offset: Int) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        var candidate = low - 1
        while candidate >= 0, rows[candidate].end <= offset {
            guard let outer = parent(of: candidate) else { return nil }
            candidate = outer
        }
        return candidate >= 0 ? candidate : nil
    }

    /// The master that holds a row; nil at the top.
    package func parent(of row: Int) -> Int? {
        let level = rows[row].level
        return level == 0 ? nil : rows[..<row].lastIndex { $0.level < level }
    }

    // MARK: Reading

    /// Reads the element at a place; returns where the next one is.
    private mutating func enter(_ bytes: [UInt8], at index: Int) throws(MatroskaError) -> Int {
        var limit = min(stack.last?.end ?? bytes.count, bytes.count)
        let front = bytes.span.extracting(index..<min(index + ElementHeader.maximumLength, limit))
        guard let header = try ElementHeader.parse(front, at: UInt64(index)) else {
            let isLast = limit == bytes.count
            if isCut, isLast { return bytes.count }
            throw MatroskaError(
                isLast ? .truncated : .overrun,
                at: UInt64(index),
                "an element header is cut off by the end of \(isLast ? "the input" : "its parent")"
            )
        }
        while let master = stack.last, master.isOpen, !Self.mayHold(master.id, header.id) {
            rows[master.row].end = index
            stack.removeLast()
            limit = min(stack.last?.end ?? bytes.count, bytes.count)
        }
        let form = ElementForm(header.id)
        guard header.size != nil || header.id == .segment || header.id == .cluster else {
            throw MatroskaError(.unknownSize, at: UInt64(index), "\(header.id) must have a known size")
        }
        var row = Row(
            id: header.id,
            offset: index,
            level: stack.count,
            headerLength: header.length,
            size: header.size,
            end: limit,
            isMaster: form == .master
        )
        let start = index + header.length
        let isWhole = header.size.map { $0 <= UInt64(limit - start) }
        if let size = header.size, isWhole == true { row.end = start + Int(size) }
        var isCutOff = false
        if let size = header.size, isWhole == false {
            // A size that is wrong says nothing about where the next element stands.
            if form != .master { row.end = Self.nextPart(of: bytes, in: start..<limit) }
            isCutOff = isCut && limit == bytes.count && row.end == limit
            if !isCutOff {
                row.fault = Self.overrun(
                    header.id,
                    size,
                    at: index,
                    room: limit - start,
                    limit == bytes.count
                )
            }
        }
        if form == .master, stack.count >= ReadingLimits.depth {
            throw MatroskaError(.tooDeep, at: UInt64(index), "\(stack.count) masters inside each other")
        }
        row.value = form.words(bytes[row.payload], of: header.id)
        rows.append(row)
        if form == .master {
            if header.id == .blockGroup { groupRefersBack = false }
            if header.id == .cluster { clusterTimestamp = 0 }
            stack.append(Master(row: rows.count - 1, id: header.id, end: row.end, isOpen: isWhole != true))
            return start
        }
        if !isCutOff { note(bytes, row) }
        if isWhole == false { leave(for: bytes, at: row.end) }
        return row.end
    }

    /// Takes in what blocks are put together from.
    private mutating func note(_ bytes: [UInt8], _ row: Row) {
        switch row.id {
        case .timestamp?:
            clusterTimestamp = bytes[row.payload].suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
        case .referenceBlock?:
            groupRefersBack = true
            let group = stack.last?.row ?? .max
            if let last = blocks.last, last.row > group { blocks[blocks.count - 1].isKey = false }
        case .simpleBlock?, .block?: noteBlock(bytes, row)
        default: break
        }
    }

    private mutating func noteBlock(_ bytes: [UInt8], _ row: Row) {
        let parser = BlockParser(offset: UInt64(row.offset), clusterTimestamp: clusterTimestamp)
        let payload = bytes.span.extracting(row.payload)
        do {
            let front = try parser.front(of: payload)
            let start = row.payload.lowerBound
            let ranges =
                front.lacing == 0
                ? [front.length..<row.payload.count] : try parser.laceRanges(payload, front: front)
            let isKey = row.id == .simpleBlock ? front.flags & 0x80 != 0 : !groupRefersBack
            let time = Int64(truncatingIfNeeded: clusterTimestamp) &+ Int64(front.relativeTime)
            let lace = ranges.count > 1 ? "  \(ranges.count) frames" : ""
            let sign = front.relativeTime < 0 ? "" : "+"
            rows[rows.count - 1].value =
                "track \(front.track)  \(sign)\(front.relativeTime)\(isKey ? "  key" : "")\(lace)"
            blocks.append(
                Block(
                    row: rows.count - 1,
                    track: front.track,
                    time: time,
                    isKey: isKey,
                    frames: ranges.map { start + $0.lowerBound..<start + $0.upperBound }
                )
            )
        } catch {
            if rows[rows.count - 1].fault == nil { rows[rows.count - 1].fault = Self.words(error) }
        }
    }

    private mutating func close(upTo index: Int) {
        while let master = stack.last, master.end <= index || index == .max {
            rows[master.row].end = master.end
            stack.removeLast()
        }
    }

    /// Leaves the masters that what stands at a place cannot be inside of.
    private mutating func leave(for bytes: [UInt8], at index: Int) {
        guard index < bytes.count,
            let header = try? ElementHeader.parse(bytes.span.extracting(index...), at: 0)
        else { return }
        let isPart = header.id == .cluster || header.id == .ebml
        while isPart, let master = stack.last, header.id == .ebml || master.id != .segment {
            rows[master.row].end = min(master.end, index)
            stack.removeLast()
        }
    }

    private mutating func addDamage(_ error: MatroskaError, from start: Int, to end: Int) {
        var row = Row(offset: start, level: stack.count, headerLength: 0, size: nil, end: end)
        row.fault = Self.words(error)
        rows.append(row)
    }

    /// Puts what a stricter reader says of an element on its row.
    mutating func note(_ error: MatroskaError) {
        // What is missing at the end is said of the last that is there.
        let offset = min(Int(clamping: error.offset), (rows.map(\.end).max() ?? 0) - 1)
        guard let row = row(at: offset), rows[row].fault == nil else { return }
        rows[row].fault = Self.words(error)
    }

    // MARK: Rules

    /// Whether an element may stand in a master whose end is not known.
    private static func mayHold(_ master: ElementID, _ id: ElementID) -> Bool {
        if id == .ebml || id == .segment { return false }
        return master == .segment || !ElementID.levelOne.contains(id)
    }

    /// The next place in a range where a Cluster or a document seems to begin; its end where there is none.
    ///
    /// No look behind the range: what is passed over is not looked at again, whatever is damaged how often.
    private static func nextPart(of bytes: [UInt8], in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index + 4 <= range.upperBound {
            let (first, second) = (bytes[index], bytes[index + 1])
            if first == 0x1F, second == 0x43, bytes[index + 2] == 0xB6, bytes[index + 3] == 0x75 {
                return index
            }
            if first == 0x1A, second == 0x45, bytes[index + 2] == 0xDF, bytes[index + 3] == 0xA3 {
                return index
            }
            index += 1
        }
        return range.upperBound
    }

    private static func overrun(_ id: ElementID, _ size: UInt64, at index: Int, room: Int, _ isLast: Bool)
        -> String
    {
        let place = isLast ? "the input" : "its parent"
        let error = MatroskaError(
            isLast ? .truncated : .overrun,
            at: UInt64(index),
            "\(id) claims \(size) bytes where \(place) has \(room) left"
        )
        return words(error)
    }

    private static func words(_ error: MatroskaError) -> String { "\(error.kind.rawValue): \(error.detail)" }
}
