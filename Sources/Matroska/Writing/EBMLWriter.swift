/// Appends elements to a run of bytes.
///
/// Sizes are written in the length asked for; 4 bytes for masters and 8 for blocks are what the service and its
/// producers use. Source: RFC 8794.
public struct EBMLWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Creates a writer with nothing written.
    public init() {}

    /// Starts with room for `capacity` bytes.
    public init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an element with bytes as its payload.
    ///
    /// - Parameters:
    ///   - id: which element.
    ///   - payload: its content.
    ///   - sizeLength: bytes of the size field; nil takes the fewest.
    public mutating func write(_ id: ElementID, _ payload: [UInt8], sizeLength: Int? = nil) {
        writeHeader(id, size: payload.count, sizeLength: sizeLength)
        bytes.append(contentsOf: payload)
    }

    /// Writes text.
    public mutating func write(_ id: ElementID, _ text: String, sizeLength: Int? = nil) {
        writeHeader(id, size: text.utf8.count, sizeLength: sizeLength)
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes an unsigned integer in `length` bytes; nil takes the fewest, at least one.
    public mutating func write(_ id: ElementID, _ value: UInt64, length: Int? = nil) {
        let length = length ?? max(1, (64 - value.leadingZeroBitCount + 7) / 8)
        writeHeader(id, size: length, sizeLength: nil)
        appendBigEndian(value, length: length)
    }

    /// Writes a float of 8 bytes.
    public mutating func writeFloat(_ id: ElementID, _ value: Double) {
        write(id, value.bitPattern, length: 8)
    }

    /// Writes a master element around what `content` writes.
    public mutating func write(_ id: ElementID, sizeLength: Int = 4, _ content: (inout EBMLWriter) -> Void) {
        var inner = EBMLWriter()
        content(&inner)
        write(id, inner.bytes, sizeLength: sizeLength)
    }

    /// Writes id and unknown size of a master that what follows belongs to.
    ///
    /// - Parameters:
    ///   - id: which element.
    ///   - sizeLength: 1 writes `FF`, 8 writes `01 FF FF FF FF FF FF FF`.
    public mutating func beginUnknownSize(_ id: ElementID, sizeLength: Int = 1) {
        appendBigEndian(UInt64(id.rawValue), length: id.length)
        appendBigEndian((UInt64(1) << UInt64(7 * sizeLength + 1)) - 1, length: sizeLength)
    }

    /// Writes a SimpleBlock of one frame.
    ///
    /// - Parameters:
    ///   - frame: its `timecode` is ignored.
    ///   - relativeTime: ticks since the Cluster's Timestamp.
    ///   - sizeLength: bytes of the size field.
    public mutating func writeSimpleBlock(_ frame: EncodedFrame, relativeTime: Int16, sizeLength: Int = 8) {
        let trackLength = Self.sizeLength(of: frame.track)
        writeHeader(.simpleBlock, size: trackLength + 3 + frame.data.count, sizeLength: sizeLength)
        appendVariableSize(frame.track, length: trackLength)
        appendBigEndian(UInt64(UInt16(bitPattern: relativeTime)), length: 2)
        bytes.append(
            (frame.isKey ? 0x80 : 0) | (frame.isInvisible ? 0x08 : 0) | (frame.isDiscardable ? 0x01 : 0)
        )
        bytes.append(contentsOf: frame.data)
    }

    private mutating func writeHeader(_ id: ElementID, size: Int, sizeLength: Int?) {
        appendBigEndian(UInt64(id.rawValue), length: id.length)
        appendVariableSize(UInt64(size), length: sizeLength ?? Self.sizeLength(of: UInt64(size)))
    }

    private mutating func appendVariableSize(_ value: UInt64, length: Int) {
        appendBigEndian(value | UInt64(1) << UInt64(7 * length), length: length)
    }

    private mutating func appendBigEndian(_ value: UInt64, length: Int) {
        for index in (0..<length).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    /// Fewest bytes a size field needs; a field of all ones would mean unknown.
    private static func sizeLength(of value: UInt64) -> Int {
        (1...8).first { value < UInt64(1) << UInt64(7 * $0) - 1 } ?? 8
    }
}
