import KinesisVideo
import NIOCore

/// A stream's newest fragments in memory: complete ones by their numbers, and those still arriving.
///
/// ```
///   archive only | complete, archived   complete, waiting for the disk | open
///        archivedBelow ^                                               ^ gate: readers wait for this one
/// ```
///
/// Looking a fragment up costs a binary search. A fragment that waits for the disk is never evicted, so a
/// reader always finds it here or in the archive; what waits is bounded by the queue in front of the disk.
///
/// Source: 01 Overview, "Live buffer and archive" and rule 4 of "Fragment number".
struct LiveBuffer {
    /// Whether a fragment must stay in memory for the archive's sake.
    enum Durability: Sendable {
        /// The archive does not get it, or could not take it.
        case memoryOnly
        /// On its way to the disk.
        case waiting
        /// Readable from the archive.
        case archived
    }

    private struct Complete {
        let chunk: StoredChunk
        var durability: Durability
    }

    private struct Open {
        let fragment: OpenFragment
        var isAnnounced = false
        /// Later fragments wait for this one.
        var isGating = true
        /// When the first later fragment became complete.
        var heldSince: Timestamp?
    }

    private let configuration: StoreConfiguration
    private var complete: CircularBuffer<Complete> = []
    private var open: [Open] = []
    /// Bytes of the complete fragments.
    private(set) var bytes = 0
    /// The highest number that only the archive has.
    private(set) var archivedBelow: FragmentNumber?

    /// Begins with an archive that ends in `newestArchived`.
    init(configuration: StoreConfiguration, newestArchived: FragmentNumber?) {
        self.configuration = configuration
        archivedBelow = newestArchived
    }

    /// The fragments that are still arriving.
    var openFragments: [OpenFragment] { open.map(\.fragment) }
    /// The complete fragments, by number.
    var chunks: some Sequence<StoredChunk> { complete.lazy.map(\.chunk) }
    /// The complete fragment with the lowest number.
    var first: StoredChunk? { complete.first?.chunk }
    /// The complete fragment with the highest number.
    var last: StoredChunk? { complete.last?.chunk }

    /// From the oldest fragment's start to the newest one's end, on the server's clock.
    var milliseconds: Int64 {
        guard let first, let last else { return 0 }
        let span = last.info.serverTimestamp.milliseconds - first.info.serverTimestamp.milliseconds
        return max(0, span + last.info.length)
    }
}

// Fragments come and go.
extension LiveBuffer {
    /// Takes in a fragment whose number has just been given out.
    mutating func begin(_ fragment: OpenFragment) {
        open.append(Open(fragment: fragment))
    }

    /// Notes that readers can follow a fragment.
    mutating func announce(_ fragment: OpenFragment) {
        guard let index = open.firstIndex(where: { $0.fragment === fragment }) else { return }
        open[index].isAnnounced = true
    }

    /// Drops a fragment that will not be complete.
    mutating func abort(_ fragment: OpenFragment) {
        open.removeAll { $0.fragment === fragment }
    }

    /// Turns an open fragment into a complete one, then evicts what is too much.
    mutating func finish(
        _ fragment: OpenFragment,
        as chunk: StoredChunk,
        durability: Durability,
        now: Timestamp
    ) {
        abort(fragment)
        insert(Complete(chunk: chunk, durability: durability))
        bytes += chunk.info.size
        for index in open.indices where open[index].fragment.number < chunk.info.number {
            open[index].heldSince = open[index].heldSince ?? now
        }
        evict(now: now)
    }

    /// Notes what became of a fragment that was on its way to the disk.
    mutating func settle(_ number: FragmentNumber, as durability: Durability, now: Timestamp) {
        let index = position(of: .at(number))
        guard index < complete.count, complete[offset: index].chunk.info.number == number else { return }
        complete[offset: index].durability = durability
        evict(now: now)
    }

    /// Notes a fragment that went into the archive without passing through here.
    mutating func noteArchived(_ number: FragmentNumber) {
        archivedBelow = archivedBelow.map { max($0, number) } ?? number
    }

    /// Drops complete fragments, oldest first, as the limits ask.
    mutating func evict(now: Timestamp) {
        while let first = complete.first, let last = complete.last, first.durability != .waiting {
            let start = first.chunk.info.serverTimestamp
            let isBeyondLimits =
                bytes > configuration.liveBytes || start.advanced(byMilliseconds: configuration.liveAge) < now
            let isBeyondWindow =
                first.durability == .archived
                && start.advanced(byMilliseconds: configuration.liveWindow) < last.chunk.info.serverTimestamp
            guard isBeyondLimits || isBeyondWindow else { return }
            if first.durability == .archived { noteArchived(first.chunk.info.number) }
            bytes -= first.chunk.info.size
            complete.removeFirst()
        }
    }

    /// Lets complete fragments pass open ones that they have waited for long enough.
    ///
    /// - Returns: true where a reader may now go on.
    mutating func releaseHolds(now: Timestamp) -> Bool {
        var isReleased = false
        for index in open.indices where open[index].isGating {
            guard let since = open[index].heldSince,
                since.advanced(byMilliseconds: configuration.orderingHold) <= now
            else { continue }
            open[index].isGating = false
            isReleased = true
        }
        return isReleased
    }

    private mutating func insert(_ fragment: Complete) {
        let position = position(of: .at(fragment.chunk.info.number))
        // Nearly always the highest number: inserting copies the buffer, appending does not.
        if position == complete.count {
            complete.append(fragment)
        } else {
            complete.insert(fragment, at: complete.index(complete.startIndex, offsetBy: position))
        }
    }

    private func position(of bound: NumberBound) -> Int {
        var (low, high) = (0, complete.count)
        while low < high {
            let middle = (low + high) / 2
            if bound.admits(complete[offset: middle].chunk.info.number) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}

// What a reader finds.
extension LiveBuffer {
    /// What comes next for a reader, as far as memory tells.
    struct Look {
        /// The next complete fragment that is in turn.
        var chunk: StoredChunk?
        /// The fragment that arrives just now and is in turn, where readers can follow it already.
        var following: OpenFragment?
        /// Nothing from this number on is in turn yet.
        var gate: FragmentNumber?
        /// The archive may have something that comes before.
        var needsArchive: Bool
    }

    /// Looks for what follows `bound`.
    func look(from bound: NumberBound) -> Look {
        let gating = open.filter { $0.isGating && bound.admits($0.fragment.number) }
            .min { $0.fragment.number < $1.fragment.number }
        let gate = gating?.fragment.number
        let index = position(of: bound)
        let next = index < complete.count ? complete[offset: index].chunk : nil
        let chunk = next.flatMap { chunk in gate.map { chunk.info.number < $0 } ?? true ? chunk : nil }
        return Look(
            chunk: chunk,
            following: chunk == nil && gating?.isAnnounced == true ? gating?.fragment : nil,
            gate: gate,
            needsArchive: archivedBelow.map { bound.admits($0) } ?? false
        )
    }
}
