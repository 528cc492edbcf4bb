import KinesisVideo
public import Matroska

/// One fragment, ready to be sent.
public struct AssembledFragment: Sendable, Hashable {
    /// Its frames in decode order, with times in milliseconds.
    public var frames: [EncodedFrame]

    /// The Cluster's time: the lowest in the fragment, so that the leading pictures of an open GOP are kept.
    public var timestamp: Int64 {
        frames.map(\.timecode).min() ?? 0
    }
}

/// Cuts the frames of a file into fragments that the service accepts.
///
/// A fragment begins at a key frame of the video track. It holds a frame of every track: one that does not is joined
/// with its neighbour. Its first block is later than every block before it, which the service demands: frames of
/// other tracks that stand ahead of the key frame, but are not earlier, begin the fragment.
///
/// ```
/// V0k A0 V1 V2 A1 | A2 V3k V4 A3 V5 | ...        k: key frame; A2 is not earlier than V3
/// ```
/// Where no key frame comes in time the group of pictures is split ahead of what the service takes in one fragment;
/// the later part needs the earlier one to be decoded. The order of frames never changes. Fragments are no shorter than
/// 200 ms, as the service takes five a second; those of sound alone, where every frame is a key frame, take two seconds.
/// A value without I/O; it holds at most two fragments.
///
/// Source: 03 PutMedia, "MKV rules"; 08 Producer library, "Timestamps and fragments".
public struct FragmentAssembler: Sendable {
    /// Video frames left out because no key frame had come yet.
    public private(set) var droppedFrames = 0

    /// Fragments that do not begin with a key frame, because none had come for too long.
    public private(set) var splitFragments = 0

    /// Bytes of frames that wait for the end of their fragment.
    public private(set) var waitingBytes = 0

    private let tracks: Set<UInt64>
    private let minimumLength: Int64
    /// The track whose key frames begin fragments: the first video track, else the first track.
    private let leader: UInt64?
    private var hasLeader = false
    private var held: [EncodedFrame]?
    private var open: [EncodedFrame] = []
    /// Latest time ahead of each frame of `open`; the first entry is that of what was given out or is held.
    private var latest: [Int64] = [.min]

    /// Creates an assembler for frames of these tracks.
    public init(tracks: [TrackEntry]) {
        self.tracks = Set(tracks.map(\.number))
        let video = tracks.first { $0.type == .video }
        leader = (video ?? tracks.first)?.number
        minimumLength = video == nil ? 2000 : FragmentBounds.shortest
    }

    /// Takes the next frame in decode order, its time in milliseconds.
    ///
    /// - Returns: the fragment that is certain now, if any.
    public mutating func take(_ frame: EncodedFrame) -> AssembledFragment? {
        var finished: AssembledFragment?
        if frame.track == leader {
            guard hasLeader || frame.isKey else {
                droppedFrames += 1
                return nil
            }
            if frame.isKey, hasLeader, isLongEnough(before: frame) {
                finished = cut(before: frame)
            } else if hasLeader, isTooMuch(with: frame) {
                let waiting = open.count
                finished = cut(before: frame)
                if open.count < waiting { splitFragments += 1 }
            }
            hasLeader = true
        }
        latest.append(max(latest.last ?? .min, frame.timecode))
        open.append(frame)
        waitingBytes += frame.data.count
        return finished
    }

    /// True where a fragment with this frame would come near what the service refuses.
    private func isTooMuch(with frame: EncodedFrame) -> Bool {
        let start = open.map(\.timecode).min() ?? frame.timecode
        return frame.timecode - start > FragmentBounds.longest
            || waitingBytes + frame.data.count > FragmentBounds.largest
    }

    private func isLongEnough(before key: EncodedFrame) -> Bool {
        key.timecode - (open.first?.timecode ?? key.timecode) >= minimumLength
    }

    /// Ends the file.
    ///
    /// - Returns: the fragments that are left, one or two.
    public mutating func finish() -> [AssembledFragment] {
        defer { (held, open, latest, waitingBytes) = (nil, [], [.min], 0) }
        guard !open.isEmpty else { return [] }
        guard let held else { return [AssembledFragment(frames: open)] }
        // Where the rest lacks a track it belongs to the fragment before.
        guard isWhole(open) else { return [AssembledFragment(frames: held + open)] }
        return [AssembledFragment(frames: held), AssembledFragment(frames: open)]
    }

    /// Ends the open fragment ahead of a key frame, where that gives two legal fragments.
    private mutating func cut(before key: EncodedFrame) -> AssembledFragment? {
        var index = open.count
        // The new fragment may begin with frames of other tracks, back to the last frame of this one.
        while index > 0, latest[index] >= (index < open.count ? open[index] : key).timecode {
            guard open[index - 1].track != leader else { return nil }
            index -= 1
        }
        guard index > 0, isWhole(open[..<index]) else { return nil }
        let finished = held.map(AssembledFragment.init)
        held = Array(open[..<index])
        let base = latest[index]
        open.removeFirst(index)
        waitingBytes = open.reduce(0) { $0 + $1.data.count }
        latest = open.reduce(into: [base]) { $0.append(max($0.last ?? base, $1.timecode)) }
        // With one track nothing can be missing, so nothing needs to wait for its successor.
        guard tracks.count == 1, let only = held else { return finished }
        held = nil
        return AssembledFragment(frames: only)
    }

    private func isWhole(_ frames: some Sequence<EncodedFrame>) -> Bool {
        Set(frames.map(\.track)).isSuperset(of: tracks)
    }
}
