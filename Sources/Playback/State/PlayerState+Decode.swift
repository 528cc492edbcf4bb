import KinesisVideo
import KinesisVideoConsumer
import Matroska

extension PlayerState {
    /// Gives the decoder the frames behind the cursor, as many as there is room for.
    mutating func feed(_ now: PlayerTime) {
        if isReverse, seek == nil { return feedReverse(now) }
        while hasRoom, let cursor, let fragment = memory[cursor.fragment] {
            guard cursor.index < fragment.frames.count else {
                guard fragment.completeness == .complete else { return }
                guard moveOn(from: fragment) else { return feedRanOut(now) }
                continue
            }
            guard let index = nextIndex(in: fragment, from: cursor.index) else {
                self.cursor?.index = fragment.frames.count
                continue
            }
            guard prepareDecoder(for: fragment) else { return }
            if decoder.needsKey, !fragment.frames[index].isKey {
                self.cursor?.index = index
                continue
            }
            decode(index, of: fragment, now)
        }
    }

    /// Decoded pictures wait in a short queue; a seek decodes on to its target however far that is.
    var hasRoom: Bool {
        guard !decoder.isDraining, decoder.pending < 4 else { return false }
        if case .decoding = seek?.phase { return true }
        return seek == nil && (queue.future.count < 8 || pace.jump != nil)
    }

    /// The next frame to decode at or after a place: any, or a key frame where only these are shown or can
    /// begin.
    private func nextIndex(in fragment: MemoryFragment, from index: Int) -> Int? {
        decoder.needsKey || decoder.needsReset || pace.isKeyFramesOnly && !isDecodingToFrame
            ? restartIndex(in: fragment, from: index) : index
    }

    /// A seek lands on its very frame, whatever is shown from there on.
    private var isDecodingToFrame: Bool {
        guard case .decoding(_, let aim) = seek?.phase else { return false }
        return aim != .key
    }

    private func restartIndex(in fragment: MemoryFragment, from index: Int) -> Int? {
        // After a drain the frames since the last key frame are decoded again; those shown already are left
        // out.
        if decoder.needsReset, !decoder.needsKey, let key = fragment.keyIndex(before: index) { return key }
        return fragment.keyIndex(from: index)
    }

    /// Steps into the next fragment.
    private mutating func moveOn(from fragment: MemoryFragment) -> Bool {
        guard let next = nextInMemory(after: fragment.number), let following = memory[next] else {
            return false
        }
        cursor = Cursor(fragment: next, index: 0)
        if !isContinuous(fragment, following) { decoder.needsKey = true }
        return true
    }

    private func isContinuous(_ first: MemoryFragment, _ second: MemoryFragment) -> Bool {
        timeline.touches(
            FragmentInfo(metadata: first.metadata, size: first.bytes, length: first.length),
            FragmentInfo(metadata: second.metadata, size: second.bytes, length: second.length)
        )
    }

    /// Makes the decoder fit the fragment's track; false while the old one has yet to give out its pictures.
    mutating func prepareDecoder(for fragment: MemoryFragment) -> Bool {
        guard let track = fragment.track else {
            soundOnly = fragment.tracks
            cursor?.index = fragment.frames.count
            return false
        }
        soundOnly = []
        let fits =
            decoder.track.map { $0.codecID == track.codecID && $0.codecPrivate == track.codecPrivate }
            ?? false
        if fits, !decoder.needsReset { return true }
        if decoder.track != nil, !fits, !decoder.needsReset {
            drain()
            return false
        }
        decoder.epoch += 1
        decoder.pending = 0
        decoder.track = track
        decoder.needsReset = false
        decoder.needsKey = true
        actions.append(.resetDecoder(epoch: decoder.epoch, track))
        return true
    }

    mutating func decode(_ index: Int, of fragment: MemoryFragment, _ now: PlayerTime) {
        let frame = fragment.frames[index]
        decoder.lastToken += 1
        decoder.needsKey = false
        if decoder.pending == 0 { load.frameGiven(at: now.elapsed) }
        decoder.pending += 1
        decoder.fed[decoder.lastToken] = DecoderLine.Fed(
            fragment: fragment.number,
            index: index,
            time: Timestamp(milliseconds: fragment.times[index]),
            isKey: frame.isKey,
            size: frame.data.count,
            origin: fragment.origin
        )
        // Frames that never come out must not be remembered for ever.
        decoder.fed[decoder.lastToken - 256] = nil
        cursor = Cursor(fragment: fragment.number, index: index + 1)
        actions.append(.decode(epoch: decoder.epoch, token: decoder.lastToken, frame))
    }

    /// There is no next frame: what the decoder holds back is the rest.
    private mutating func feedRanOut(_ now: PlayerTime) {
        guard decoder.pending == 0, !decoder.fed.isEmpty, !decoder.needsReset, !decoder.isDraining else {
            return
        }
        // While more is on its way a drain would cost the frames up to the next key frame once again.
        let isSeeking = if case .decoding = seek?.phase { true } else { false }
        let isWaiting = live.isActive && !isSeeking && pendingSteps == 0
        guard !isWaiting, queue.future.isEmpty || isSeeking else { return }
        drain()
    }

    mutating func drain() {
        decoder.isDraining = true
        actions.append(.drainDecoder(epoch: decoder.epoch))
    }

    // MARK: Pictures

    mutating func decoded(_ epoch: Int, _ frames: [DecodedFrame], _ now: PlayerTime) {
        guard epoch == decoder.epoch else { return drop(frames) }
        decoder.pending = max(0, decoder.pending - 1)
        load.frameTaken(isBusy: decoder.pending > 0, at: now.elapsed)
        for frame in frames { enqueue(frame, now) }
    }

    mutating func drained(_ epoch: Int, _ frames: [DecodedFrame], _ now: PlayerTime) {
        guard epoch == decoder.epoch else { return drop(frames) }
        for frame in frames { enqueue(frame, now) }
        decoder.isDraining = false
        decoder.needsReset = true
        decoder.fed = [:]
    }

    mutating func decodeFailed(_ epoch: Int, _ message: String) {
        guard epoch == decoder.epoch else { return }
        decoder.pending = max(0, decoder.pending - 1)
        decodeFault = message
    }

    private mutating func drop(_ frames: [DecodedFrame]) {
        guard !frames.isEmpty else { return }
        actions.append(.discard(tokens: frames.map(\.token)))
    }

    private mutating func enqueue(_ frame: DecodedFrame, _ now: PlayerTime) {
        guard let fed = decoder.fed.removeValue(forKey: frame.token) else { return drop([frame]) }
        decoder.pictureBytes = frame.bytes
        decodeFault = nil
        let index = memory[fed.fragment]?.presentationIndex(of: fed.index) ?? fed.index
        let address = FrameAddress(fragment: fed.fragment, index: index)
        // After a drain decoding begins again at a key frame: what the queue has had is not shown twice.
        if let last = queue.last, last.frame.fragment == address.fragment, !isReverse,
            index <= last.frame.index
        {
            return drop([frame])
        }
        if hasBeenSeen(fed) { return drop([frame]) }
        let (position, gap) = axisPlace(of: fed)
        let entry = FrameQueue.Entry(
            token: frame.token,
            frame: address,
            time: fed.time,
            position: position,
            gap: gap,
            isKey: fed.isKey,
            size: fed.size,
            origin: fed.origin
        )
        let wasEmpty = queue.future.isEmpty
        queue.append(entry)
        if wasEmpty { resumeAfterStarving(entry, now) }
        notePunctuality(of: entry, now)
        trimPast()
    }

    /// True for a frame of a fragment that was sent twice, where playback has come past it in the first.
    ///
    /// Source: 08 Producer library, recovery, 6.
    private func hasBeenSeen(_ fed: DecoderLine.Fed) -> Bool {
        guard let last = queue.last, last.frame.fragment < fed.fragment, fed.time <= last.time else {
            return false
        }
        return memory[fed.fragment]?.isSentAgain ?? false
    }

    /// Where a picture lies on the play axis: behind the one before, by the time between them.
    private func axisPlace(of fed: DecoderLine.Fed) -> (Double, FrameQueue.Break?) {
        guard let last = queue.last else { return (0, nil) }
        let distance = Double(fed.time.milliseconds - last.time.milliseconds)
        if isReverse {
            // Backwards over a gap takes no longer than over a few fragments.
            let most = Double(3 * timeline.meanDistance)
            return (last.position + min(max(-distance, 1), most), nil)
        }
        let interval = Double(frameInterval(of: last.frame.fragment))
        if last.frame.fragment == fed.fragment { return (last.position + max(distance, 1), nil) }
        guard distance > 0 else { return (last.position + interval, nil) }
        guard let before = timeline.fragment(last.frame.fragment),
            let after = timeline.fragment(fed.fragment),
            let gap = timeline.gap(between: before, and: after), gap.length > 500
        else { return (last.position + distance, nil) }
        let pause = gapPolicy == .wait ? distance : interval + (gapPolicy == .skip ? Self.gapPause : 0)
        return (last.position + pause, FrameQueue.Break(length: gap.length, end: gap.end))
    }

    /// Milliseconds for which a gap is named before playback goes on behind it.
    private static let gapPause = 700.0

    func frameInterval(of number: FragmentNumber) -> Int64 {
        memory[number]?.frameInterval ?? timeline.frameInterval
    }

    /// Pictures already shown are kept for steps back while paused, in up to 48 MiB.
    private mutating func trimPast() {
        let room = max(2, (48 << 20) / max(1, decoder.pictureBytes))
        let count = isPaused || seek != nil ? min(room, 256) : 2
        let dropped = queue.trimPast(to: count)
        if !dropped.isEmpty { actions.append(.discard(tokens: dropped)) }
    }
}
