import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    /// Takes the seek under way as far as what is known allows.
    mutating func advanceSeek(_ now: PlayerTime) {
        // Each step either waits for media or changes the phase; a few lead from the target to the decoder.
        for _ in 0..<8 {
            guard let before = seek else { return }
            switch before.phase {
            case .locating: locate(before.target, now)
            case .fetching(let number, let aim): obtain(number, aim, now)
            case .decoding(let number, let aim): conclude(number, aim, now)
            }
            if seek == before { return }
        }
    }

    mutating func abandonSeek(_ now: PlayerTime) {
        seek = nil
        startClock(now)
    }

    // MARK: Locating

    private mutating func locate(_ target: Seek.Target, _ now: PlayerTime) {
        switch target {
        case .time(let time, let direction): locate(time, direction, now)
        case .fragment(let number): found(number, .index(0))
        case .frame(let frame): found(frame.fragment, .index(frame.index))
        case .framesBefore(let number, let count):
            guard let previous = reach(from: number, forward: false, now) else { return }
            if let before = timeline.fragment(previous), let after = timeline.fragment(number),
                let gap = timeline.gap(between: before, and: after), gap.length > 500
            {
                sayGap(gap.length)
            }
            found(previous, .fromEnd(count - 1))
        case .fragments(let number, let count): locateFragment(number, count, now)
        case .recordings(let time, let count): locateRecording(time, count, now)
        case .oldest: locateOldest(now)
        }
    }

    private mutating func found(_ number: FragmentNumber, _ aim: Seek.Aim) {
        let isPreview = seek?.isPreview == true
        seek?.phase = .fetching(number, isPreview ? .key : aim)
        if case .index(0) = aim, let info = timeline.fragment(number) { seek?.time = info.producerTimestamp }
    }

    private mutating func locate(_ time: Timestamp, _ direction: Int, _ now: PlayerTime) {
        if let info = timeline.fragment(at: time) { return found(info.number, .time(time)) }
        switch timeline.place(at: time, now: edge(now), expiry: expiry(now)) {
        case .archive, .liveBuffer: return
        case .gap(_, _, let landing): land(time, direction, landing)
        case .future:
            // What nobody has listed may still be there before the live edge.
            if settings.hasArchive, time < edge(now), !timeline.isListed(at: min(time, settled(now))) {
                requestListing(around: time, now)
            } else if seek?.isPreview == true {
                abandonSeek(now)
            } else {
                goLive(now)
            }
        case .expired: landOldest(time, now)
        case .unknown:
            guard settings.hasArchive else { return landOldest(time, now) }
            requestListing(around: time, now)
        }
    }

    private mutating func land(_ time: Timestamp, _ direction: Int, _ landing: Timestamp) {
        guard let gap = timeline.gap(at: time) else { return }
        if seek?.isPreview == true {
            return found(time < landing ? gap.after.number : gap.before.number, .key)
        }
        switch direction {
        case 0 where landing >= gap.end: found(gap.after.number, .index(0))
        case 1...: found(gap.after.number, .index(0))
        default: found(gap.before.number, .fromEnd(0))
        }
        if direction != 0 { say("gap \(spokenLength(gap.length))") }
    }

    private mutating func landOldest(_ time: Timestamp, _ now: PlayerTime) {
        guard let oldest = timeline.oldest, oldest.producerTimestamp > time,
            timeline.isListed(at: oldest.producerTimestamp)
        else {
            if settings.hasArchive { seek?.target = .oldest } else { abandonSeek(now) }
            return
        }
        say("oldest media kept")
        found(oldest.number, .index(0))
    }

    private mutating func locateFragment(_ number: FragmentNumber, _ count: Int, _ now: PlayerTime) {
        guard let next = reach(from: number, forward: count > 0, now) else { return }
        let rest = count > 0 ? count - 1 : count + 1
        if rest == 0 { found(next, .index(0)) } else { seek?.target = .fragments(from: next, rest) }
    }

    private mutating func locateRecording(_ time: Timestamp, _ count: Int, _ now: PlayerTime) {
        let start = count > 0 ? timeline.recordingStart(after: time) : timeline.recordingStart(before: time)
        let (low, high) = (
            min(time, start?.producerTimestamp ?? time), max(time, start?.producerTimestamp ?? time)
        )
        if settings.hasArchive, let range = unlisted(low, high, isForward: count > 0, start == nil, now) {
            requestListing(range, now)
            return
        }
        guard let start else { return count > 0 ? goLive(now) : landOldest(time, now) }
        let rest = count > 0 ? count - 1 : count + 1
        if rest == 0 {
            found(start.number, .index(0))
        } else {
            seek?.target = .recordings(from: start.producerTimestamp, rest)
        }
    }

    /// What has to be listed before a recording's start can be trusted to be the nearest one.
    private func unlisted(
        _ low: Timestamp,
        _ high: Timestamp,
        isForward: Bool,
        _ isOpenEnded: Bool,
        _ now: PlayerTime
    ) -> ClosedRange<Timestamp>? {
        let limit = isForward ? settled(now) : expiry(now) ?? Timestamp(milliseconds: 0)
        // One fragment's width before a start tells whether it begins a recording.
        let margin = 2 * timeline.meanDistance
        let from = isForward ? low : isOpenEnded ? limit : max(limit, low.advanced(byMilliseconds: -margin))
        let to = isForward && isOpenEnded ? limit : min(high, settled(now))
        guard from <= to else { return nil }
        let missing = timeline.unlisted(from: from, to: to)
        let span = listingSpan
        guard let piece = isForward ? missing.first : missing.last else { return nil }
        if isForward {
            return piece.lowerBound...min(piece.upperBound, piece.lowerBound.advanced(byMilliseconds: span))
        }
        return max(piece.lowerBound, piece.upperBound.advanced(byMilliseconds: -span))...piece.upperBound
    }

    /// Lists from where the oldest media may be, in stretches twice as long each time, until something is
    /// found.
    private mutating func locateOldest(_ now: PlayerTime) {
        guard settings.hasArchive else {
            guard let oldest = timeline.oldest else { return abandonSeek(now) }
            return found(oldest.number, .index(0))
        }
        let start = expiry(now) ?? edge(now).advanced(byMilliseconds: -7 * 86_400_000)
        guard let piece = timeline.unlisted(from: start, to: settled(now)).first else {
            guard let oldest = timeline.first(startingFrom: start) else { return abandonSeek(now) }
            return found(oldest.number, .index(0))
        }
        if let oldest = timeline.first(startingFrom: start), oldest.producerTimestamp < piece.lowerBound {
            return found(oldest.number, .index(0))
        }
        let end = min(piece.upperBound, piece.lowerBound.advanced(byMilliseconds: archive.probe))
        if requestListing(piece.lowerBound...end, now) { archive.probe *= 2 }
    }

    /// The fragment next to another one; nil while it has to be waited for, or where the seek has ended otherwise.
    private mutating func reach(from number: FragmentNumber, forward: Bool, _ now: PlayerTime)
        -> FragmentNumber?
    {
        guard timeline.fragment(number) != nil else {
            abandonSeek(now)
            return nil
        }
        switch neighbor(of: number, forward: forward, now) {
        case .fragment(let next): return next
        case .unlisted(let range): requestListing(range, now)
        case .none where forward: goLive(now)
        case .none:
            say("oldest media kept")
            found(number, .index(0))
        }
        return nil
    }

    // MARK: Obtaining

    /// Waits until the fragment is there as far as the seek needs it, and sends it to the decoder.
    private mutating func obtain(_ number: FragmentNumber, _ aim: Seek.Aim, _ now: PlayerTime) {
        guard let fragment = memory[number], fragment.completeness != .cut || isComing(number) else {
            return requestMedia(number, now)
        }
        guard let key = fragment.keyIndex(from: 0) else {
            // A fragment without a key frame cannot be shown on its own.
            if fragment.completeness == .complete { skipUndecodable(number, now) }
            return
        }
        var start = key
        if let target = decodeIndex(of: aim, in: fragment) {
            start = fragment.keyIndex(before: target) ?? key
        }
        let isConnected = isConnectedToLive(from: number)
        startDecoding(at: Cursor(fragment: number, index: start), now)
        if !isConnected { closeLive() }
        seek?.phase = .decoding(number, aim)
    }

    private mutating func skipUndecodable(_ number: FragmentNumber, _ now: PlayerTime) {
        say("fragment \(number.shortName) has no picture to begin with")
        if case .fragment(let next) = timeline.follower(of: number), let skipped = seek?.skipped, skipped < 3
        {
            seek?.skipped = skipped + 1
            seek?.target = .fragment(next.number)
            seek?.phase = .locating
        } else {
            abandonSeek(now)
        }
    }

    private func isComing(_ number: FragmentNumber) -> Bool {
        live.current == number || fetch?.current == number
    }

    /// The place in decode order of the frame aimed at; nil while frames that matter are still to come.
    func decodeIndex(of aim: Seek.Aim, in fragment: MemoryFragment) -> Int? {
        let order = fragment.presentationOrder
        switch aim {
        case .key: return fragment.keyIndex(from: 0)
        case .time(let time):
            let isThere = fragment.times.contains { $0 > time.milliseconds }
            return isThere || fragment.completeness == .complete ? fragment.frame(at: time) : nil
        case .index(let index):
            if index < order.count { return order[index] }
            return fragment.completeness == .complete ? order.last : nil
        case .fromEnd(let count):
            guard fragment.completeness == .complete else { return nil }
            return count < order.count ? order[order.count - 1 - count] : order.first
        }
    }

    // MARK: Concluding

    /// Shows the frame aimed at once it is decoded, and what is near until then.
    private mutating func conclude(_ number: FragmentNumber, _ aim: Seek.Aim, _ now: PlayerTime) {
        guard let fragment = memory[number] else {
            seek?.phase = .fetching(number, aim)
            return
        }
        if carryOver(number, aim, fragment) { return }
        let wanted = decodeIndex(of: aim, in: fragment).map {
            FrameAddress(fragment: number, index: fragment.presentationIndex(of: $0))
        }
        if let wanted, let index = queue.index(of: wanted) ?? substitute(for: wanted) {
            return arrive(at: index, now)
        }
        guard !queue.entries.isEmpty, seek?.hasShownNear == false, wanted != nil || seek?.isPreview == false
        else {
            return
        }
        seek?.hasShownNear = true
        show(at: 0, isExact: false, now)
    }

    /// More frames back than the fragment has: the rest lies in the one before.
    private mutating func carryOver(_ number: FragmentNumber, _ aim: Seek.Aim, _ fragment: MemoryFragment)
        -> Bool
    {
        guard case .fromEnd(let count) = aim, fragment.completeness == .complete else { return false }
        let excess = count - fragment.presentationOrder.count
        guard excess >= 0, timeline.previous(before: number) != nil else { return false }
        seek?.target = .framesBefore(number, excess + 1)
        seek?.phase = .locating
        return true
    }

    /// The picture nearest before a frame that the decoder has left out, once it is known that it has.
    private func substitute(for frame: FrameAddress) -> Int? {
        guard let last = queue.last else { return nil }
        let isPast = last.frame.fragment != frame.fragment || last.frame.index > frame.index
        guard isPast || decoder.needsReset else { return nil }
        return queue.entries.lastIndex {
            $0.frame.fragment == frame.fragment && $0.frame.index <= frame.index
        } ?? 0
    }

    private mutating func arrive(at index: Int, _ now: PlayerTime) {
        let isPreview = seek?.isPreview == true
        seek = nil
        show(at: index, isExact: !isPreview, now)
        startClock(now)
    }

    // MARK: Decoding

    /// Begins anew at a frame: what was decoded is of no use.
    mutating func startDecoding(at cursor: Cursor, _ now: PlayerTime) {
        self.cursor = cursor
        actions.append(.discard(tokens: queue.removeAll()))
        decoder.fed = [:]
        decoder.pending = 0
        decoder.isDraining = false
        decoder.needsReset = true
        decoder.needsKey = true
        decoder.epoch += 1
        pace.startsWithNext = true
        pace.isStarved = false
        pace.jump = nil
        load.restart()
        clock.setRate(0, at: now.elapsed)
    }
}
