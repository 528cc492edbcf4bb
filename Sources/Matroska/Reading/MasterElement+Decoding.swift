extension MasterElement {
    /// Reads an EBML header that stands at `headerOffset`.
    ///
    /// - Throws: `.unsupported` where this reader cannot read what the header announces.
    mutating func decodeDocumentHeader(at headerOffset: UInt64) throws(MatroskaError) -> DocumentHeader {
        var header = DocumentHeader()
        try forEachChild(in: bytes.indices) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .ebmlReadVersion: header.readVersion = try master.unsigned(child)
            case .ebmlMaxIDLength: header.maxIDLength = try master.unsigned(child)
            case .ebmlMaxSizeLength: header.maxSizeLength = try master.unsigned(child)
            case .docType: header.docType = master.string(child)
            case .docTypeVersion: header.docTypeVersion = try master.unsigned(child)
            case .docTypeReadVersion: header.docTypeReadVersion = try master.unsigned(child)
            default: break
            }
        }
        guard header.readVersion == 1 else {
            throw MatroskaError(
                .unsupported,
                at: headerOffset,
                "EBMLReadVersion is \(header.readVersion), only 1 is known"
            )
        }
        guard header.maxIDLength >= 4 else {
            throw MatroskaError(
                .unsupported,
                at: headerOffset,
                "EBMLMaxIDLength is \(header.maxIDLength), at least 4 is legal"
            )
        }
        guard (1...8).contains(header.maxSizeLength) else {
            throw MatroskaError(
                .unsupported,
                at: headerOffset,
                "EBMLMaxSizeLength is \(header.maxSizeLength), not 1 to 8"
            )
        }
        guard header.docType == "matroska" || header.docType == "webm" else {
            throw MatroskaError(.unsupported, at: headerOffset, "DocType is neither matroska nor webm")
        }
        return header
    }

    /// Reads Info.
    mutating func decodeInfo() throws(MatroskaError) -> SegmentInfo {
        var info = SegmentInfo()
        try forEachChild(in: bytes.indices) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .timestampScale:
                info.timestampScale = try master.unsigned(child)
                guard info.timestampScale != 0 else {
                    throw MatroskaError(.badValue, at: child.offset, "TimestampScale is 0")
                }
            case .duration:
                let duration = try master.float(child)
                info.duration = duration.isNaN ? nil : duration
            case .dateUTC: info.date = try master.signed(child)
            case .title: info.title = master.string(child)
            case .muxingApp: info.muxingApp = master.string(child)
            case .writingApp: info.writingApp = master.string(child)
            default: break
            }
        }
        return info
    }

    /// Reads Tracks.
    mutating func decodeTracks() throws(MatroskaError) -> [TrackEntry] {
        var tracks: [TrackEntry] = []
        try forEachChild(in: bytes.indices) { (master, child) throws(MatroskaError) in
            guard child.id == .trackEntry else { return }
            guard tracks.count < ReadingLimits.tracks else {
                throw MatroskaError(
                    .tooMany,
                    at: child.offset,
                    "more than \(ReadingLimits.tracks) tracks",
                    element: .tracks
                )
            }
            let entry = try master.decodeTrackEntry(child)
            guard !tracks.contains(where: { $0.number == entry.number }) else {
                throw MatroskaError(.badValue, at: child.offset, "track \(entry.number) is declared twice")
            }
            tracks.append(entry)
        }
        return tracks
    }

    private mutating func decodeTrackEntry(_ entry: Child) throws(MatroskaError) -> TrackEntry {
        var track = TrackEntry(number: 0, type: TrackType(rawValue: 0), codecID: "")
        try forEachChild(in: entry.payload) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .trackNumber: track.number = try master.unsigned(child)
            case .trackUID: track.uid = try master.unsigned(child)
            case .trackType: track.type = TrackType(rawValue: try master.unsigned(child))
            case .codecID: track.codecID = master.string(child)
            case .codecPrivate: track.codecPrivate = Array(master.bytes[child.payload])
            case .codecDelay: track.codecDelay = try master.unsigned(child)
            case .name: track.name = master.string(child)
            case .language: track.language = master.string(child)
            case .defaultDuration: track.defaultDuration = try master.unsigned(child)
            case .video: track.video = try master.decodeVideo(child)
            case .audio: track.audio = try master.decodeAudio(child)
            default: break
            }
        }
        guard track.number != 0 else {
            throw MatroskaError(.badValue, at: entry.offset, "a track number must be 1 or more")
        }
        return track
    }

    private mutating func decodeVideo(_ video: Child) throws(MatroskaError) -> TrackEntry.VideoSettings {
        var settings = TrackEntry.VideoSettings()
        try forEachChild(in: video.payload) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .pixelWidth: settings.width = try master.unsigned(child)
            case .pixelHeight: settings.height = try master.unsigned(child)
            default: break
            }
        }
        return settings
    }

    private mutating func decodeAudio(_ audio: Child) throws(MatroskaError) -> TrackEntry.AudioSettings {
        var settings = TrackEntry.AudioSettings()
        try forEachChild(in: audio.payload) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .samplingFrequency:
                let frequency = try master.float(child)
                settings.samplingFrequency = frequency.isFinite && frequency >= 0 ? frequency : nil
            case .channels: settings.channels = try master.unsigned(child)
            case .bitDepth: settings.bitDepth = try master.unsigned(child)
            default: break
            }
        }
        return settings
    }

    /// Reads Tags, nested tags behind their parent.
    mutating func decodeTags() throws(MatroskaError) -> [Tag] {
        var tags: [Tag] = []
        try forEachChild(in: bytes.indices) { (master, tag) throws(MatroskaError) in
            guard tag.id == .tag else { return }
            let first = tags.count
            var hasTargets = false
            try master.forEachChild(in: tag.payload) { (master, child) throws(MatroskaError) in
                switch child.id {
                case .targets: hasTargets = true
                case .simpleTag: try master.decodeSimpleTag(child, level: 0, into: &tags)
                default: break
                }
            }
            for index in tags.indices.dropFirst(first) { tags[index].hasTargets = hasTargets }
        }
        return tags
    }

    private mutating func decodeSimpleTag(_ tag: Child, level: Int, into tags: inout [Tag])
        throws(MatroskaError)
    {
        // Tags and Tag stand above the first SimpleTag.
        guard level + 3 <= ReadingLimits.depth else {
            throw MatroskaError(
                .tooDeep,
                at: tag.offset,
                "more than \(ReadingLimits.depth) elements inside each other"
            )
        }
        guard tags.count < ReadingLimits.tags else {
            throw MatroskaError(.tooMany, at: tag.offset, "more than \(ReadingLimits.tags) tags")
        }
        let index = tags.count
        tags.append(Tag(name: "", value: .missing, level: level))
        try forEachChild(in: tag.payload) { (master, child) throws(MatroskaError) in
            switch child.id {
            case .tagName: tags[index].name = master.string(child)
            case .tagString: tags[index].value = .string(master.string(child))
            case .tagBinary: tags[index].value = .binary(Array(master.bytes[child.payload]))
            case .simpleTag: try master.decodeSimpleTag(child, level: level + 1, into: &tags)
            default: break
            }
        }
    }
}

/// What an EBML header announces.
///
/// Source: RFC 8794, "EBML Header".
public struct DocumentHeader: Sendable, Hashable {
    /// Lowest version of EBML a reader must know.
    public var readVersion: UInt64 = 1
    /// Longest element id in bytes.
    public var maxIDLength: UInt64 = 4
    /// Longest size field in bytes.
    public var maxSizeLength: UInt64 = 8
    /// `matroska` or `webm`.
    public var docType = ""
    /// Version of the document type.
    public var docTypeVersion: UInt64 = 1
    /// Lowest version of the document type a reader must know.
    public var docTypeReadVersion: UInt64 = 1

    /// Creates the header that an empty element means.
    public init() {}
}
