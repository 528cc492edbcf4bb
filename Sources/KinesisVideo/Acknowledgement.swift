import Foundation

/// One line of a PutMedia response.
///
/// Source: 03 PutMedia, "Acknowledgements".
public struct Acknowledgement: Sendable, Hashable {
    /// What has become of a fragment.
    public enum Event: String, Sendable, Hashable, Codable {
        /// Its first bytes have been read.
        case buffering = "BUFFERING"
        /// It is complete and readable by GetMedia.
        case received = "RECEIVED"
        /// It is safe on disk and readable as archived media.
        case persisted = "PERSISTED"
        /// It, or the connection, failed.
        case error = "ERROR"
        /// The connection is open but brings nothing.
        case idle = "IDLE"
    }

    /// What has become of the fragment.
    public var event: Event
    /// The Cluster's Timestamp as it stands in the file; absent where the line is about no fragment.
    public var fragmentTimecode: Int64?
    /// The fragment; absent likewise.
    public var fragmentNumber: FragmentNumber?
    /// What went wrong, for an error.
    public var error: IngestionError?

    /// Creates a line.
    public init(
        _ event: Event,
        timecode: Int64? = nil,
        number: FragmentNumber? = nil,
        error: IngestionError? = nil
    ) {
        self.event = event
        fragmentTimecode = timecode
        fragmentNumber = number
        self.error = error
    }

    /// The line with its line break, at most 1,024 bytes: what producers parse a line at a time.
    public var line: String {
        var members = ["\"EventType\":\"\(event.rawValue)\""]
        // Producers drop a whole line whose timecode is negative.
        if let fragmentTimecode, fragmentTimecode >= 0 {
            members.append("\"FragmentTimecode\":\(fragmentTimecode)")
        }
        if let fragmentNumber { members.append("\"FragmentNumber\":\"\(fragmentNumber.padded)\"") }
        if let error { members.append("\"ErrorCode\":\"\(error.code)\",\"ErrorId\":\(error.id)") }
        return "{\(members.joined(separator: ","))}\n"
    }

    /// The members of a line, spelled as they are on the wire.
    private struct Members: Decodable {
        var EventType: String
        var FragmentTimecode: Int64?
        var FragmentNumber: String?
        var ErrorId: Int?
        var ErrorCode: String?
    }

    /// Reads a line; tolerant of what the service was seen to send, such as an empty fragment number.
    ///
    /// - Returns: nil for anything that is no acknowledgement.
    public init?(line: some StringProtocol) {
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(line.utf8)),
            let event = Event(rawValue: members.EventType)
        else { return nil }
        self.init(
            event,
            timecode: members.FragmentTimecode.flatMap { $0 < 0 ? nil : $0 },
            number: members.FragmentNumber.flatMap { KinesisVideo.FragmentNumber($0) },
            error: members.ErrorId.map { IngestionError(id: $0, code: members.ErrorCode ?? "UNKNOWN") }
        )
    }
}

/// Why a fragment was refused.
///
/// Source: 03 PutMedia, "Error ids".
public struct IngestionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The number that producers decide on.
    public var id: Int
    /// Its name.
    public var code: String

    /// Creates an error; codes this program does not know survive.
    public init(id: Int, code: String) {
        self.id = id
        self.code = code
    }

    /// The body could not be read.
    public static let readFailed = IngestionError(id: 4000, code: "STREAM_READ_ERROR")
    /// More than 50,000,000 bytes.
    public static let fragmentTooLarge = IngestionError(id: 4001, code: "MAX_FRAGMENT_SIZE_REACHED")
    /// More than 20 seconds between first and last block.
    public static let fragmentTooLong = IngestionError(id: 4002, code: "MAX_FRAGMENT_DURATION_REACHED")
    /// The connection is older than 45 minutes.
    public static let connectionTooOld = IngestionError(id: 4003, code: "MAX_CONNECTION_DURATION_REACHED")
    /// The fragment does not begin behind the end of the one before it.
    public static let timecodeNotIncreasing = IngestionError(
        id: 4004,
        code: "FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS"
    )
    /// What came is no Matroska, or not the part of it that the service takes.
    public static let invalidMedia = IngestionError(id: 4006, code: "INVALID_MKV_DATA")
    /// The producer timestamp is negative or absurd.
    public static let invalidProducerTimestamp = IngestionError(id: 4007, code: "INVALID_PRODUCER_TIMESTAMP")
    /// The stream is not active, or has been deleted.
    public static let streamNotActive = IngestionError(id: 4008, code: "STREAM_NOT_ACTIVE")
    /// Too many, too long or reserved metadata.
    public static let metadataLimit = IngestionError(id: 4009, code: "FRAGMENT_METADATA_LIMIT_REACHED")
    /// A block of a track that is not declared.
    public static let trackMismatch = IngestionError(id: 4010, code: "TRACK_NUMBER_MISMATCH")
    /// A declared track has no frame in the fragment.
    public static let framesMissing = IngestionError(id: 4011, code: "FRAMES_MISSING_FOR_TRACK")
    /// More than three tracks.
    public static let tooManyTracks = IngestionError(id: 4012, code: "MORE_THAN_ALLOWED_TRACKS_FOUND")
    /// The service failed.
    public static let internalError = IngestionError(id: 5000, code: "INTERNAL_ERROR")
    /// The fragment could not be stored.
    public static let archivalError = IngestionError(id: 5001, code: "ARCHIVAL_ERROR")

    /// `INVALID_MKV_DATA (4006)`.
    public var description: String {
        "\(code) (\(id))"
    }
}
