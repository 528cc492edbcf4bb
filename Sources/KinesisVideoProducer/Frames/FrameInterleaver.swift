/// Puts the frames of several tracks into one order, that of decoding.
///
/// ```
/// video  V0 V40 V80        out: V0 A20 V40 A41 ...
/// audio  A20 A41
/// ```
/// A frame leaves once every track has one, or once its own track has too many for that. One track passes through. A
/// value without I/O. Source: 08 Producer library, "Timestamps and fragments", frame order mode 3.
struct FrameInterleaver: Sendable {
    /// Frames of a track that may wait for the other tracks.
    static let limit = 60

    private let order: [UInt64]
    private var queues: [UInt64: [MediaFrame]] = [:]

    init(tracks: [UInt64]) {
        order = tracks
    }

    /// Takes a frame.
    ///
    /// - Returns: what is certain now, in order.
    mutating func put(_ frame: MediaFrame) -> [MediaFrame] {
        guard order.count > 1 else { return [frame] }
        queues[frame.track, default: []].append(frame)
        var ready: [MediaFrame] = []
        while order.allSatisfy({ queues[$0]?.isEmpty == false })
            || queues.values.contains(where: { $0.count > Self.limit })
        {
            guard let next = takeEarliest() else { break }
            ready.append(next)
        }
        return ready
    }

    /// Gives up waiting: all frames, in order.
    mutating func flush() -> [MediaFrame] {
        var rest: [MediaFrame] = []
        while let next = takeEarliest() { rest.append(next) }
        return rest
    }

    /// Of two at the same moment the one of the track that was declared first.
    private mutating func takeEarliest() -> MediaFrame? {
        let heads = order.compactMap { queues[$0]?.first }
        guard let earliest = heads.min(by: { $0.decodeTime < $1.decodeTime }) else { return nil }
        queues[earliest.track]?.removeFirst()
        return earliest
    }
}
