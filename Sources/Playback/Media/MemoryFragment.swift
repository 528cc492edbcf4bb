package import KinesisVideo
package import Matroska

/// The pictures of one fragment as they came: compressed, in decode order, with their producer times.
///
/// Only the first video track is shown and the first audio track measured; frames of others only count for times.
/// A frame's producer time is the fragment's producer timestamp plus the time of its block less that of the
/// fragment's first block; raw cluster times restart with each connection.
///
/// Source: 04 GetMedia, "Reader algorithm for the client", 5.
package struct MemoryFragment: Sendable {
    /// Which call brought it.
    package enum Origin: Sendable, Hashable {
        /// GetMedia.
        case live
        /// GetMediaForFragmentList.
        case archive
    }

    /// How much of it is there.
    package enum Completeness: Sendable, Hashable {
        /// More frames are to come.
        case open
        /// All frames are there.
        case complete
        /// The connection broke inside of it.
        case cut
    }

    package let metadata: FragmentMetadata
    package let origin: Origin
    /// True where an earlier fragment may have brought the same frames.
    package let isSentAgain: Bool
    package let track: TrackEntry?
    /// All tracks of the fragment.
    package let tracks: [TrackEntry]
    /// The track whose level is measured.
    package let soundTrack: TrackEntry?
    /// The frames of that track with their producer times in milliseconds.
    package private(set) var sound: [(time: Int64, frame: EncodedFrame)] = []
    package private(set) var frames: [EncodedFrame] = []
    /// Producer time of each frame in milliseconds, in decode order.
    package private(set) var times: [Int64] = []
    package var completeness = Completeness.open
    /// Bytes of all frames kept.
    package private(set) var bytes = 0
    private let timestampScale: UInt64
    private var firstBlock: Int64?
    private var lastBlock: Int64 = .min

    package init(
        metadata: FragmentMetadata,
        origin: Origin,
        isSentAgain: Bool = false,
        tracks: [TrackEntry],
        timestampScale: UInt64
    ) {
        self.metadata = metadata
        self.origin = origin
        self.isSentAgain = isSentAgain
        self.timestampScale = timestampScale
        self.tracks = tracks
        track = tracks.first { $0.type == .video }
        soundTrack = tracks.first { $0.type == .audio }
    }

    package var number: FragmentNumber { metadata.number }

    /// Last block time less first block time over all tracks in milliseconds.
    package var length: Int64 {
        guard let firstBlock else { return 0 }
        return max(0, milliseconds(lastBlock &- firstBlock))
    }

    /// Mean distance of two pictures in milliseconds; nil with fewer than two.
    package var frameInterval: Int64? {
        guard times.count > 1, let first = times.min(), let last = times.max(), last > first else {
            return nil
        }
        return max(1, (last - first) / Int64(times.count - 1))
    }

    /// Pictures from one key frame to the next, and milliseconds that they last; nil while that is not known.
    ///
    /// The first group of the fragment, whose end is the next key frame or that of the complete fragment.
    package var groupOfPictures: (count: Int, length: Int64)? {
        guard let interval = frameInterval, let key = keyIndex(from: 0) else { return nil }
        if let next = keyIndex(from: key + 1) { return (next - key, times[next] - times[key]) }
        guard completeness == .complete, let last = times.max() else { return nil }
        return (frames.count - key, last - times[key] + interval)
    }

    /// Takes the next frame; those of other tracks only count for times.
    ///
    /// - Returns: true where it is a picture that a decoder needs.
    package mutating func append(_ frame: EncodedFrame) -> Bool {
        let first = firstBlock ?? frame.timecode
        firstBlock = first
        lastBlock = max(lastBlock, frame.timecode)
        let time = metadata.producerTimestamp.milliseconds + milliseconds(frame.timecode &- first)
        if frame.track == soundTrack?.number {
            sound.append((time, frame))
            bytes += frame.data.count
        }
        guard frame.track == track?.number else { return false }
        frames.append(frame)
        times.append(time)
        bytes += frame.data.count
        return true
    }

    /// Place in presentation order, from 0, of the frame at a place in decode order.
    package func presentationIndex(of decodeIndex: Int) -> Int {
        let time = times[decodeIndex]
        return times.indices.reduce(0) { count, other in
            let isBefore = times[other] < time || times[other] == time && other < decodeIndex
            return count + (isBefore && !frames[other].isInvisible ? 1 : 0)
        }
    }

    /// Frames that are shown, by their place in decode order, in the order in which they are shown.
    package var presentationOrder: [Int] {
        times.indices.filter { !frames[$0].isInvisible }.sorted { (times[$0], $0) < (times[$1], $1) }
    }

    /// The place in decode order of the last key frame at or before a place.
    package func keyIndex(before decodeIndex: Int) -> Int? {
        frames.prefix(decodeIndex + 1).lastIndex(where: \.isKey)
    }

    /// The place in decode order of the first key frame at or after a place.
    package func keyIndex(from decodeIndex: Int) -> Int? {
        frames.dropFirst(decodeIndex).firstIndex(where: \.isKey)
    }

    /// The place in decode order of the frame on screen at a moment: the last one that has begun, else the
    /// first.
    ///
    /// Frames before the first key frame do not count: no decoder shows them.
    package func frame(at time: Timestamp) -> Int? {
        guard let key = keyIndex(from: 0) else { return nil }
        let order = presentationOrder.filter { times[$0] >= times[key] }
        return order.last { times[$0] <= time.milliseconds } ?? order.first
    }

    private func milliseconds(_ ticks: Int64) -> Int64 {
        // No fragment is longer than a day: what a hostile file says beyond that must not overflow anywhere.
        let scaled =
            timestampScale == 1_000_000 ? Double(ticks) : Double(ticks) * Double(timestampScale) / 1e6
        return Int64(min(max(scaled.rounded(), -86_400_000), 86_400_000))
    }
}
