package import KinesisVideo
package import KinesisVideoConsumer

extension PlayerState {
    /// What the player says of itself at a moment; what only the decoder knows is left out.
    package func status(at now: PlayerTime) -> PlayerStatus {
        var status = PlayerStatus(stream: stream)
        status.badge = badge(now)
        status.isPaused = isPaused
        status.isExact = screen.isExact && seek == nil
        status.rate = signedRate
        status.isKeyFramesOnly = pace.isKeyFramesOnly
        status.position = screen.entry?.time
        status.target = seek?.time ?? preview?.time
        (status.distance, status.isDistanceByServerClock) = distance(now)
        status.newest = newestKnown
        status.oldest = timeline.oldest?.producerTimestamp
        status.lateFrames = lateFrames
        status.queuedFrames = queue.future.count
        status.source = source
        status.fault = fault ?? decodeFault
        status.outage = outage(now)
        status.isFollowingArchive = isFollowingArchive
        status.isAtEdge = edgeMetAt.map { now.elapsed - $0 < .milliseconds(300) } ?? false
        status.toast = toast
        status.tracks = (screen.entry.flatMap { memory[$0.frame.fragment]?.tracks } ?? soundOnly).map {
            TrackName($0).description
        }
        status.hasPicture = soundOnly.isEmpty
        describeFrame(&status)
        return status
    }

    private func describeFrame(_ status: inout PlayerStatus) {
        guard let entry = screen.entry else { return }
        status.frameIndex = entry.frame.index + 1
        status.frameSize = entry.size
        let info = timeline.fragment(entry.frame.fragment)
        status.fragment = info
        status.serverPosition = info.map { serverTime(of: entry, in: $0) }
        guard let fragment = memory[entry.frame.fragment] else { return }
        if fragment.completeness == .complete { status.frameCount = fragment.presentationOrder.count }
        status.frameType = frameType(of: entry, in: fragment)
        status.mediaFrameRate = fragment.frameInterval.map { 1000 / Double($0) }
        let group = fragment.groupOfPictures
        (status.groupOfPictures, status.groupLength) = (group?.count, group?.length)
        if let info, info.size > 0 {
            status.bitRate = Double(info.size) * 8000 / Double(timeline.duration(of: info))
        }
    }

    private func serverTime(of entry: FrameQueue.Entry, in info: FragmentInfo) -> Timestamp {
        info.serverTimestamp.advanced(
            byMilliseconds: entry.time.milliseconds - info.producerTimestamp.milliseconds
        )
    }

    /// A frame shown before one that is decoded earlier is bidirectional.
    private func frameType(of entry: FrameQueue.Entry, in fragment: MemoryFragment) -> String? {
        if entry.isKey { return "I" }
        let order = fragment.presentationOrder
        guard entry.frame.index < order.count else { return nil }
        let index = order[entry.frame.index]
        return fragment.times.prefix(index).contains { $0 > fragment.times[index] } ? "B" : "P"
    }

    // MARK: Badge

    private func badge(_ now: PlayerTime) -> PlayerStatus.Badge {
        if case .refused(let kind) = live.phase,
            !settings.hasArchive || screen.entry == nil || kind == .notFound
        {
            return kind == .denied ? .denied : .ended
        }
        if let refusal = archive.refusal, screen.entry == nil { return refusal == .denied ? .denied : .ended }
        if case .waiting(let until) = live.phase, lacksMedia(now) {
            return .retry(seconds: max(1, Int((until - now.elapsed).milliseconds / 1000 + 0.999)))
        }
        // The next try is under way: what is on screen is still the last of the connection before.
        if case .open = live.phase, live.attempt > 0, live.isFresh, lacksMedia(now) { return .connecting }
        if archive.attempt > 0, seek != nil || isStarving(now), archive.nextFetch > now.elapsed {
            return .retry(seconds: max(1, Int((archive.nextFetch - now.elapsed).milliseconds / 1000 + 0.999)))
        }
        guard let entry = screen.entry else { return .connecting }
        if let seek, now.elapsed - seek.began > .milliseconds(300) {
            return .buffering(percent: progress(of: seek))
        }
        // At the end of a stream that has stopped nothing is on its way.
        if isStarving(now), entry.origin == .live || !isConnectedToLive { return .buffering(percent: 0) }
        if entry.origin == .archive { return .archive }
        return isFresh(entry, now) ? .live : .shift
    }

    /// Playback depends on a connection that is not there.
    private func lacksMedia(_ now: PlayerTime) -> Bool {
        guard let entry = screen.entry else { return true }
        return isFollowing && entry.origin == .live || isStarving(now)
    }

    /// Nothing to show for longer than a fragment takes to come.
    private func isStarving(_ now: PlayerTime) -> Bool {
        guard let since = pace.starvedSince, !isPaused else { return false }
        return now.elapsed - since > .milliseconds(max(300, 1.5 * Double(timeline.meanDistance)))
    }

    private func progress(of seek: Seek) -> Int {
        guard case .fetching(let number, _) = seek.phase, let size = timeline.fragment(number)?.size, size > 0
        else { return 0 }
        return min(99, (memory[number]?.bytes ?? 0) * 100 / size)
    }

    /// Within two mean fragments and a second of now, at rate 1, out of GetMedia.
    private func isFresh(_ entry: FrameQueue.Entry, _ now: PlayerTime) -> Bool {
        guard rate == 1, !isReverse, let (distance, _) = distanceToNow(entry, now) else { return false }
        return distance <= 2 * timeline.meanDistance + 1000
    }

    private func distance(_ now: PlayerTime) -> (Int64?, Bool) {
        guard let entry = screen.entry else { return (nil, false) }
        if entry.origin == .archive {
            return (edge(now).milliseconds - entry.time.milliseconds, false)
        }
        if isFresh(entry, now), let (distance, isByServer) = distanceToNow(entry, now) {
            return (distance, isByServer)
        }
        guard let newest = newestExpected(now) else { return (nil, false) }
        return (max(0, newest.milliseconds - entry.time.milliseconds), false)
    }

    private var newestKnown: Timestamp? {
        [timeline.newest.map { timeline.lastFrame(of: $0) }, newestFrame].compactMap(\.self).max()
    }

    /// The newest frame known; behind a connection that the player dropped itself the camera goes on, as far as the
    /// archive does not tell otherwise.
    private func newestExpected(_ now: PlayerTime) -> Timestamp? {
        guard let known = newestKnown, let newestFrame, let dropped = live.droppedAt else {
            return newestKnown
        }
        let counted = newestFrame.advanced(byMilliseconds: Int64((now.elapsed - dropped).milliseconds))
        guard settings.hasArchive else { return max(known, counted) }
        return max(known, min(counted, known.advanced(byMilliseconds: 20_000)))
    }

    /// A connection that is waited for.
    private func outage(_ now: PlayerTime) -> PlayerStatus.Outage? {
        guard case .waiting(let until) = live.phase, let lost = live.lostAt else { return nil }
        let seconds = max(1, Int((until - now.elapsed).milliseconds / 1000 + 0.999))
        return PlayerStatus.Outage(since: lost, attempt: live.attempt, seconds: seconds)
    }

    private func distanceToNow(_ entry: FrameQueue.Entry, _ now: PlayerTime) -> (Int64, Bool)? {
        guard isSkewed else { return (now.wall.milliseconds - entry.time.milliseconds, false) }
        guard let info = timeline.fragment(entry.frame.fragment) else { return nil }
        return (now.wall.milliseconds - serverTime(of: entry, in: info).milliseconds, true)
    }

    private var source: String? {
        guard let entry = screen.entry else { return nil }
        if entry.origin == .live { return isConnectedToLive && isFollowing ? "GetMedia" : "memory" }
        guard let fetch else { return "archive" }
        return
            "archive, fragment \(min(fetch.completed.count + 1, fetch.numbers.count)) of \(fetch.numbers.count)"
    }

    // MARK: Timeline

    /// The timeline in columns, seen at a moment.
    package func columns(from start: Timestamp, to end: Timestamp, count: Int, at now: PlayerTime)
        -> [TimelineColumn]
    {
        timeline.columns(from: start, to: end, count: count, now: visibleEdge(now), expiry: expiry(now))
    }

    /// What lies at a moment of the timeline, seen now.
    package func place(at time: Timestamp, at now: PlayerTime) -> TimelinePlace {
        timeline.place(at: time, now: visibleEdge(now), expiry: expiry(now))
    }

    /// Where media ends while it is coming: the rest up to now has not happened as far as anyone here knows.
    private func visibleEdge(_ now: PlayerTime) -> Timestamp {
        let edge = edge(now)
        guard let newest = timeline.newest.map({ timeline.end(of: $0) }) else { return edge }
        let isComing = edge.milliseconds - newest.milliseconds < 2 * timeline.meanDistance + 10_000
        return isComing ? newest : edge
    }

    /// True where the newest that is archived stands in for a GetMedia that fails, and the archive itself does not.
    private var isFollowingArchive: Bool {
        guard isGetMediaFailing, archive.attempt == 0, seek == nil, let entry = screen.entry,
            entry.origin == .archive, let newest = timeline.lastArchived
        else { return false }
        return newest.producerTimestamp.milliseconds - entry.time.milliseconds < 60_000
    }
}
