import MediaCodec

/// Puts a camera's own times on the clock of the day.
///
/// The first packet is shown when it comes; from then on the camera's own distances count, until they part from the
/// clock by too much, as after a restart of its server. Decode times never go back. A value without I/O.
struct LiveClock: Sendable {
    /// Nanoseconds that a camera may be ahead of the clock, or behind it, before it is set anew.
    static let tolerance: Int64 = 10_000_000_000

    /// Nanoseconds to add to the camera's times; nil before the first packet.
    private var offset: Int64?
    /// The earliest time that a camera which was set anew may begin with, in nanoseconds since 1970.
    private var floor = Int64.min

    /// Begins anew: the camera has been opened again.
    mutating func restart() {
        offset = nil
    }

    /// The time of a packet.
    ///
    /// - Parameters:
    ///   - packet: the packet.
    ///   - now: nanoseconds since 1970.
    /// - Returns: when it is shown and decoded, in nanoseconds since 1970.
    mutating func place(_ packet: MediaPacket, now: Int64) -> (presentation: Int64, decode: Int64) {
        var shift = offset ?? max(floor, now) - packet.decodeTime
        if abs(packet.decodeTime + shift - now) > Self.tolerance { shift = max(floor, now) - packet.decodeTime }
        offset = shift
        let presentation = max(packet.presentationTime, packet.decodeTime) + shift
        // A millisecond behind the latest so far.
        floor = max(floor, presentation + 1_000_000)
        return (presentation, packet.decodeTime + shift)
    }
}
