import Crypto
import KinesisVideo
import Matroska

/// Gathers what `inspect` says of each chunk while it streams by; no frame is kept, only its hash.
struct ChunkInspection {
    /// Something to print.
    enum Output {
        case report(ChunkReport)
        case problem(String)
    }

    /// True once any chunk was damaged.
    private(set) var isDamaged = false
    private var frames: [ChunkReport.Frame] = []

    /// Takes the next event.
    mutating func take(_ event: ChunkEvent) -> Output? {
        switch event {
        case .began:
            frames = []
            return nil
        case .mediaBegan, .completed: return nil
        case .frame(let frame):
            frames.append(ChunkReport.Frame(frame))
            return nil
        case .ended(let summary): return .report(ChunkReport(summary, frames: frames))
        case .warning(let error): return .problem("warning: \(error)")
        case .damage(let error):
            isDamaged = true
            return .problem("\(error)")
        }
    }
}

/// One chunk as `inspect` prints it; values as the container holds them.
struct ChunkReport: Encodable {
    struct Track: Encodable {
        var number: UInt64
        var type: String
        var codecId: String
        var codecPrivate: String
        var width: UInt64?
        var height: UInt64?
        var samplingFrequency: Double?
        var channels: UInt64?
        var bitDepth: UInt64?
        var name: String?
        var language: String?
        /// What the codec private data says, for people.
        var codecSummary = ""
        /// What is wrong with it; nil where nothing is.
        var codecFault: String?
    }

    struct Tag: Encodable {
        var name: String
        var value: String?
    }

    struct Frame: Encodable {
        var track: UInt64
        var timecode: Int64
        var key: Bool
        var size: Int
        var sha256: String
    }

    var fragmentNumber: String?
    var serverTimestamp: String?
    var producerTimestamp: String?
    var millisBehindNow: String?
    var continuationToken: String?
    var errorId: String?
    var errorCode: String?
    var complete: Bool
    var tracks: [Track]
    var tags: [Tag]
    var frames: [Frame]

    init(_ summary: ChunkSummary, frames: [Frame]) {
        fragmentNumber = summary.text(of: ServiceTags.fragmentNumber)
        serverTimestamp = summary.text(of: ServiceTags.serverTimestamp)
        producerTimestamp = summary.text(of: ServiceTags.producerTimestamp)
        millisBehindNow = summary.text(of: ServiceTags.millisBehindNow)
        continuationToken = summary.text(of: ServiceTags.continuationToken)
        errorId = summary.text(of: ServiceTags.errorID)
        errorCode = summary.text(of: ServiceTags.errorCode)
        complete = summary.isComplete
        tracks = summary.tracks.map(Track.init)
        tags = summary.tags.map(Tag.init)
        self.frames = frames
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(fragmentNumber, forKey: .fragmentNumber)
        try container.encode(serverTimestamp, forKey: .serverTimestamp)
        try container.encode(producerTimestamp, forKey: .producerTimestamp)
        try container.encode(millisBehindNow, forKey: .millisBehindNow)
        try container.encode(continuationToken, forKey: .continuationToken)
        try container.encode(errorId, forKey: .errorId)
        try container.encode(errorCode, forKey: .errorCode)
        try container.encode(complete, forKey: .complete)
        try container.encode(tracks, forKey: .tracks)
        try container.encode(tags, forKey: .tags)
        try container.encode(frames, forKey: .frames)
    }

    private enum CodingKeys: String, CodingKey {
        case fragmentNumber, serverTimestamp, producerTimestamp, millisBehindNow, continuationToken
        case errorId, errorCode, complete, tracks, tags, frames
    }
}

extension ChunkReport.Track {
    init(_ track: TrackEntry) {
        number = track.number
        type = track.type.name
        codecId = track.codecID
        codecPrivate = hexadecimal(track.codecPrivate)
        width = track.video?.width
        height = track.video?.height
        // JSON has no infinity; a rate that is none is left out.
        samplingFrequency = track.audio?.samplingFrequency.flatMap { $0.isFinite ? $0 : nil }
        channels = track.audio?.channels
        bitDepth = track.audio?.bitDepth
        name = track.name
        language = track.language
        let description = CodecDescription(track)
        (codecSummary, codecFault) = (description.summary, description.fault)
    }

    private enum CodingKeys: String, CodingKey {
        case number, type, codecId, codecPrivate, width, height, samplingFrequency, channels, bitDepth, name
        case language
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(number, forKey: .number)
        try container.encode(type, forKey: .type)
        try container.encode(codecId, forKey: .codecId)
        try container.encode(codecPrivate, forKey: .codecPrivate)
        try container.encode(width, forKey: .width)
        try container.encode(height, forKey: .height)
        try container.encode(samplingFrequency, forKey: .samplingFrequency)
        try container.encode(channels, forKey: .channels)
        try container.encode(bitDepth, forKey: .bitDepth)
        try container.encode(name, forKey: .name)
        try container.encode(language, forKey: .language)
    }
}

extension ChunkReport.Tag {
    init(_ tag: Tag) {
        name = tag.name
        switch tag.value {
        case .string(let text): value = text
        case .binary(let bytes): value = hexadecimal(bytes)
        case .missing: value = nil
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(value, forKey: .value)
    }
}

extension ChunkReport.Frame {
    init(_ frame: EncodedFrame) {
        self.init(
            track: frame.track,
            timecode: frame.timecode,
            key: frame.isKey,
            size: frame.data.count,
            sha256: hexadecimal(SHA256.hash(data: frame.data))
        )
    }
}
