import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    mutating func perform(_ command: PlayerCommand, _ now: PlayerTime) {
        switch command {
        case .togglePause: isPaused ? resume(now) : pause(now)
        case .pause: pause(now)
        case .resume: resume(now)
        case .live:
            rememberPlace()
            goLive(now)
        case .oldest: jump(to: .oldest, now)
        case .seek(let time): jump(to: .time(time, direction: 0), now)
        case .seekBy(let milliseconds): seekBy(milliseconds, now)
        case .seekToFragment(let number):
            jump(to: .fragment(timeline.fragment(named: number)?.number ?? number), now)
        case .stepFrames(let count): step(count, now)
        case .stepFragments(let count): stepFragments(count, now)
        case .stepRecordings(let count): stepRecordings(count, now)
        case .setRate(let rate): setRate(rate, now)
        case .faster: setRate(ladder(from: signedRate, by: 1), now)
        case .slower: setRate(ladder(from: signedRate, by: -1), now)
        case .reverse: setRate(-signedRate, now)
        case .showKeyFramesOnly(let isWanted):
            wantsKeyFramesOnly = isWanted
            chooseFrames()
        case .preview(let time): showPreview(time, now)
        case .commitPreview: commitPreview(now)
        case .cancelPreview: cancelPreview(now)
        case .back: goBack(now)
        case .retryNow: retryNow(now)
        case .setGapPolicy(let policy): gapPolicy = policy
        }
    }

    /// The rate with its direction.
    var signedRate: Double { isReverse ? -rate : rate }

    // MARK: Pause and rate

    private mutating func pause(_ now: PlayerTime) {
        isPaused = true
        isFollowing = false
        pace.jump = nil
        clock.setRate(0, at: now.elapsed)
    }

    private mutating func resume(_ now: PlayerTime) {
        isPaused = false
        pendingSteps = 0
        chooseFrames()
        startClock(now)
    }

    /// Lets time run on from the picture on screen.
    mutating func startClock(_ now: PlayerTime) {
        guard let shown = queue.shown else { return }
        clock.set(shown.position, rate: isPaused || preview != nil ? 0 : rate, at: now.elapsed)
    }

    private mutating func setRate(_ wanted: Double, _ now: PlayerTime) {
        let magnitude = min(max(abs(wanted), 0.25), settings.maximumRate)
        let turns = (wanted < 0) != isReverse
        rate = magnitude
        isReverse = wanted < 0
        chooseFrames()
        if rate != 1 || isReverse { isFollowing = false }
        if turns { turnAround(now) }
        startClock(now)
    }

    /// All frames, unless the direction or the viewer asks for key frames only.
    private mutating func chooseFrames() {
        showKeyFramesOnly(isReverse || wantsKeyFramesOnly)
        load.begin()
    }

    /// Shows key frames only, or all from the next key frame on: what lies between was never decoded.
    mutating func showKeyFramesOnly(_ isWanted: Bool) {
        if pace.isKeyFramesOnly, !isWanted { decoder.needsKey = true }
        pace.isKeyFramesOnly = isWanted
    }

    /// The decoded frames that wait lie in the wrong direction.
    private mutating func turnAround(_ now: PlayerTime) {
        guard seek == nil, let shown = queue.shown else { return }
        if isReverse { startReverse(now) } else { beginSeek(to: .frame(shown.frame), now) }
    }

    private func ladder(from rate: Double, by step: Int) -> Double {
        let steps = [0.25, 0.5, 1, 2, 4, 8, 16].filter { $0 <= settings.maximumRate }
        let sign: Double = rate < 0 ? -1 : 1
        let index = steps.lastIndex { $0 <= abs(rate) } ?? 0
        return sign * steps[min(max(index + step, 0), steps.count - 1)]
    }

    // MARK: Jumps

    private mutating func jump(to target: Seek.Target, _ now: PlayerTime) {
        rememberPlace()
        beginSeek(to: target, now)
    }

    private mutating func seekBy(_ milliseconds: Int64, _ now: PlayerTime) {
        guard let base = seek?.time ?? screen.entry?.time else { return }
        // At the live edge there is nothing ahead: the badge says so.
        if milliseconds > 0, isFollowing {
            edgeMetAt = now.elapsed
            return
        }
        if seek == nil { rememberPlace() }
        let time = base.advanced(byMilliseconds: milliseconds)
        beginSeek(to: .time(time, direction: milliseconds < 0 ? -1 : 1), now)
    }

    private mutating func stepFragments(_ count: Int, _ now: PlayerTime) {
        guard count != 0 else { return }
        // What an earlier press asked for is still being looked for: both add up.
        if seek?.phase == .locating, case .fragments(let number, let pending) = seek?.target {
            let sum = pending + count
            return beginSeek(to: sum == 0 ? .fragment(number) : .fragments(from: number, sum), now)
        }
        guard let (number, offset) = placeInFragment else { return }
        if seek == nil { rememberPlace() }
        // Half a second into a fragment its own start is the previous one.
        let steps = count < 0 && offset > 500 ? count + 1 : count
        beginSeek(to: steps == 0 ? .fragment(number) : .fragments(from: number, steps), now)
    }

    /// The fragment that the viewer is or will be in, and how many milliseconds inside.
    private var placeInFragment: (FragmentNumber, Int64)? {
        switch seek?.phase {
        case .fetching(let number, .index(0)), .decoding(let number, .index(0)): return (number, 0)
        default: break
        }
        if let time = seek?.time, let info = timeline.fragment(at: time) {
            return (info.number, time.milliseconds - info.producerTimestamp.milliseconds)
        }
        guard let entry = screen.entry else { return nil }
        let start = timeline.fragment(entry.frame.fragment)?.producerTimestamp ?? entry.time
        return (entry.frame.fragment, entry.time.milliseconds - start.milliseconds)
    }

    private mutating func stepRecordings(_ count: Int, _ now: PlayerTime) {
        guard count != 0 else { return }
        // What an earlier press asked for is still being looked for: both add up, and one each way lies on the side
        // of the later.
        if seek?.phase == .locating, case .recordings(let time, let pending) = seek?.target {
            let sum = pending + count
            return beginSeek(to: .recordings(from: time, sum == 0 ? count.signum() : sum), now)
        }
        guard let time = seek?.time ?? screen.entry?.time else { return }
        if seek == nil { rememberPlace() }
        beginSeek(to: .recordings(from: time, count), now)
    }

    mutating func beginSeek(to target: Seek.Target, isPreview: Bool = false, _ now: PlayerTime) {
        isFollowing = false
        live.isAwaited = false
        pendingSteps = 0
        pace.jump = nil
        fault = nil
        if !isPreview { preview = nil }
        var next = Seek(target: target, began: seek?.began ?? now.elapsed)
        next.isPreview = isPreview
        if case .time(let time, _) = target { next.time = time }
        seek = next
        clock.setRate(0, at: now.elapsed)
    }

    // MARK: Steps

    private mutating func step(_ count: Int, _ now: PlayerTime) {
        pause(now)
        guard preview == nil else { return }
        let steps = pendingSteps + count
        if isReverse || pace.isKeyFramesOnly { decodeAllFrames(now) }
        // A seek under way arrives first: the steps go on from its picture.
        pendingSteps = steps
    }

    /// Steps go forward over all frames: those that lie around the picture are decoded anew.
    private mutating func decodeAllFrames(_ now: PlayerTime) {
        isReverse = false
        pace.isKeyFramesOnly = false
        guard seek == nil, let shown = queue.shown else { return }
        beginSeek(to: .frame(shown.frame), now)
    }

    // MARK: Drags

    private mutating func showPreview(_ time: Timestamp, _ now: PlayerTime) {
        if preview == nil {
            preview = Preview(origin: currentPlace, time: time)
        }
        preview?.time = time
        beginSeek(to: .time(time, direction: 0), isPreview: true, now)
    }

    private mutating func commitPreview(_ now: PlayerTime) {
        guard let preview else { return }
        if let origin = preview.origin { places.append(origin) }
        beginSeek(to: .time(preview.time, direction: 0), now)
    }

    private mutating func cancelPreview(_ now: PlayerTime) {
        guard let origin = preview?.origin else {
            preview = nil
            return
        }
        go(to: origin, now)
    }

    // MARK: Places

    /// Where the viewer is.
    private var currentPlace: Place? {
        if isFollowing { return .live }
        return (seek?.time ?? screen.entry?.time).map { .time($0) }
    }

    mutating func rememberPlace() {
        guard let place = currentPlace, places.last != place else { return }
        places.append(place)
        if places.count > 32 { places.removeFirst() }
    }

    private mutating func goBack(_ now: PlayerTime) {
        guard let last = places.popLast() else { return }
        go(to: last, now)
    }

    private mutating func go(to place: Place, _ now: PlayerTime) {
        switch place {
        case .live: goLive(now)
        case .time(let time): beginSeek(to: .time(time, direction: 0), now)
        }
    }
}
