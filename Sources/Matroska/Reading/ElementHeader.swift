/// Id and size of an element: 2 to 12 bytes ahead of its payload.
struct ElementHeader: Hashable {
    var id: ElementID
    /// Bytes of payload; nil means unknown.
    var size: UInt64?
    /// Bytes of id and size field together.
    var length: Int

    /// Most bytes a header can take: an id of 4 and a size of 8.
    static let maximumLength = 12

    /// Reads a header from the front of `bytes`.
    ///
    /// - Returns: nil where `bytes` holds only the beginning of a header.
    /// - Throws: `.badID` or `.badSize` as soon as the bytes there are cannot become a header.
    static func parse(_ bytes: Span<UInt8>, at offset: UInt64) throws(MatroskaError) -> ElementHeader? {
        guard bytes.count > 0 else { return nil }
        let idLength = bytes[0].leadingZeroBitCount + 1
        guard idLength <= 4 else {
            throw MatroskaError(.badID, at: offset, "an element id cannot begin with byte \(hex(bytes[0]))")
        }
        guard bytes.count >= idLength else { return nil }
        var id: UInt32 = 0
        for index in 0..<idLength { id = id << 8 | UInt32(bytes[index]) }
        let valueBits = UInt32(1) << (7 * idLength) - 1
        guard id & valueBits != valueBits, id & valueBits != 0 else {
            throw MatroskaError(
                .badID,
                at: offset,
                "the id 0x\(String(id, radix: 16, uppercase: true)) is reserved"
            )
        }
        guard bytes.count > idLength else { return nil }
        guard bytes[idLength] != 0 else {
            throw MatroskaError(
                .badSize,
                at: offset,
                "\(ElementID(rawValue: id)) has a size field of more than 8 bytes"
            )
        }
        guard let (value, sizeLength) = parseVariableSizeInteger(bytes.extracting(droppingFirst: idLength))
        else {
            return nil
        }
        return ElementHeader(id: ElementID(rawValue: id), size: value, length: idLength + sizeLength)
    }
}

/// Reads a variable-size integer with its marker removed, 1 to 8 bytes.
///
/// - Returns: nil where bytes are missing or the first byte is 0; a nil value where all value bits are 1.
func parseVariableSizeInteger(_ bytes: Span<UInt8>) -> (value: UInt64?, length: Int)? {
    guard bytes.count > 0 else { return nil }
    let length = bytes[0].leadingZeroBitCount + 1
    guard length <= 8, bytes.count >= length else { return nil }
    var value = UInt64(bytes[0]) & (0xFF >> UInt64(length))
    for index in 1..<max(length, 1) { value = value << 8 | UInt64(bytes[index]) }
    let ones = UInt64(1) << UInt64(7 * length) - 1
    return (value == ones ? nil : value, length)
}

func hex(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}
