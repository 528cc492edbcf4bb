/// One name and value out of a Tags element; nested tags follow their parent, one level deeper.
///
/// Source: RFC 9559, SimpleTag.
public struct Tag: Sendable, Hashable {
    /// What a tag says.
    public enum Value: Sendable, Hashable {
        /// Text, cut at the first NUL; bytes that are not UTF-8 are replaced.
        case string(String)
        /// Bytes of a TagBinary.
        case binary([UInt8])
        /// Neither TagString nor TagBinary is there.
        case missing
    }

    /// The name, cut at the first NUL.
    public var name: String
    /// What the tag says.
    public var value: Value
    /// 0 for a tag of its own, 1 for one inside that, and so on.
    public var level: Int
    /// True where the surrounding Tag element has a Targets element, as muxers write for tags of the whole file.
    public var hasTargets: Bool

    /// Creates a tag.
    public init(name: String, value: Value, level: Int = 0, hasTargets: Bool = false) {
        self.name = name
        self.value = value
        self.level = level
        self.hasTargets = hasTargets
    }

    /// Creates a tag with text.
    public init(_ name: String, _ text: String) {
        self.init(name: name, value: .string(text))
    }

    /// The text, where the value is text.
    public var text: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }
}
