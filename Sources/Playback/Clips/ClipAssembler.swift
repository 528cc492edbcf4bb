package import KinesisVideo
package import Matroska
package import MediaCodec

/// Turns fragments into the packets of one file: whole fragments in, packets with times that run from 0 out.
///
/// ```
/// producer time   |a a a|b b b|        |c c c|
/// clip time       |a a a|b b b|c c c|            the gap is cut out and reported
/// ```
/// No I/O. Matroska carries presentation times in decode order; decode times are made here: those of a fragment's
/// frames in ascending order, moved back as far as its reordering needs.
package struct ClipAssembler: Sendable {
    /// The tracks, known from the first fragment on.
    package private(set) var tracks: [TrackEntry] = []
    /// The gaps cut out so far.
    package private(set) var gaps: [ClipGap] = []
    /// Fragments that gave packets.
    package private(set) var fragments = 0
    /// Bytes of all packets.
    package private(set) var bytes = 0

    private let order: ClipOrder
    private var open: OpenFragment?
    /// Producer time of the clip's 0, in nanoseconds; grows with each gap.
    private var origin: Int64?
    private var firstShown: Int64?
    private var lastEnd: Int64?
    /// Nanoseconds from a frame to the next, of the last fragment that had two.
    private var interval: Int64 = 40_000_000
    /// Nanoseconds by which decode times lie before presentation times, by track.
    private var delays: [UInt64: Int64] = [:]
    private var lastDecodeTime: [UInt64: Int64] = [:]

    private struct OpenFragment: Sendable {
        var start: Int64
        var scale: UInt64
        var firstBlock: Int64?
        var frames: [TimedFrame] = []
    }

    private struct TimedFrame: Sendable {
        var frame: EncodedFrame
        /// Producer time in nanoseconds.
        var time: Int64
    }

    package init(_ order: ClipOrder) {
        self.order = order
    }

    /// What the clip holds; nil while it holds nothing.
    package var report: ClipReport? {
        guard let firstShown, let lastEnd else { return nil }
        let cut = gaps.reduce(0) { $0 + $1.length }
        let (first, last) = (firstShown / 1_000_000, lastEnd / 1_000_000)
        return ClipReport(
            start: Timestamp(milliseconds: first),
            end: Timestamp(milliseconds: last),
            length: max(0, last - first - cut),
            fragments: fragments,
            bytes: bytes,
            gaps: gaps
        )
    }

    /// A fragment begins; one that was not ended is forgotten.
    package mutating func begin(_ metadata: FragmentMetadata, _ tracks: [TrackEntry], scale: UInt64)
        throws(ClipError)
    {
        open = nil
        if self.tracks.isEmpty {
            self.tracks = tracks.filter { $0.type == .video || $0.type == .audio }
        } else {
            for track in self.tracks {
                guard let other = tracks.first(where: { $0.number == track.number }),
                    other.codecID == track.codecID, other.codecPrivate == track.codecPrivate
                else { throw .codecChanged(at: metadata.producerTimestamp) }
            }
        }
        open = OpenFragment(start: metadata.producerTimestamp.nanoseconds, scale: scale)
    }

    /// Takes the next frame of the open fragment.
    package mutating func append(_ frame: EncodedFrame) {
        guard var fragment = open else { return }
        let first = fragment.firstBlock ?? frame.timecode
        fragment.firstBlock = first
        // What a hostile file says beyond a day must not overflow anywhere.
        let ticks = Double(frame.timecode &- first) * Double(fragment.scale)
        let offset = Int64(min(max(ticks, -86_400e9), 86_400e9))
        fragment.frames.append(TimedFrame(frame: frame, time: fragment.start + offset))
        open = fragment
    }

    /// The open fragment is complete.
    ///
    /// - Returns: Its packets, in the order in which they are to be written.
    package mutating func end() -> [MediaPacket] {
        guard let fragment = open else { return [] }
        open = nil
        var frames = fragment.frames.filter { frame in tracks.contains { $0.number == frame.frame.track } }
        guard let main = (tracks.first { $0.type == .video } ?? tracks.first)?.number else { return [] }
        if origin == nil { dropLead(&frames, main) }
        guard let extent = extent(of: frames, main) else { return [] }
        place(extent)
        if order.isPrecise { cutEnds(&frames, main) }
        guard !frames.isEmpty, let origin else { return [] }
        fragments += 1
        let shown = frames.lazy.filter { $0.frame.track == main }.map(\.time)
        let first = order.isPrecise ? max(shown.min() ?? extent.start, order.start.nanoseconds) : extent.start
        firstShown = firstShown ?? first
        lastEnd = order.isPrecise ? min(extent.end, order.end.nanoseconds) : extent.end
        bytes += frames.reduce(0) { $0 + $1.frame.data.count }
        return tracks.flatMap { packets(of: $0.number, frames, origin) }
            .sorted { $0.decodeTime < $1.decodeTime }
    }

    // MARK: Ends

    /// A clip begins with what a decoder can start at: the first key frame, or the last one before an exact start.
    private func dropLead(_ frames: inout [TimedFrame], _ main: UInt64) {
        let keys = frames.indices.filter { frames[$0].frame.track == main && frames[$0].frame.isKey }
        guard let first = keys.first else { return frames = [] }
        let start = order.start.nanoseconds
        let key = order.isPrecise ? keys.last { frames[$0].time <= start } ?? first : first
        let keyTime = frames[key].time
        frames = frames.enumerated().filter { index, frame in
            frame.frame.track == main ? index >= key : frame.time >= keyTime
        }.map(\.element)
    }

    /// Leaves out what lies outside of an exact cut and is not needed to decode what lies inside.
    private func cutEnds(_ frames: inout [TimedFrame], _ main: UInt64) {
        let (start, stop) = (order.start.nanoseconds, order.end.nanoseconds)
        let last = frames.lastIndex { $0.frame.track == main && $0.time < stop } ?? -1
        let isVideo = tracks.first { $0.number == main }?.type == .video
        frames = frames.enumerated().filter { index, frame in
            if frame.frame.track == main, isVideo { return index <= last }
            return frame.time >= start && frame.time < stop
        }.map(\.element)
    }

    // MARK: Times

    private typealias Extent = (start: Int64, end: Int64)

    private mutating func extent(of frames: [TimedFrame], _ main: UInt64) -> Extent? {
        let times = frames.lazy.filter { $0.frame.track == main }.map(\.time)
        guard let first = times.min(), let last = times.max() else { return nil }
        let count = times.count
        if count > 1, last > first { interval = (last - first) / Int64(count - 1) }
        return (first, last + interval)
    }

    /// Finds where the fragment lies in the clip, and cuts out the gap before it.
    private mutating func place(_ extent: Extent) {
        guard let origin, let lastEnd else {
            self.origin = order.isPrecise ? max(extent.start, order.start.nanoseconds) : extent.start
            return
        }
        let distance = extent.start - lastEnd
        // Two fragments touch while the second begins within half the first one's length; here only its end is known.
        guard distance > max(interval, 500_000_000) || distance < -interval else { return }
        self.origin = origin + distance
        guard distance > 0 else { return }
        gaps.append(
            ClipGap(
                start: Timestamp(milliseconds: lastEnd / 1_000_000),
                end: Timestamp(milliseconds: extent.start / 1_000_000)
            )
        )
    }

    private mutating func packets(of track: UInt64, _ frames: [TimedFrame], _ origin: Int64) -> [MediaPacket]
    {
        let own = frames.filter { $0.frame.track == track }
        guard !own.isEmpty else { return [] }
        let ascending = own.map { $0.time - origin }.sorted()
        let needed = zip(ascending, own).map { $0 - ($1.time - origin) }.max() ?? 0
        let delay = delays[track] ?? max(0, needed)
        delays[track] = delay
        return own.indices.map { index in
            let time = own[index].time - origin
            var decode = min(ascending[index] - delay, time)
            if let last = lastDecodeTime[track] { decode = max(decode, last + 1) }
            lastDecodeTime[track] = decode
            let next = ascending.first { $0 > time } ?? time + ownInterval(ascending)
            return MediaPacket(
                track: track,
                presentationTime: max(time, decode),
                decodeTime: decode,
                duration: next - time,
                isKey: own[index].frame.isKey,
                data: own[index].frame.data
            )
        }
    }

    private func ownInterval(_ ascending: [Int64]) -> Int64 {
        guard let first = ascending.first, let last = ascending.last, last > first else { return interval }
        return (last - first) / Int64(ascending.count - 1)
    }
}

extension Timestamp {
    /// Nanoseconds since 1970, from then to the year 2200: sums and differences of two overflow nowhere.
    fileprivate var nanoseconds: Int64 { min(max(0, milliseconds), 7_258_118_400_000) * 1_000_000 }
}
