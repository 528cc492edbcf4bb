/// Identity of an element, marker bits kept as they stand in the file.
///
/// Source: RFC 8794, "Element ID"; RFC 9559 for the names.
public struct ElementID: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// One to four bytes, most significant first.
    public var rawValue: UInt32

    /// Takes any id.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The element's name where this module knows it, else its bytes in hexadecimal.
    public var description: String {
        Self.names[self] ?? "0x" + String(rawValue, radix: 16, uppercase: true)
    }

    /// Bytes of the id in a file: 1 to 4.
    var length: Int {
        (32 - rawValue.leadingZeroBitCount + 7) / 8
    }
}

extension ElementID {
    static let ebml = ElementID(rawValue: 0x1A45_DFA3)
    static let ebmlVersion = ElementID(rawValue: 0x4286)
    static let ebmlReadVersion = ElementID(rawValue: 0x42F7)
    static let ebmlMaxIDLength = ElementID(rawValue: 0x42F2)
    static let ebmlMaxSizeLength = ElementID(rawValue: 0x42F3)
    static let docType = ElementID(rawValue: 0x4282)
    static let docTypeVersion = ElementID(rawValue: 0x4287)
    static let docTypeReadVersion = ElementID(rawValue: 0x4285)
    /// Padding; may stand anywhere.
    public static let void = ElementID(rawValue: 0xEC)
    static let crc32 = ElementID(rawValue: 0xBF)

    /// The one element that holds all media of a document.
    public static let segment = ElementID(rawValue: 0x1853_8067)
    static let seekHead = ElementID(rawValue: 0x114D_9B74)
    static let seek = ElementID(rawValue: 0x4DBB)
    static let seekID = ElementID(rawValue: 0x53AB)
    static let seekPosition = ElementID(rawValue: 0x53AC)
    /// Scale and titles.
    public static let info = ElementID(rawValue: 0x1549_A966)
    static let timestampScale = ElementID(rawValue: 0x2AD7B1)
    static let segmentUID = ElementID(rawValue: 0x73A4)
    static let duration = ElementID(rawValue: 0x4489)
    static let dateUTC = ElementID(rawValue: 0x4461)
    static let title = ElementID(rawValue: 0x7BA9)
    static let muxingApp = ElementID(rawValue: 0x4D80)
    static let writingApp = ElementID(rawValue: 0x5741)

    /// What the tracks are.
    public static let tracks = ElementID(rawValue: 0x1654_AE6B)
    static let trackEntry = ElementID(rawValue: 0xAE)
    static let trackNumber = ElementID(rawValue: 0xD7)
    static let trackUID = ElementID(rawValue: 0x73C5)
    static let trackType = ElementID(rawValue: 0x83)
    static let flagLacing = ElementID(rawValue: 0x9C)
    static let codecID = ElementID(rawValue: 0x86)
    static let codecPrivate = ElementID(rawValue: 0x63A2)
    static let codecDelay = ElementID(rawValue: 0x56AA)
    static let name = ElementID(rawValue: 0x536E)
    static let language = ElementID(rawValue: 0x22B59C)
    static let defaultDuration = ElementID(rawValue: 0x23E383)
    static let video = ElementID(rawValue: 0xE0)
    static let pixelWidth = ElementID(rawValue: 0xB0)
    static let pixelHeight = ElementID(rawValue: 0xBA)
    static let audio = ElementID(rawValue: 0xE1)
    static let samplingFrequency = ElementID(rawValue: 0xB5)
    static let channels = ElementID(rawValue: 0x9F)
    static let bitDepth = ElementID(rawValue: 0x6264)

    /// A run of frames that share a base time: one fragment.
    public static let cluster = ElementID(rawValue: 0x1F43_B675)
    static let timestamp = ElementID(rawValue: 0xE7)
    static let position = ElementID(rawValue: 0xA7)
    static let prevSize = ElementID(rawValue: 0xAB)
    static let simpleBlock = ElementID(rawValue: 0xA3)
    static let blockGroup = ElementID(rawValue: 0xA0)
    static let block = ElementID(rawValue: 0xA1)
    static let blockDuration = ElementID(rawValue: 0x9B)
    static let referenceBlock = ElementID(rawValue: 0xFB)

    /// Index by time.
    public static let cues = ElementID(rawValue: 0x1C53_BB6B)
    static let chapters = ElementID(rawValue: 0x1043_A770)
    static let attachments = ElementID(rawValue: 0x1941_A469)
    /// Names and values.
    public static let tags = ElementID(rawValue: 0x1254_C367)
    static let tag = ElementID(rawValue: 0x7373)
    static let targets = ElementID(rawValue: 0x63C0)
    static let simpleTag = ElementID(rawValue: 0x67C8)
    static let tagName = ElementID(rawValue: 0x45A3)
    static let tagString = ElementID(rawValue: 0x4487)
    static let tagBinary = ElementID(rawValue: 0x4485)

    /// Children of a Segment: any of them ends a Cluster of unknown size.
    static let levelOne: Set<ElementID> = [
        .cluster, .tags, .cues, .info, .tracks, .seekHead, .chapters, .attachments,
    ]

    private static let names: [ElementID: String] = [
        .ebml: "EBML", .docType: "DocType", .void: "Void", .crc32: "CRC-32", .segment: "Segment",
        .ebmlVersion: "EBMLVersion", .ebmlReadVersion: "EBMLReadVersion",
        .ebmlMaxIDLength: "EBMLMaxIDLength", .ebmlMaxSizeLength: "EBMLMaxSizeLength",
        .docTypeVersion: "DocTypeVersion", .docTypeReadVersion: "DocTypeReadVersion",
        .seekHead: "SeekHead", .seek: "Seek", .seekID: "SeekID", .seekPosition: "SeekPosition",
        .flagLacing: "FlagLacing", .codecDelay: "CodecDelay", .info: "Info",
        .timestampScale: "TimestampScale", .segmentUID: "SegmentUID",
        .duration: "Duration", .dateUTC: "DateUTC", .title: "Title", .muxingApp: "MuxingApp",
        .writingApp: "WritingApp", .tracks: "Tracks", .trackEntry: "TrackEntry", .trackNumber: "TrackNumber",
        .trackUID: "TrackUID", .trackType: "TrackType", .codecID: "CodecID", .codecPrivate: "CodecPrivate",
        .name: "Name", .language: "Language", .defaultDuration: "DefaultDuration", .video: "Video",
        .pixelWidth: "PixelWidth", .pixelHeight: "PixelHeight", .audio: "Audio",
        .samplingFrequency: "SamplingFrequency", .channels: "Channels", .bitDepth: "BitDepth",
        .cluster: "Cluster", .timestamp: "Timestamp", .position: "Position", .prevSize: "PrevSize",
        .simpleBlock: "SimpleBlock", .blockGroup: "BlockGroup", .block: "Block",
        .blockDuration: "BlockDuration", .referenceBlock: "ReferenceBlock", .cues: "Cues",
        .chapters: "Chapters", .attachments: "Attachments", .tags: "Tags", .tag: "Tag",
        .targets: "Targets", .simpleTag: "SimpleTag", .tagName: "TagName", .tagString: "TagString",
        .tagBinary: "TagBinary",
    ]
}
