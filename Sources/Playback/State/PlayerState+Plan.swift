import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    // MARK: Clocks

    /// The live edge on the producer's clock.
    ///
    /// A producer whose clock is off by more than a second ahead or an hour behind has an edge of its own.
    func edge(_ now: PlayerTime) -> Timestamp {
        guard isSkewed, let newest = timeline.lastByNumber else { return now.wall }
        let lag = newest.serverTimestamp.milliseconds - newest.producerTimestamp.milliseconds
        return now.wall.advanced(byMilliseconds: -lag)
    }

    var isSkewed: Bool {
        guard let newest = timeline.lastByNumber else { return false }
        let lag = newest.serverTimestamp.milliseconds - newest.producerTimestamp.milliseconds
        return lag < -1000 || lag > 3_600_000
    }

    /// Producer time before which nothing is kept.
    func expiry(_ now: PlayerTime) -> Timestamp? {
        guard let retention = settings.retention, settings.hasArchive else { return nil }
        return edge(now).advanced(byMilliseconds: -retention)
    }

    /// The last moment whose absence from a listing is final.
    func settled(_ now: PlayerTime) -> Timestamp {
        edge(now).advanced(byMilliseconds: -5000)
    }

    // MARK: Media ahead

    /// Asks for what playback needs next.
    mutating func planMedia(_ now: PlayerTime) {
        retryLiveWhenDue(now)
        defer { planListing(now) }
        startAtArchiveEdge(now)
        guard seek == nil, preview == nil, let cursor, archive.refusal == nil || !settings.hasArchive else {
            return
        }
        if isReverse { return planReverse(from: cursor.fragment, now) }
        guard let run = runAhead(from: cursor.fragment) else { return rejoin(cursor, now) }
        if live.isActive, run.tail == live.tail { return followArchive(after: run.tail, now) }
        guard fetch == nil, run.ahead < prefetch, wantsMore(run) else { return }
        switch timeline.follower(of: run.tail) {
        case .fragment(let next) where !isNearEdge(run.tail, now) && timeline.isArchived(next.number):
            fetchBatch(from: next, now)
        case .fragment, .unknown: continueAtEdge(after: run.tail, now)
        }
    }

    /// Milliseconds of media that are to be at hand.
    var prefetch: Int64 { Int64(5000 * max(1, rate)) }

    /// A paused player needs media only for the steps it is to take.
    private func wantsMore(_ run: Run) -> Bool {
        !isPaused || pendingSteps > 0
            || run.ahead < 1000 && screen.entry?.origin == .archive && queue.future.isEmpty
    }

    /// The unbroken run of complete fragments in memory from the cursor on, as far as playback needs to know.
    struct Run {
        var tail: FragmentNumber
        /// Milliseconds from the picture on screen to its end.
        var ahead: Int64
    }

    /// - Returns: nil where the fragment at the start is not there or not complete and not coming.
    private func runAhead(from number: FragmentNumber) -> Run? {
        guard let first = memory[number], isUsable(first) else { return nil }
        let position = screen.entry?.time ?? first.metadata.producerTimestamp
        var run = Run(tail: number, ahead: 0)
        while let fragment = memory[run.tail] {
            run.ahead =
                fragment.metadata.producerTimestamp.milliseconds + fragment.length - position.milliseconds
            guard run.ahead < prefetch, fragment.completeness == .complete,
                let next = nextInMemory(after: run.tail)
            else { break }
            run.tail = next
        }
        return run
    }

    private func isUsable(_ fragment: MemoryFragment) -> Bool {
        switch fragment.completeness {
        case .complete: true
        case .open: live.current == fragment.number || fetch?.current == fragment.number
        case .cut: false
        }
    }

    /// The follower of a fragment, where it is in memory.
    func nextInMemory(after number: FragmentNumber) -> FragmentNumber? {
        guard case .fragment(let next) = timeline.follower(of: number), memory[next.number] != nil else {
            return nil
        }
        return next.number
    }

    /// True where playback can go on from a fragment into what the connection brings.
    func isConnectedToLive(from number: FragmentNumber) -> Bool {
        guard live.isActive, let tail = live.tail else { return false }
        var reached = number
        while reached != tail {
            guard let next = nextInMemory(after: reached), memory[reached]?.completeness == .complete else {
                return false
            }
            reached = next
        }
        return true
    }

    var isConnectedToLive: Bool {
        guard let cursor else { return live.isAwaited }
        return isConnectedToLive(from: cursor.fragment)
    }

    /// The archive ends within two fragments: what comes behind them comes by GetMedia.
    private func isNearEdge(_ tail: FragmentNumber, _ now: PlayerTime) -> Bool {
        guard timeline.count(after: tail) <= 2, let last = timeline.lastByNumber else { return false }
        // Unless the listing is old: then there may be more.
        return last.producerTimestamp.milliseconds > edge(now).milliseconds - 10 * timeline.meanDistance
            - 10_000
    }

    /// Nothing archived is known to follow: looks again, or goes over to GetMedia.
    private mutating func continueAtEdge(after tail: FragmentNumber, _ now: PlayerTime) {
        // A connection that is read to no end but for a picture that stands still is one too many.
        guard !isPaused || pendingSteps > 0 else { return }
        if case .refused = live.phase {
            // Refused for good: the archive is all there is.
            if isGetMediaFailing, settings.hasArchive { takeFromArchive(after: tail, now) }
            return
        }
        guard settings.hasArchive, !isNearEdge(tail, now), let info = timeline.fragment(tail) else {
            return handOver(after: tail, now)
        }
        let isFresh = archive.lastTailListing.map { now.elapsed - $0 < .seconds(2) } ?? false
        guard let piece = timeline.unlisted(from: info.producerTimestamp, to: settled(now)).first, !isFresh
        else {
            return handOver(after: tail, now)
        }
        let end = min(edge(now), piece.lowerBound.advanced(byMilliseconds: listingSpan))
        requestListing(info.producerTimestamp...max(info.producerTimestamp, end), now)
    }

    private mutating func handOver(after tail: FragmentNumber, _ now: PlayerTime) {
        guard !live.isActive || live.tail != tail, now.elapsed >= live.nextOpening else { return }
        closeLive()
        openLive(.afterFragment(tail), after: tail, now)
    }

    /// While GetMedia is refused again and again the archive is all there is: it is looked at every two seconds.
    private mutating func followArchive(after tail: FragmentNumber, _ now: PlayerTime) {
        guard isGetMediaFailing, settings.hasArchive, fetch == nil, !isPaused else { return }
        takeFromArchive(after: tail, now)
    }

    private mutating func takeFromArchive(after tail: FragmentNumber, _ now: PlayerTime) {
        if case .fragment(let next) = timeline.follower(of: tail), timeline.isArchived(next.number) {
            fetchBatch(from: next, now)
        } else {
            pollArchive(after: tail, now)
        }
    }

    /// A stream that is gone has no archive either.
    var isGetMediaFailing: Bool {
        switch live.phase {
        case .waiting: live.attempt > 1
        case .refused(let kind): kind == .denied && archive.refusal == nil
        case .closed, .open: false
        }
    }

    /// Live was asked for, and GetMedia has never given anything: begins with the newest that is archived.
    private mutating func startAtArchiveEdge(_ now: PlayerTime) {
        guard live.isAwaited, settings.hasArchive else { return }
        guard isGetMediaFailing else { return startAtEndOfIdleStream(now) }
        if let newest = timeline.lastArchived,
            edge(now).milliseconds - newest.producerTimestamp.milliseconds < 60_000
        {
            live.isAwaited = false
            live.lastComplete = newest.number
            startDecoding(at: Cursor(fragment: newest.number, index: 0), now)
        } else if now.elapsed >= archive.nextTailListing {
            let edge = edge(now)
            guard requestListing(edge.advanced(byMilliseconds: -60_000)...edge, now) else { return }
            archive.nextTailListing = now.elapsed + .seconds(2)
        }
    }

    /// GetMedia is there but nothing comes: shows the newest that is archived, however old, until something does.
    private mutating func startAtEndOfIdleStream(_ now: PlayerTime) {
        // Two seconds after the call even a long fragment would have been announced.
        guard live.isActive, live.current == nil, now.elapsed >= live.nextOpening + .seconds(1) else {
            return
        }
        // The last seconds are looked at again and again; they do not have to be listed up to this moment.
        let end = settled(now).advanced(byMilliseconds: -5000)
        let newest = timeline.lastArchived
        let start = newest?.producerTimestamp ?? expiry(now) ?? Timestamp(milliseconds: 0)
        if let piece = timeline.unlisted(from: min(start, end), to: end).last {
            // Each look reaches four times as far back as the last one, never over what was found empty.
            let reach = max(60_000, 4 * (end.milliseconds - piece.upperBound.milliseconds))
            let from = max(piece.lowerBound, piece.upperBound.advanced(byMilliseconds: -reach))
            requestListing(from...(piece.upperBound == end ? edge(now) : piece.upperBound), now)
        } else if let newest {
            live.isAwaited = false
            live.lastComplete = newest.number
            startDecoding(at: Cursor(fragment: newest.number, index: 0), now)
        }
    }

    private mutating func pollArchive(after tail: FragmentNumber, _ now: PlayerTime) {
        guard let info = timeline.fragment(tail), now.elapsed >= archive.nextTailListing else { return }
        if requestListing(info.producerTimestamp...edge(now), now) {
            archive.nextTailListing = now.elapsed + .seconds(2)
        }
    }

    /// The fragment under the cursor is not there any more, or only in part: brings it again.
    private mutating func rejoin(_ cursor: Cursor, _ now: PlayerTime) {
        guard !isPaused || pendingSteps > 0, fetch == nil else { return }
        if live.isActive, live.lastComplete.map({ $0 < cursor.fragment }) ?? false { return }
        if settings.hasArchive, timeline.isArchived(cursor.fragment) {
            return requestFetch([cursor.fragment], now)
        }
        guard let previous = timeline.previous(before: cursor.fragment) else { return }
        guard live.lastComplete != previous.number || !live.isActive, now.elapsed >= live.nextOpening
        else { return }
        closeLive()
        openLive(.afterFragment(previous.number), after: previous.number, now)
    }

    // MARK: Calls

    /// Fragments from one on: ten seconds of playing or 8 MB.
    private mutating func fetchBatch(from first: FragmentInfo, _ now: PlayerTime) {
        var numbers = [first.number]
        var (info, bytes, length) = (first, first.size, timeline.duration(of: first))
        let most = Int64(10_000 * max(1, rate))
        while bytes < 8 << 20, length < most, numbers.count < 1000,
            case .fragment(let next) = timeline.follower(of: info.number),
            timeline.isArchived(next.number), memory[next.number]?.completeness != .complete
        {
            numbers.append(next.number)
            bytes += next.size
            length += timeline.duration(of: next)
            info = next
        }
        requestFetch(numbers, now)
    }

    /// Calls GetMediaForFragmentList, unless one is under way or the last was only just now.
    mutating func requestFetch(_ numbers: [FragmentNumber], _ now: PlayerTime) {
        guard fetch == nil, now.elapsed >= archive.nextFetch else { return }
        archive.nextFetch = now.elapsed + CallSchedule.spacing
        let request = nextRequest()
        fetch = FetchCall(request: request, numbers: numbers)
        actions.append(.fetch(request: request, numbers))
    }

    /// Brings a fragment that a seek has found.
    mutating func requestMedia(_ number: FragmentNumber, _ now: PlayerTime) {
        guard settings.hasArchive, archive.refusal == nil else { return requestBufferedMedia(number, now) }
        let isKnownLiveOnly = timeline.fragment(number) != nil && !timeline.isArchived(number)
        if isKnownLiveOnly, live.isActive, live.tail.map({ $0 < number }) ?? true { return }
        if let fetch {
            // One seek under way: a single fragment is waited for, a batch elsewhere is not.
            guard !fetch.remaining.contains(number), fetch.remaining.count > 1 else { return }
            actions.append(.cancel(request: fetch.request))
            cutOff(fetch.current)
            self.fetch = nil
        }
        requestFetch([number], now)
    }

    /// Without an archive the service's buffer is read from the fragment before.
    private mutating func requestBufferedMedia(_ number: FragmentNumber, _ now: PlayerTime) {
        guard let info = timeline.fragment(number) else { return abandonSeek(now) }
        let previous = timeline.previous(before: number)?.number
        if live.isActive, live.lastComplete == previous || live.current == number { return }
        guard now.elapsed >= live.nextOpening else { return }
        closeLive()
        let selector: StartSelector =
            previous.map { .afterFragment($0) } ?? .producerTimestamp(info.producerTimestamp)
        openLive(selector, after: previous, now)
    }
}
