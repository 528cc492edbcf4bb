import KinesisVideo
import KinesisVideoConsumer

/// What is known of the archive, kept known on the screen.
extension PlayerState {
    /// Milliseconds that hold about as many fragments as one listing may.
    var listingSpan: Int64 { max(10_000, timeline.meanDistance * 900) }

    /// Lists around a moment that a seek wants to go to.
    mutating func requestListing(around time: Timestamp, _ now: PlayerTime) {
        let half = listingSpan / 2
        let from = max(
            time.advanced(byMilliseconds: -half),
            expiry(now) ?? time.advanced(byMilliseconds: -half)
        )
        let to = max(from, min(time.advanced(byMilliseconds: half), edge(now)))
        requestListing(min(from, to)...to, now)
    }

    /// Calls ListFragments, unless one is under way or the last was only just now.
    @discardableResult
    mutating func requestListing(_ range: ClosedRange<Timestamp>, _ now: PlayerTime) -> Bool {
        guard listing == nil, archive.refusal == nil, now.elapsed >= archive.nextListing else { return false }
        archive.nextListing = now.elapsed + CallSchedule.spacing
        if range.upperBound >= settled(now) { archive.lastTailListing = now.elapsed }
        let request = nextRequest()
        listing = ListingCall(request: request, range: range, settled: settled(now))
        let selector = FragmentSelector(clock: .producer, start: range.lowerBound, end: range.upperBound)
        actions.append(.list(request: request, selector))
        return true
    }

    /// Keeps the stretch on screen listed, nearest first, and looks every ten seconds at what has been
    /// archived since.
    mutating func planListing(_ now: PlayerTime) {
        guard settings.hasArchive, let window, listing == nil else { return }
        guard now.elapsed >= archive.nextListing + CallSchedule.spacing else { return }
        let edge = edge(now)
        if let time = wantedPlace {
            wantedPlace = nil
            if place(at: time, at: now) == .unknown {
                requestListing(around: time, now)
                return
            }
        }
        if now.elapsed >= archive.nextTailListing, let from = tailStart(window, now) {
            archive.nextTailListing = now.elapsed + .seconds(10)
            requestListing(from...max(from, edge), now)
            return
        }
        // What became final since the last look at the tail waits for the next one.
        let known = archive.lastTailListing.map {
            settled(now).advanced(byMilliseconds: -Int64((now.elapsed - $0).milliseconds))
        }
        let range = timeline.nextListing(
            from: window.lowerBound,
            to: window.upperBound,
            now: edge,
            settled: known ?? settled(now),
            expiry: expiry(now)
        )
        if let range { requestListing(range, now) }
    }

    /// From where the tail is to be listed: the first fragment not seen in a listing yet, or the end of what
    /// is known.
    private func tailStart(_ window: ClosedRange<Timestamp>, _ now: PlayerTime) -> Timestamp? {
        let settled = settled(now)
        guard window.upperBound >= settled else { return nil }
        if let first = timeline.firstUnarchived(from: settled.advanced(byMilliseconds: -listingSpan)) {
            return first
        }
        return timeline.unlisted(
            from: max(window.lowerBound, settled.advanced(byMilliseconds: -listingSpan)),
            to: settled
        )
        .last?.lowerBound
    }
}
