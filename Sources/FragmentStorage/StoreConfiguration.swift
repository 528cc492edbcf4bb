/// Sizes and times of a store.
public struct StoreConfiguration: Sendable, Hashable {
    /// Milliseconds of the newest media that stay in memory beside the archive.
    public var liveWindow: Int64 = 30_000
    /// Milliseconds after which a fragment leaves memory, counted from its server timestamp.
    public var liveAge: Int64 = 300_000
    /// Bytes of complete fragments in memory, per stream.
    public var liveBytes = 200_000_000
    /// Milliseconds that a complete fragment waits for an open one with a lower number.
    ///
    /// It goes on at the next ``FragmentStore/tick()``: together that must not be more than five seconds. Source: 01
    /// Overview, "Fragment number", rule 4.
    public var orderingHold: Int64 = 4_750
    /// Bytes from which on a segment file takes no further fragment.
    public var segmentBytes = 64 << 20
    /// Fragments from which on a segment file takes no further one.
    ///
    /// A search by time may walk through one segment in vain.
    public var segmentFragments = 4_096
    /// Milliseconds after which a segment file takes no further fragment.
    public var segmentAge: Int64 = 900_000
    /// Bytes of all archives together, above which the oldest segments go; nil for no limit.
    public var archiveBytes: Int?
    /// Bytes of a stream's archive, by its name, above which its oldest segments go; no limit for others.
    public var streamBytes: [String: Int] = [:]
    /// Bytes waiting for the disk from which on no further fragment begins.
    public var queueBytes = 256_000_000
    /// Threads that read the archive.
    public var readingThreads = 4
    /// Threads that wait until files are durable, each for one file.
    public var synchronizingThreads = 16

    /// The figures of the service.
    public init() {}

    /// Bytes from which on a segment of this stream takes no further fragment: a small part of what may be
    /// kept, since segments are removed as a whole.
    func segmentBytes(of stream: String) -> Int {
        let limit = min(archiveBytes ?? .max, streamBytes[stream] ?? .max)
        return min(segmentBytes, max(1 << 20, limit / 16))
    }
}
