import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    /// Puts the picture on the screen whose time has come.
    mutating func present(_ now: PlayerTime) {
        guard seek == nil, preview == nil else { return }
        if pace.startsWithNext, !queue.entries.isEmpty, queue.shownIndex == nil {
            pace.startsWithNext = false
            show(at: 0, isExact: true, now)
            startClock(now)
        }
        if pendingSteps != 0 { takeSteps(now) }
        guard !isPaused, queue.shownIndex != nil else { return }
        follow(now)
        // What a jump leaves out is not late.
        if pace.jump != nil { skipToJump(now) }
        showDue(now)
        if isReverse { stopAtOldest(now) }
        noteStarving(now)
    }

    private mutating func showDue(_ now: PlayerTime) {
        let position = clock.position(at: now.elapsed)
        let due = queue.future.prefix { $0.position <= position + 0.001 }
        announceGap(position)
        guard let first = due.first, let last = due.last else { return }
        if holdsAt(first, now) { return }
        let lateness = (position - first.position) / max(1, clock.rate)
        // A hiccup of the machine costs smoothness, not frames: the clock waits for the frame.
        if rate <= 1, lateness < Self.tolerance {
            show(at: due.startIndex, isExact: true, now)
            if due.count > 1 { clock.set(first.position, rate: clock.rate, at: now.elapsed) }
            return
        }
        for skipped in due.dropLast() { leaveOut(skipped, isLate: rate <= 1) }
        show(
            at: queue.entries.index(queue.entries.startIndex, offsetBy: due.endIndex - 1),
            isExact: true,
            now
        )
        // Behind a decoder that is too slow there is nothing to hurry to.
        if rate <= 1, lateness >= Self.tolerance, queue.future.isEmpty {
            clock.set(last.position, rate: clock.rate, at: now.elapsed)
        }
    }

    /// Milliseconds that a frame may be late and still be shown.
    private static let tolerance = 250.0

    private mutating func leaveOut(_ entry: FrameQueue.Entry, isLate: Bool) {
        if isLate { lateFrames += 1 }
        actions.append(
            .log(PlayerLogEntry(event: .dropped, frame: entry.frame, time: entry.time, isExact: true))
        )
    }

    mutating func show(at index: Int, isExact: Bool, _ now: PlayerTime) {
        queue.show(at: index)
        guard let entry = queue.shown else { return }
        let hasCrossed = screen.entry?.origin == .archive && entry.origin == .live && seek == nil
        screen.entry = entry
        screen.isExact = isExact
        pace.starvedSince = nil
        actions.append(.show(token: entry.token, entry.frame, entry.time, isExact: isExact))
        actions.append(
            .log(PlayerLogEntry(event: .drawn, frame: entry.frame, time: entry.time, isExact: isExact))
        )
        measureSound(upTo: entry)
        // Playback has come out of the archive to the edge by itself, and stays there.
        if hasCrossed, !isPaused, rate == 1, !isReverse { isFollowing = true }
        noteArrivalAtEdge(entry, now)
        let dropped = isPaused ? [] : queue.trimPast(to: 2)
        if !dropped.isEmpty { actions.append(.discard(tokens: dropped)) }
    }

    /// Sound is not played; what would be heard with a picture is measured.
    private mutating func measureSound(upTo entry: FrameQueue.Entry) {
        guard !isPaused, !isReverse, seek == nil, let fragment = memory[entry.frame.fragment],
            let track = fragment.soundTrack
        else { return }
        // After a jump only the last moment counts.
        let from = max(measuredSound ?? .min, entry.time.milliseconds - 200)
        let frames = fragment.sound.filter { $0.time > from && $0.time <= entry.time.milliseconds }
        measuredSound = entry.time.milliseconds
        if !frames.isEmpty { actions.append(.measure(track, frames.map(\.frame))) }
    }

    /// Faster than live ends at the live edge.
    private mutating func noteArrivalAtEdge(_ entry: FrameQueue.Entry, _ now: PlayerTime) {
        guard rate > 1, !isReverse, entry.origin == .live, live.isActive, let newestFrame else { return }
        let reserve =
            latency.target(at: now.elapsed.milliseconds, window: latencyWindow)
            .map { Double(newestFrame.milliseconds) - (now.elapsed.milliseconds - $0) } ?? 0
        guard Double(newestFrame.milliseconds - entry.time.milliseconds) <= max(200, reserve) else { return }
        rate = 1
        isFollowing = true
        showKeyFramesOnly(wantsKeyFramesOnly)
        clock.setRate(1, at: now.elapsed)
    }

    // MARK: Gaps

    private mutating func announceGap(_ position: Double) {
        guard let next = queue.future.first, let gap = next.gap, pace.announcedGap != next.token,
            let shown = queue.shown,
            position >= shown.position + Double(frameInterval(of: shown.frame.fragment))
        else { return }
        pace.announcedGap = next.token
        if next.frame.fragment == live.lossBefore {
            say("\(spokenLength(gap.length)) lost: this stream keeps no archive")
        } else {
            say("gap \(spokenGap(gap.length)) → \(gap.end.clock)")
        }
    }

    /// Under the policy `hold` playback stands still before a gap until the viewer goes on.
    private mutating func holdsAt(_ entry: FrameQueue.Entry, _ now: PlayerTime) -> Bool {
        guard entry.gap != nil, gapPolicy == .hold, pace.heldGap != entry.token else { return false }
        pace.heldGap = entry.token
        isPaused = true
        isFollowing = false
        clock.setRate(0, at: now.elapsed)
        return true
    }

    /// A length as a gap is named: `6 s`, `4 m 12 s`, `2 h 05 m`.
    func spokenGap(_ milliseconds: Int64) -> String {
        let seconds = (milliseconds + 500) / 1000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) m \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) m"
    }

    // MARK: Steps

    private mutating func takeSteps(_ now: PlayerTime) {
        while pendingSteps > 0, let next = queue.future.first {
            pendingSteps -= 1
            if let gap = next.gap { sayGap(gap.length) }
            show(at: queue.future.startIndex, isExact: true, now)
        }
        guard pendingSteps < 0, let shownIndex = queue.shownIndex, let shown = queue.shown else { return }
        let index = shownIndex + pendingSteps
        guard index >= 0 else { return stepBack(from: shown.frame, now) }
        pendingSteps = 0
        if let gap = queue.entries[index + 1...shownIndex].lazy.compactMap(\.gap).first { sayGap(gap.length) }
        show(at: index, isExact: true, now)
    }

    /// Names a gap that a step goes over, in either direction.
    mutating func sayGap(_ milliseconds: Int64) {
        say("gap \(spokenGap(milliseconds))")
    }

    /// The frame is not kept: it is decoded again from the key frame before, and its neighbours are kept then.
    ///
    /// Steps asked for until it is there go on from it.
    private mutating func stepBack(from frame: FrameAddress, _ now: PlayerTime) {
        let index = frame.index + pendingSteps
        let firstShown = memory[frame.fragment].flatMap { fragment in
            fragment.keyIndex(from: 0).map { fragment.presentationIndex(of: $0) }
        }
        if index >= firstShown ?? 0 {
            beginSeek(to: .frame(FrameAddress(fragment: frame.fragment, index: index)), now)
        } else {
            beginSeek(to: .framesBefore(frame.fragment, (firstShown ?? 0) - index), now)
        }
        advanceSeek(now)
        feed(now)
    }

    // MARK: Keeping up

    /// On the way to the live edge pictures are decoded and left out.
    private mutating func skipToJump(_ now: PlayerTime) {
        guard let jump = pace.jump, let last = queue.last else { return }
        let isThere = last.position >= jump - Double(frameInterval(of: last.frame.fragment)) || isAtEnd
        let due = queue.future.prefix { $0.position < last.position || !isThere }
        for entry in due { leaveOut(entry, isLate: false) }
        if let end = due.indices.last { queue.show(at: end) }
        let dropped = queue.trimPast(to: 1)
        if !dropped.isEmpty { actions.append(.discard(tokens: dropped)) }
        guard isThere else { return }
        pace.jump = nil
        if let next = queue.future.first { clock.set(next.position, rate: 1, at: now.elapsed) }
    }

    /// True where everything that has come is decoded.
    private var isAtEnd: Bool {
        guard decoder.pending == 0, let cursor, let fragment = memory[cursor.fragment] else { return false }
        return cursor.index >= fragment.frames.count && nextInMemory(after: cursor.fragment) == nil
    }

    private mutating func noteStarving(_ now: PlayerTime) {
        guard queue.future.isEmpty, let shown = queue.shown else { return }
        let interval = Double(frameInterval(of: shown.frame.fragment))
        guard clock.position(at: now.elapsed) > shown.position + interval else { return }
        if isAtEnd {
            pace.isStarved = true
            pace.starvedSince = pace.starvedSince ?? now.elapsed
        }
    }

    /// A picture has come out of the decoder, in time or not: faster than it can, only key frames are shown, until
    /// it could give all of them again.
    mutating func notePunctuality(of entry: FrameQueue.Entry, _ now: PlayerTime) {
        guard rate > 1, !isReverse, !isPaused, !wantsKeyFramesOnly, seek == nil, queue.shownIndex != nil,
            pace.jump == nil
        else { return }
        let interval = Double(frameInterval(of: entry.frame.fragment))
        if pace.isKeyFramesOnly {
            showKeyFramesOnly(!load.canTakeAll(framesEach: interval / rate, at: now.elapsed))
        } else {
            load.came(isLate: clock.position(at: now.elapsed) > entry.position + interval)
            showKeyFramesOnly(load.isTooMuch)
        }
        if pace.isKeyFramesOnly != load.isRelieved { load.relieve(pace.isKeyFramesOnly, at: now.elapsed) }
    }

    /// Media was late: playback goes on with it as if no time had passed.
    mutating func resumeAfterStarving(_ entry: FrameQueue.Entry, _ now: PlayerTime) {
        guard pace.isStarved else { return }
        pace.isStarved = false
        guard seek == nil, !isPaused, clock.position(at: now.elapsed) > entry.position else { return }
        clock.set(entry.position, rate: max(rate, 0.25), at: now.elapsed)
        if isFollowing { latency.ranDry(at: now.elapsed.milliseconds) }
    }
}

extension Timestamp {
    /// Time of day in UTC to the second: `14:07:31`.
    var clock: String {
        String(rfc3339.dropFirst(11).prefix(8))
    }
}
