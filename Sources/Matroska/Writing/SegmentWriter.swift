/// Writes a live document the way producers of the service do.
///
/// ```
/// EBML | Segment (FF) { Info | Tracks | Cluster (FF) { Timestamp (8 bytes), Position 0, SimpleBlock ... } ... }
/// ```
///
/// A value without I/O: each call returns the bytes to send. Source: 06 MKV profile, "Writing".
public struct SegmentWriter: Sendable {
    /// Nanoseconds of one tick.
    public let timestampScale: UInt64
    private let tracks: [TrackEntry]
    private let writingApp: String
    private let uid: [UInt8]
    private let title: String

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - tracks: what the document carries.
    ///   - uid: 16 bytes that name the segment.
    ///   - title: what the media is, for people; left out where empty.
    ///   - writingApp: the program that writes.
    ///   - timestampScale: nanoseconds of one tick.
    public init(
        tracks: [TrackEntry],
        uid: [UInt8],
        title: String = "",
        writingApp: String = "kinescope",
        timestampScale: UInt64 = 1_000_000
    ) {
        self.tracks = tracks
        self.uid = uid
        self.title = title
        self.writingApp = writingApp
        self.timestampScale = timestampScale
    }

    /// EBML header, Segment header, Info and Tracks.
    public func header() -> [UInt8] {
        var writer = EBMLWriter()
        writer.writeDocumentHeader()
        writer.beginUnknownSize(.segment)
        writer.write(.info) { info in
            info.write(.segmentUID, uid)
            info.write(.timestampScale, timestampScale, length: 8)
            if !title.isEmpty { info.write(.title, title) }
            info.write(.muxingApp, writingApp)
            info.write(.writingApp, writingApp)
        }
        writer.write(.tracks) { element in
            for track in tracks { element.write(track) }
        }
        return writer.bytes
    }

    /// Opens a Cluster: the frames that follow belong to one fragment.
    ///
    /// - Parameter timestamp: base time in ticks; no frame may lie more than 32,767 ticks from it.
    /// - Returns: the bytes to send.
    public func clusterStart(timestamp: UInt64) -> [UInt8] {
        var writer = EBMLWriter()
        writer.beginUnknownSize(.cluster)
        writer.write(.timestamp, timestamp, length: 8)
        writer.write(.position, 0)
        return writer.bytes
    }

    /// One frame of the Cluster that began at `clusterTimestamp`.
    ///
    /// - Throws: `.badValue` where the frame lies too far from the Cluster's time.
    public func block(_ frame: EncodedFrame, clusterTimestamp: UInt64) throws(MatroskaError) -> [UInt8] {
        let distance = frame.timecode.subtractingReportingOverflow(Int64(clamping: clusterTimestamp))
        guard !distance.overflow, let relativeTime = Int16(exactly: distance.partialValue) else {
            throw MatroskaError(.badValue, at: 0, "a frame lies more than 32767 ticks from its Cluster")
        }
        var writer = EBMLWriter(capacity: frame.data.count + 16)
        writer.writeSimpleBlock(frame, relativeTime: relativeTime)
        return writer.bytes
    }

    /// One tag in a Tags element of its own, as producers send fragment metadata.
    public func tags(_ tag: Tag) -> [UInt8] {
        Self.tags([tag])
    }

    /// Tags without targets, each in a Tag of its own; what was nested is not any more.
    public static func tags(_ tags: [Tag]) -> [UInt8] {
        var writer = EBMLWriter()
        writer.write(.tags, sizeLength: 8) { element in
            for tag in tags { element.write(.tag, sizeLength: 8) { $0.write(tag, sizeLength: 8) } }
        }
        return writer.bytes
    }
}

extension EBMLWriter {
    /// Writes the EBML header of a Matroska document of version 2.
    public mutating func writeDocumentHeader() {
        write(.ebml, sizeLength: 1) { ebml in
            ebml.write(.ebmlVersion, 1)
            ebml.write(.ebmlReadVersion, 1)
            ebml.write(.ebmlMaxIDLength, 4)
            ebml.write(.ebmlMaxSizeLength, 8)
            ebml.write(.docType, "matroska")
            ebml.write(.docTypeVersion, 2)
            ebml.write(.docTypeReadVersion, 2)
        }
    }

    /// Writes a TrackEntry.
    public mutating func write(_ track: TrackEntry) {
        write(.trackEntry, sizeLength: 4) { entry in
            entry.write(.trackNumber, track.number)
            entry.write(.trackUID, track.uid, length: 8)
            entry.write(.trackType, track.type.rawValue)
            entry.write(.flagLacing, 0)
            entry.write(.codecID, track.codecID)
            if let name = track.name { entry.write(.name, name) }
            if let language = track.language { entry.write(.language, language) }
            if let duration = track.defaultDuration { entry.write(.defaultDuration, duration) }
            if let delay = track.codecDelay { entry.write(.codecDelay, delay) }
            if let video = track.video {
                entry.write(.video, sizeLength: 1) { settings in
                    if let width = video.width { settings.write(.pixelWidth, width) }
                    if let height = video.height { settings.write(.pixelHeight, height) }
                }
            }
            if let audio = track.audio {
                entry.write(.audio, sizeLength: 1) { settings in
                    if let rate = audio.samplingFrequency { settings.writeFloat(.samplingFrequency, rate) }
                    if let channels = audio.channels { settings.write(.channels, channels) }
                    if let depth = audio.bitDepth { settings.write(.bitDepth, depth) }
                }
            }
            if !track.codecPrivate.isEmpty { entry.write(.codecPrivate, track.codecPrivate) }
        }
    }

    /// Writes a SimpleTag.
    public mutating func write(_ tag: Tag, sizeLength: Int) {
        write(.simpleTag, sizeLength: sizeLength) { simple in
            simple.write(.tagName, tag.name, sizeLength: sizeLength)
            switch tag.value {
            case .string(let text): simple.write(.tagString, text, sizeLength: sizeLength)
            case .binary(let bytes): simple.write(.tagBinary, bytes, sizeLength: sizeLength)
            case .missing: break
            }
        }
    }

    /// Writes one Tags element with one Tag that holds `tags`, every size in 4 bytes, as the service does.
    public mutating func writeTags(_ tags: [Tag]) {
        write(.tags) { element in
            element.write(.tag) { group in
                for tag in tags { group.write(tag, sizeLength: 4) }
            }
        }
    }
}
