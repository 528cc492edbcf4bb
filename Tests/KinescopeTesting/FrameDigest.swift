import Crypto
public import Matroska

/// A frame as descriptions of test files and `inspect --json` tell of it.
public struct FrameDigest: Decodable, Hashable, Sendable {
    /// Number of its track.
    public var track: UInt64
    /// Its time in ticks of its segment.
    public var timecode: Int64
    /// True where decoding can begin with it.
    public var key: Bool
    /// Bytes.
    public var size: Int
    /// Hash of its bytes, in lower case.
    public var sha256: String

    /// Describes a frame.
    public init(_ frame: EncodedFrame) {
        track = frame.track
        timecode = frame.timecode
        key = frame.isKey
        size = frame.data.count
        sha256 = SHA256.hash(data: frame.data).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
