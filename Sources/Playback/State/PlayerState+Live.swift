import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    /// Plays at the live edge, at rate 1.
    mutating func goLive(_ now: PlayerTime) {
        isPaused = false
        isReverse = false
        rate = 1
        seek = nil
        preview = nil
        pendingSteps = 0
        showKeyFramesOnly(wantsKeyFramesOnly)
        // At the edge already: there is nothing to go to.
        if isFollowing, live.isActive { return startClock(now) }
        isFollowing = true
        fault = nil
        if live.isActive, let start = newestStart {
            startDecoding(at: start, now)
            pace.mayJumpUntil = now.elapsed + .seconds(2)
        } else if !live.isActive || live.tail != nil {
            closeLive()
            openLive(.now, after: nil, now)
            live.isAwaited = true
        } else {
            // The connection is there and has brought nothing yet: a stream that has stopped shows its end.
            live.isAwaited = true
        }
    }

    /// The newest key frame that the connection has brought.
    private var newestStart: Cursor? {
        for number in [live.current, live.lastComplete].compactMap(\.self) {
            guard let fragment = memory[number],
                let key = fragment.keyIndex(before: fragment.frames.count - 1)
            else { continue }
            return Cursor(fragment: number, index: key)
        }
        return nil
    }

    mutating func openLive(_ selector: StartSelector, after number: FragmentNumber?, _ now: PlayerTime) {
        live.selector = selector
        live.lastComplete = number
        live.current = nil
        live.isFresh = true
        live.silence = .zero
        live.droppedAt = nil
        live.nextOpening = now.elapsed + .seconds(1)
        let request = nextRequest()
        live.phase = .open(request: request)
        latency.connectionOpened()
        actions.append(.openLive(request: request, number.map { .afterFragment($0) } ?? selector))
    }

    /// Ends the connection; a fragment that is not complete is only known as far as it came.
    mutating func closeLive() {
        if case .open(let request) = live.phase { actions.append(.cancel(request: request)) }
        if case .refused = live.phase {} else { live.phase = .closed }
        cutOff(live.current)
        live.current = nil
        live.isAwaited = false
        live.attempt = 0
        live.lostAt = nil
    }

    mutating func cutOff(_ number: FragmentNumber?) {
        guard let number, memory[number]?.completeness == .open else { return }
        memory.end(number, isComplete: false)
    }

    mutating func retryNow(_ now: PlayerTime) {
        archive.nextFetch = now.elapsed
        archive.nextListing = now.elapsed
        archive.refusal = nil
        if let fetch, fetch.silence >= .seconds(1) { giveUp(fetch) }
        switch live.phase {
        case .waiting: reopenLive(now)
        case .open(let request):
            actions.append(.cancel(request: request))
            cutOff(live.current)
            reopenLive(now)
        case .refused:
            live.phase = .closed
            if isFollowing { openLive(live.selector, after: live.lastComplete, now) }
        case .closed: break
        }
    }

    /// Goes on after the last complete fragment, or where the connection was to begin.
    private mutating func reopenLive(_ now: PlayerTime) {
        let wasAwaited = live.isAwaited
        openLive(live.selector, after: live.lastComplete, now)
        live.isAwaited = wasAwaited
    }

    mutating func retryLiveWhenDue(_ now: PlayerTime) {
        guard case .waiting(let until) = live.phase, now.elapsed >= until else { return }
        reopenLive(now)
    }

    mutating func liveEnded(_ error: MediaSourceError?, _ now: PlayerTime) {
        cutOff(live.current)
        live.current = nil
        // A service ends a connection of long standing in good order: the next one goes on unseen.
        if error == nil, !live.isFresh, now.elapsed >= live.nextOpening { return reopenLive(now) }
        fault = error.map(\.message) ?? "connection closed by the service"
        switch error?.kind {
        case .denied: live.phase = .refused(.denied)
        case .notFound: live.phase = .refused(.notFound)
        case .fragmentMissing, .retryable, nil:
            live.attempt += 1
            live.lostAt = live.lostAt ?? now.wall
            live.phase = .waiting(until: now.elapsed + CallSchedule.delay(after: live.attempt, at: now))
        }
    }

    /// A GetMedia connection names its next fragment.
    mutating func liveFragmentBegan(
        _ metadata: FragmentMetadata,
        _ fragment: MemoryFragment,
        _ now: PlayerTime
    ) {
        let previous = live.tail
        cutOff(live.current)
        live.attempt = 0
        if live.lostAt != nil, let previous { say("resumed after \(previous.shortName)") }
        live.lostAt = nil
        fault = nil
        live.current = metadata.number
        memory.begin(fragment)
        timeline.insertLive(FragmentInfo(metadata: metadata, size: 0, length: 0), after: previous)
        noteLoss(after: previous, before: metadata)
        if let previous {
            skipFragments(between: previous, and: metadata.number)
        } else {
            leaveBrokenStart(for: metadata.number)
        }
        if live.isAwaited {
            live.isAwaited = false
            startDecoding(at: Cursor(fragment: metadata.number, index: 0), now)
            pace.mayJumpUntil = now.elapsed + .seconds(2)
        }
    }

    /// After an outage a producer may send again what the service has had: up to the newest frame seen before.
    ///
    /// - Returns: true where frames of this fragment may have come before, under another number.
    mutating func noteSentAgain(_ metadata: FragmentMetadata) -> Bool {
        if timeline.isSentAgain(metadata) { live.sentAgainUntil = newestFrame }
        return live.sentAgainUntil.map { metadata.producerTimestamp <= $0 } ?? false
    }

    /// What lay between two fragments that follow each other never becomes complete: playback goes on behind it.
    private mutating func skipFragments(between previous: FragmentNumber, and next: FragmentNumber) {
        for number in memory.order where number > previous && number < next { memory.remove(number) }
        guard let cursor, cursor.fragment > previous, cursor.fragment < next else { return }
        self.cursor = Cursor(fragment: next, index: 0)
        decoder.needsKey = true
    }

    /// A connection that broke inside of its very first fragment has no place to go on behind: the next one begins anew,
    /// and what came of that fragment never becomes complete.
    private mutating func leaveBrokenStart(for next: FragmentNumber) {
        guard let cursor, cursor.fragment < next, let fragment = memory[cursor.fragment],
            fragment.origin == .live, fragment.completeness == .cut
        else { return }
        memory.remove(cursor.fragment)
        self.cursor = Cursor(fragment: next, index: 0)
        decoder.needsKey = true
    }

    /// Without an archive a new connection goes on with the oldest the service has: what fell out is lost.
    private mutating func noteLoss(after previous: FragmentNumber?, before metadata: FragmentMetadata) {
        defer { live.isFresh = false }
        guard live.isFresh, !settings.hasArchive, let previous, let before = timeline.fragment(previous)
        else { return }
        let after = FragmentInfo(metadata: metadata, size: 0, length: 0)
        if timeline.gap(between: before, and: after) != nil { live.lossBefore = metadata.number }
    }

    mutating func liveFrameCame(_ time: Timestamp, _ now: PlayerTime) {
        newestFrame = max(newestFrame ?? time, time)
        // Nobody is woken for what comes to a picture that stands still: it is seen late, and that is nobody's delay.
        guard !isAtRest else { return }
        latency.frameArrived(at: now.elapsed.milliseconds, time: time.milliseconds, window: latencyWindow)
    }

    /// Arrivals of more than a fragment: where fragments come whole, only their first frames tell the delay.
    var latencyWindow: Double {
        max(2500, 1.4 * Double(timeline.meanDistance))
    }

    /// Keeps playback as near to the edge as arrivals allow: leaves frames out only in the first moments
    /// after the viewer has asked for live, else runs a little faster.
    mutating func follow(_ now: PlayerTime) {
        guard isFollowing, !isPaused, seek == nil, pace.jump == nil, let shown = queue.shown,
            let target = latency.target(at: now.elapsed.milliseconds, window: latencyWindow)
        else { return }
        let position = clock.position(at: now.elapsed)
        let mediaTime = Double(shown.time.milliseconds) + position - shown.position
        let excess = now.elapsed.milliseconds - mediaTime - target
        if let until = pace.mayJumpUntil, now.elapsed <= until, excess > 40 {
            pace.mayJumpUntil = nil
            pace.jump = position + excess
            clock.set(position + excess, rate: 1, at: now.elapsed)
            return
        }
        let isCatchingUp = clock.rate > 1
        let speed = excess > 1000 ? 1.25 : excess > 200 ? 1.1 : excess > (isCatchingUp ? 5 : 30) ? 1.05 : 1
        clock.setRate(speed, at: now.elapsed)
    }

    func spokenLength(_ milliseconds: Int64) -> String {
        let seconds = (milliseconds + 500) / 1000
        let rest = seconds % 60 < 10 ? "0\(seconds % 60)" : "\(seconds % 60)"
        if seconds >= 3600 {
            return "\(seconds / 3600):\(seconds / 60 % 60 < 10 ? "0" : "")\(seconds / 60 % 60):\(rest)"
        }
        return "\(seconds / 60):\(rest)"
    }
}
