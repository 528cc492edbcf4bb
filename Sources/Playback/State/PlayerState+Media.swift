import KinesisVideo
import KinesisVideoConsumer
import Matroska

extension PlayerState {
    mutating func mediaCame(_ request: Int, _ event: MediaEvent, _ now: PlayerTime) {
        if case .open(request) = live.phase {
            live.silence = .zero
            liveMediaCame(event, now)
        } else if fetch?.request == request {
            fetch?.silence = .zero
            archiveMediaCame(event, now)
        }
    }

    mutating func mediaEnded(_ request: Int, _ error: MediaSourceError?, _ now: PlayerTime) {
        if case .open(request) = live.phase {
            liveEnded(error, now)
        } else if fetch?.request == request {
            fetchEnded(error, now)
        }
    }

    private mutating func liveMediaCame(_ event: MediaEvent, _ now: PlayerTime) {
        switch event {
        case .fragmentBegan(let named, let tracks, let scale):
            let metadata = named.plausible
            let fragment = MemoryFragment(
                metadata: metadata,
                origin: .live,
                isSentAgain: noteSentAgain(metadata),
                tracks: tracks,
                timestampScale: scale
            )
            liveFragmentBegan(metadata, fragment, now)
        case .frame(let frame):
            guard let number = live.current else { return }
            if memory.append(frame, to: number), let time = memory[number]?.times.last {
                liveFrameCame(Timestamp(milliseconds: time), now)
            }
            noteProgress(of: number)
            trimMemory(now)
        case .fragmentEnded(let isComplete, _):
            guard let number = live.current else { return }
            memory.end(number, isComplete: isComplete)
            noteProgress(of: number)
            live.current = nil
            if isComplete {
                live.lastComplete = number
                live.silentEnds = 0
            }
        }
    }

    /// The timeline shows an open fragment as far as it has come.
    private mutating func noteProgress(of number: FragmentNumber) {
        guard let fragment = memory[number] else { return }
        if let interval = fragment.frameInterval { timeline.frameInterval = interval }
        let info = FragmentInfo(metadata: fragment.metadata, size: fragment.bytes, length: fragment.length)
        timeline.insertLive(info, after: nil)
    }

    private mutating func archiveMediaCame(_ event: MediaEvent, _ now: PlayerTime) {
        switch event {
        case .fragmentBegan(let named, let tracks, let scale):
            let metadata = named.plausible
            archive.attempt = 0
            fetch?.current = metadata.number
            if timeline.fragment(metadata.number) == nil {
                // Asked for by its number alone: nobody has listed it.
                let info = FragmentInfo(metadata: metadata, size: 0, length: 0)
                let time = metadata.producerTimestamp
                timeline.merge([info], from: time, to: time, settled: time)
            }
            let fragment = MemoryFragment(
                metadata: metadata,
                origin: .archive,
                isSentAgain: timeline.isSentAgain(metadata),
                tracks: tracks,
                timestampScale: scale
            )
            memory.begin(fragment)
        case .frame(let frame):
            guard let number = fetch?.current else { return }
            _ = memory.append(frame, to: number)
            trimMemory(now)
        case .fragmentEnded(let isComplete, _):
            guard let number = fetch?.current else { return }
            memory.end(number, isComplete: isComplete)
            fetch?.current = nil
            guard isComplete else { return }
            fetch?.completed.insert(number)
            archive.missing[number] = nil
            // Followed by way of the archive: the connection goes on behind it.
            if case .waiting = live.phase, let last = live.lastComplete, last < number {
                live.lastComplete = number
            }
            if let interval = memory[number]?.frameInterval { timeline.frameInterval = interval }
        }
    }

    mutating func fetchEnded(_ error: MediaSourceError?, _ now: PlayerTime) {
        guard let ended = fetch else { return }
        cutOff(ended.current)
        fetch = nil
        // A body that ends early without a word lacks the fragment that was to come next.
        let next = ended.remaining.first
        let failure =
            error ?? next.map { MediaSourceError(.fragmentMissing($0), "fragment \($0.shortName) is gone") }
        guard let failure else { return }
        switch failure.kind {
        case .fragmentMissing(let number): fragmentMissing(number ?? next, now)
        case .retryable: archiveFailed(failure, now)
        case .denied, .notFound:
            archive.refusal = failure.kind
            fault = failure.message
            abandonSeek(now)
        }
    }

    /// The archive may show a fragment a moment late: it is asked for three times before it counts as gone.
    private mutating func fragmentMissing(_ number: FragmentNumber?, _ now: PlayerTime) {
        guard let number else { return }
        archive.missing[number, default: 0] += 1
        archive.nextFetch = max(archive.nextFetch, now.elapsed + .seconds(1))
        guard archive.missing[number, default: 0] >= 3 else { return }
        archive.missing[number] = nil
        timeline.forget(number)
        memory.remove(number)
        guard case .fetching(number, _) = seek?.phase else { return }
        if case .fragment = seek?.target {
            say("fragment \(number.shortName) is gone")
            abandonSeek(now)
        } else {
            seek?.phase = .locating
        }
    }

    mutating func archiveFailed(_ error: MediaSourceError, _ now: PlayerTime) {
        archive.attempt += 1
        let pause = CallSchedule.delay(after: archive.attempt, at: now)
        archive.nextFetch = max(archive.nextFetch, now.elapsed + pause)
        archive.nextListing = max(archive.nextListing, now.elapsed + pause)
        fault = error.message
    }

    /// Keeps the memory in its bounds: what lies before playback goes first; where that is not enough the
    /// connection is dropped, and playback asks again after the last fragment it has.
    mutating func trimMemory(_ now: PlayerTime) {
        guard memory.isFull else { return }
        guard let first = playedFragments.first, let last = playedFragments.last else { return }
        let isConnected = isConnectedToLive
        memory.trim(keeping: first...last, isReverse: isReverse, mayDropAhead: !isConnected)
        guard memory.isFull, isConnected, case .open = live.phase else { return }
        let number = live.current
        closeLive()
        live.droppedAt = now.elapsed
        // An open fragment whose rest is not read would stand in the way of the whole one.
        if let number, number != cursor?.fragment { memory.remove(number) }
    }

    /// The fragments that playback stands on, in ascending order.
    private var playedFragments: [FragmentNumber] {
        var numbers = [screen.entry?.frame.fragment, cursor?.fragment, fetch?.current].compactMap(\.self)
        switch seek?.phase {
        case .fetching(let number, _), .decoding(let number, _): numbers = [number, fetch?.current ?? number]
        case .locating, nil: break
        }
        return numbers.sorted()
    }

    // MARK: Listings

    mutating func listed(_ request: Int, _ fragments: [FragmentInfo], _ now: PlayerTime) {
        guard let call = listing, call.request == request else { return }
        listing = nil
        archive.attempt = 0
        timeline.merge(
            fragments,
            from: call.range.lowerBound,
            to: call.range.upperBound,
            settled: call.settled
        )
    }

    mutating func listFailed(_ request: Int, _ error: MediaSourceError, _ now: PlayerTime) {
        guard listing?.request == request else { return }
        listing = nil
        switch error.kind {
        case .retryable, .fragmentMissing: archiveFailed(error, now)
        case .denied, .notFound:
            archive.refusal = error.kind
            fault = error.message
            abandonSeek(now)
        }
    }
}

extension FragmentMetadata {
    /// Times as the timeline takes them: from 1970 to the year 9999, whatever a service says.
    fileprivate var plausible: FragmentMetadata {
        func clamped(_ time: Timestamp) -> Timestamp {
            Timestamp(milliseconds: min(max(0, time.milliseconds), 253_402_300_799_999))
        }
        var metadata = self
        metadata.producerTimestamp = clamped(producerTimestamp)
        metadata.serverTimestamp = clamped(serverTimestamp)
        return metadata
    }
}
