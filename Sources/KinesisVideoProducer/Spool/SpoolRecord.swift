import KinesisVideo
import Matroska

/// One record of a spooled fragment's file.
///
/// ```
/// length (4 bytes, little-endian)  CRC-32 of the bytes (4)  bytes
/// ```
/// The bytes of all records in a row are a Matroska document with one Cluster. A record that a crash cut off, or
/// whose bytes never reached the disk, fails its length or its checksum: what is ahead of it counts. A value without I/O.
package enum SpoolRecord {
    /// A record around bytes.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        little(UInt32(bytes.count)) + little(CRC32.checksum(of: bytes.span)) + bytes
    }

    /// The bytes of all whole records, up to the first that is not.
    package static func decode(_ file: [UInt8]) -> (bytes: [UInt8], isTorn: Bool) {
        var (bytes, index) = ([UInt8](), 0)
        while file.count - index >= 8 {
            let (length, checksum) = (Int(number(file, index)), number(file, index + 4))
            guard length <= file.count - index - 8 else { return (bytes, true) }
            let payload = Array(file[(index + 8)..<(index + 8 + length)])
            guard length > 0, CRC32.checksum(of: payload.span) == checksum else { return (bytes, true) }
            bytes += payload
            index += 8 + length
        }
        return (bytes, index < file.count)
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    private static func number(_ file: [UInt8], _ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(file[index + $1]) << UInt32(8 * $1) }
    }
}

/// What a spooled fragment's file holds.
package struct SpooledFragment: Sendable, Hashable {
    /// Tracks, start, frames and metadata, in their order; empty where not even a first frame is whole.
    package var parts: [StreamUpload.Part] = []
    /// True where its end is missing or damaged.
    package var isTorn: Bool

    /// Reads a file.
    package init(file: [UInt8]) {
        let (bytes, isTorn) = SpoolRecord.decode(file)
        self.isTorn = isTorn
        var reader = SegmentReader()
        let events = reader.read(bytes.span) + reader.finish()
        var hasFrames = false
        for event in events {
            switch event {
            case .tracks(let tracks, _): parts.append(.tracks(tracks))
            case .clusterTimestamp(let time): parts.append(.fragmentStart(timestamp: time))
            case .frame(let frame, _):
                parts.append(.frame(frame))
                hasFrames = true
            case .tags(let tags, _):
                parts += tags.filter { $0.name != ServiceTags.endOfFragment }.map { .metadata($0) }
            case .damage: self.isTorn = true
            case .documentStart, .segmentStart, .info, .element, .clusterStart, .clusterEnd, .segmentEnd,
                .warning:
                break
            }
        }
        if !hasFrames { parts = [] }
    }
}
