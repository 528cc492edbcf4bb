/// What is wrong with a file, and where.
public struct MatroskaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule that was broken.
    ///
    /// A struct over text, so that a new kind breaks no one's switch.
    public struct Kind: RawRepresentable, Sendable, Hashable {
        /// The word for the kind.
        public var rawValue: String

        /// Takes the word.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// No byte at all.
        public static let empty = Kind(rawValue: "empty")
        /// The input ends inside an element.
        public static let truncated = Kind(rawValue: "truncated")
        /// An element id of illegal length or value.
        public static let badID = Kind(rawValue: "bad-id")
        /// A size field of illegal length.
        public static let badSize = Kind(rawValue: "bad-size")
        /// A child ends behind its parent.
        public static let overrun = Kind(rawValue: "overrun")
        /// Unknown size where only a known one is legal.
        public static let unknownSize = Kind(rawValue: "unknown-size")
        /// An element claims more than its budget.
        public static let tooLarge = Kind(rawValue: "too-large")
        /// Elements nested beyond the limit.
        public static let tooDeep = Kind(rawValue: "too-deep")
        /// More elements than the budget of their kind.
        public static let tooMany = Kind(rawValue: "too-many")
        /// An element where it must not stand.
        public static let misplaced = Kind(rawValue: "misplaced")
        /// A value of illegal length or range.
        public static let badValue = Kind(rawValue: "bad-value")
        /// A block whose header does not hold.
        public static let badBlock = Kind(rawValue: "bad-block")
        /// A lace whose sizes do not fit its block.
        public static let badLacing = Kind(rawValue: "bad-lacing")
        /// A block ahead of its Cluster's Timestamp.
        public static let noTimecode = Kind(rawValue: "no-timecode")
        /// No EBML header where a document must begin.
        public static let noEBMLHeader = Kind(rawValue: "no-ebml-header")
        /// No Segment behind the EBML header.
        public static let noSegment = Kind(rawValue: "no-segment")
        /// A version or document type that this reader does not know.
        public static let unsupported = Kind(rawValue: "unsupported")
        /// A checksum that does not fit; the reader goes on.
        public static let badCRC = Kind(rawValue: "bad-crc")
        /// A block of a track that no TrackEntry declares; its frames are delivered all the same.
        public static let unknownTrack = Kind(rawValue: "unknown-track")
    }

    /// The rule that was broken.
    public var kind: Kind
    /// Offset of the first id byte of the element at fault, from the start of the input.
    public var offset: UInt64
    /// The value seen and the one wanted, in words of this program only: no text of the file.
    public var detail: String

    /// The element that it is about, where the kind alone does not tell what has to be told apart.
    public var element: ElementID?

    /// Creates an error.
    public init(_ kind: Kind, at offset: UInt64, _ detail: String, element: ElementID? = nil) {
        self.kind = kind
        self.offset = offset
        self.detail = detail
        self.element = element
    }

    /// `overrun at byte 465: SimpleBlock ends at 700, its Cluster at 535`.
    public var description: String {
        "\(kind.rawValue) at byte \(offset): \(detail)"
    }
}
