import KinesisVideo
import KinesisVideoConsumer

/// Backwards: key frames only, each by itself, from the last one before the picture on screen.
extension PlayerState {
    /// Turns round at the picture on screen.
    mutating func startReverse(_ now: PlayerTime) {
        guard let shown = queue.shown else { return }
        actions.append(.discard(tokens: queue.removeFuture()))
        decoder.fed = [:]
        decoder.pending = 0
        decoder.isDraining = false
        decoder.needsReset = true
        decoder.epoch += 1
        let fragment = memory[shown.frame.fragment]
        let order = fragment?.presentationOrder ?? []
        let index = shown.frame.index < order.count ? order[shown.frame.index] : 0
        cursor = Cursor(fragment: shown.frame.fragment, index: index)
    }

    /// Gives the decoder the key frames before the cursor, the nearest first.
    mutating func feedReverse(_ now: PlayerTime) {
        while hasRoom, let cursor, let fragment = memory[cursor.fragment] {
            guard cursor.index > 0, let key = fragment.keyIndex(before: cursor.index - 1) else {
                guard case .fragment(let previous) = neighbor(of: fragment.number, forward: false, now),
                    let before = memory[previous], before.completeness == .complete
                else { return drainAtOldest(fragment.number, now) }
                self.cursor = Cursor(fragment: previous, index: before.frames.count)
                continue
            }
            guard prepareDecoder(for: fragment) else { return }
            decode(key, of: fragment, now)
            self.cursor?.index = key
        }
    }

    /// The decoder gives a key frame out when the next one comes; behind the last one none does.
    private mutating func drainAtOldest(_ number: FragmentNumber, _ now: PlayerTime) {
        guard case .none = neighbor(of: number, forward: false, now) else { return }
        guard decoder.pending == 0, !decoder.fed.isEmpty, !decoder.needsReset, !decoder.isDraining else {
            return
        }
        drain()
    }

    /// Asks for the fragments before those in memory.
    mutating func planReverse(from number: FragmentNumber, _ now: PlayerTime) {
        if !isConnectedToLive(from: number) { closeLive() }
        guard fetch == nil, !isPaused else { return }
        var (first, length) = (number, Int64(0))
        while length < prefetch, case .fragment(let previous) = neighbor(of: first, forward: false, now),
            memory[previous]?.completeness == .complete
        {
            length += timeline.fragment(previous).map { timeline.duration(of: $0) } ?? 0
            first = previous
        }
        guard length < prefetch else { return }
        switch neighbor(of: first, forward: false, now) {
        case .fragment(let previous): fetchBatch(backFrom: previous, now)
        case .unlisted(let range): requestListing(range, now)
        case .none: return
        }
    }

    /// Fragments from one on backwards: ten seconds of playing or 8 MB.
    private mutating func fetchBatch(backFrom last: FragmentNumber, _ now: PlayerTime) {
        var (numbers, bytes, length): ([FragmentNumber], Int, Int64) = ([], 0, 0)
        var next: FragmentNumber? = last
        while let number = next, let info = timeline.fragment(number), timeline.isArchived(number),
            bytes < 8 << 20, length < 2 * prefetch, numbers.count < 1000
        {
            numbers.append(number)
            bytes += info.size
            length += timeline.duration(of: info)
            guard case .fragment(let previous) = neighbor(of: number, forward: false, now) else { break }
            next = previous
        }
        if numbers.isEmpty {
            // Known by GetMedia only: the archive may have it by now.
            guard let info = timeline.fragment(last), settings.hasArchive else { return }
            requestListing(info.producerTimestamp...max(info.producerTimestamp, edge(now)), now)
        } else {
            requestFetch(numbers, now)
        }
    }

    /// There is nothing before the oldest media: playback stands still there.
    mutating func stopAtOldest(_ now: PlayerTime) {
        guard queue.future.isEmpty, decoder.pending == 0, decoder.fed.isEmpty, let cursor,
            let fragment = memory[cursor.fragment],
            cursor.index == 0 || fragment.keyIndex(before: cursor.index - 1) == nil,
            case .none = neighbor(of: cursor.fragment, forward: false, now)
        else { return }
        isPaused = true
        clock.setRate(0, at: now.elapsed)
        say("oldest media kept")
    }
}
