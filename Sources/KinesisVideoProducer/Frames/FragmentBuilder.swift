import KinesisVideo
public import Matroska

/// Makes fragments of frames as they come, each frame given out as soon as its place is certain.
///
/// ```
/// V0k A5 V40 ... V2000k        ->  tracks | start 0, V0k, A5, V40, ... metadata | start 2000, V2000k, ...
/// ```
/// A fragment begins at a key frame of the video track, or of the first track where there is none. Its Cluster's time
/// is the lowest of all its frames, which is certain once a frame is decoded no earlier than that: with pictures that
/// are not reordered that is at once. A fragment without a frame of every track is joined with the next, as the service
/// would refuse it; one that grows too long or too large is split. A value without I/O.
///
/// Source: 08 Producer library, "Timestamps and fragments"; 03 PutMedia, "MKV rules".
public struct FragmentBuilder: Sendable {
    /// Fragments that do not begin with a key frame, because none had come for too long.
    public private(set) var splitFragments = 0

    private var adapters: [UInt64: TrackAdapter] = [:]
    private let order: [UInt64]
    private let leader: UInt64
    private let minimumLength: Int64
    private let endsByHand: Bool
    private var interleaver: FrameInterleaver
    private var metadata = MetadataQueue()
    private var declared: [TrackEntry] = []
    private var drops: [UploadWindow.Drop] = []

    private var isOpen = false
    /// Frames of the open fragment whose start is not certain.
    private var waiting: [EncodedFrame] = []
    /// Of the open fragment: its first time, its bytes, and the tracks that have a frame in it.
    private var start: Int64 = 0
    private var bytes = 0
    private var seen: Set<UInt64> = []
    /// The latest time given out, and the last of each track.
    private var latest = Int64.min
    private var lastTimes: [UInt64: Int64] = [:]

    /// Creates a builder.
    ///
    /// - Throws: `ProducerError.badDefinition`.
    public init(_ definition: StreamDefinition) throws(ProducerError) {
        try definition.validate()
        for track in definition.tracks {
            adapters[track.number] = try TrackAdapter(track, form: definition.nalForm)
        }
        order = definition.tracks.map(\.number)
        let video = definition.tracks.first { $0.type == .video }
        leader = video?.number ?? order[0]
        endsByHand = definition.fragmentsAtKeyFrames
        // Of sound every frame is a key frame.
        minimumLength =
            definition.fragmentsAtKeyFrames && video != nil
            ? FragmentBounds.shortest : definition.fragmentDuration.roundedMilliseconds
        interleaver = FrameInterleaver(tracks: order)
    }

    /// The tracks as they are declared now.
    public var tracks: [TrackEntry] { order.compactMap { adapters[$0]?.entry } }

    /// Takes a frame; those of one track in decode order.
    ///
    /// - Returns: what is certain now.
    /// - Throws: `ProducerError.unknownTrack`, `ProducerError.badFrame`; the frame is then not taken.
    public mutating func put(_ frame: MediaFrame) throws(ProducerError) -> [StreamUpload.Part] {
        guard var adapter = adapters[frame.track] else { throw .unknownTrack(frame.track) }
        var frame = frame
        frame.data = try adapter.adapt(frame)
        guard frame.data.count <= FragmentBounds.largest else {
            throw .badFrame("its \(frame.data.count) bytes are more than a fragment may have")
        }
        guard frame.presentationTime.roundedMilliseconds >= 0 else { throw .badFrame("it lies before 1970") }
        adapters[frame.track] = adapter
        return interleaver.put(frame).flatMap { place($0) }
    }

    /// Takes metadata for the fragment that is being made, or the next where none is.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 bytes, not beginning with `AWS`.
    ///   - value: at most 256 bytes; empty takes a persistent item away.
    ///   - isPersistent: true where every fragment from now on has it.
    /// - Throws: `ProducerError.badMetadata` for the eleventh item of a fragment, and what else breaks its limit.
    public mutating func putMetadata(_ name: String, _ value: String, isPersistent: Bool = false)
        throws(ProducerError)
    {
        try metadata.put(name, value, isPersistent: isPersistent)
    }

    /// Asks the service to do something with the fragment that is being made, or the next where none is.
    ///
    /// - Throws: `ProducerError.badMetadata`.
    public mutating func putEvent(_ event: FragmentEvent) throws(ProducerError) {
        try metadata.put(event)
    }

    /// Ends the open fragment: frames are then dropped until the next key frame.
    ///
    /// - Returns: what is left of it.
    /// - Throws: `ProducerError.noOpenFragment`, `ProducerError.fragmentsAreTimed`.
    public mutating func endFragment() throws(ProducerError) -> [StreamUpload.Part] {
        guard endsByHand else { throw .fragmentsAreTimed }
        let parts = interleaver.flush().flatMap { place($0) }
        guard isOpen else { throw .noOpenFragment }
        return parts + close() + [.endOfFragment]
    }

    /// Ends the stream.
    ///
    /// - Returns: what is left, remaining metadata behind its last fragment.
    public mutating func finish() -> [StreamUpload.Part] {
        let parts = interleaver.flush().flatMap { place($0) }
        return isOpen ? parts + close() + [.endOfFragment] : parts
    }

    /// What has been left out since the last call.
    public mutating func takeDrops() -> [UploadWindow.Drop] {
        defer { drops = [] }
        return drops
    }
}

// MARK: - Fragments

extension FragmentBuilder {
    private mutating func place(_ frame: MediaFrame) -> [StreamUpload.Part] {
        var time = frame.presentationTime.roundedMilliseconds
        // Of two tracks at the same moment the frame that comes later is a millisecond later.
        while lastTimes.contains(where: { $0.key != frame.track && $0.value == time }) { time += 1 }
        var parts: [StreamUpload.Part] = []
        if frame.track == leader, let cut = cut(before: frame, &time) { parts = cut }
        guard isOpen else {
            drops.append(UploadWindow.Drop(timecode: UInt64(time), frames: 1, reason: .noKeyFrame))
            return parts
        }
        let encoded = EncodedFrame(
            track: frame.track,
            timecode: time,
            isKey: frame.isKey,
            isInvisible: frame.isInvisible,
            isDiscardable: frame.isDiscardable,
            data: frame.data
        )
        (lastTimes[frame.track], latest) = (time, max(latest, time))
        bytes += frame.data.count
        seen.insert(frame.track)
        return parts + give(encoded, decodedAt: frame.decodeTime.roundedMilliseconds)
    }

    /// Gives a frame out, or keeps it until the start of its fragment is certain.
    private mutating func give(_ frame: EncodedFrame, decodedAt time: Int64) -> [StreamUpload.Part] {
        guard !waiting.isEmpty || bytes == frame.data.count else { return [.frame(frame)] }
        waiting.append(frame)
        let lowest = waiting.map(\.timecode).min() ?? frame.timecode
        return time >= lowest ? release() : []
    }

    private mutating func release() -> [StreamUpload.Part] {
        guard let lowest = waiting.map(\.timecode).min() else { return [] }
        defer { waiting = [] }
        return [.fragmentStart(timestamp: UInt64(max(0, lowest)))] + waiting.map { .frame($0) }
    }

    /// Begins a fragment ahead of a frame, where that is to be.
    ///
    /// - Returns: the end of the one before; nil where none begins.
    private mutating func cut(before frame: MediaFrame, _ time: inout Int64) -> [StreamUpload.Part]? {
        guard isOpen else { return frame.isKey ? begin(&time) : nil }
        let isTooMuch =
            time - start > FragmentBounds.longest || bytes + frame.data.count > FragmentBounds.largest
        let isWhole = seen.count == order.count
        let isDue = frame.isKey && isWhole && time - start >= minimumLength && time >= latest
        guard isDue || isTooMuch else { return nil }
        if !frame.isKey { splitFragments += 1 }
        return close() + begin(&time)
    }

    private mutating func begin(_ time: inout Int64) -> [StreamUpload.Part] {
        // The service takes no fragment that begins with the last moment of the one before.
        if latest != .min { time = max(time, latest + 1) }
        (isOpen, start, bytes, seen) = (true, time, 0, [])
        guard declared != tracks else { return [] }
        declared = tracks
        return [.tracks(tracks)]
    }

    private mutating func close() -> [StreamUpload.Part] {
        isOpen = false
        return release() + metadata.take().map { .metadata($0) }
    }
}
