/// Something in a store's folder that is not as a store that ended in order leaves it.
public struct StoreFinding: Sendable, Hashable {
    /// How much it matters.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Bytes are not as they were written, or something is missing.
        case damage
        /// What a crash leaves behind; the next start puts it right by itself.
        case leftover
    }

    /// How much it matters.
    public var kind: Kind
    /// The file or folder, below the store's folder.
    public var file: String
    /// Where in the file, in bytes from its beginning; nil where it is the file as a whole.
    public var offset: Int?
    /// What is there.
    public var seen: String
    /// What should be there.
    public var wanted: String
    /// What can be done.
    public var advice: String

    /// Creates a finding; the advice is that for its kind unless given.
    package init(
        _ kind: Kind,
        _ file: String,
        at offset: Int? = nil,
        seen: String,
        wanted: String,
        advice: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.offset = offset
        self.seen = seen
        self.wanted = wanted
        self.advice =
            advice
            ?? (kind == .damage
                ? "kinescope check --repair keeps what is whole and sets the rest aside"
                : "nothing: the next start puts it right")
    }
}
