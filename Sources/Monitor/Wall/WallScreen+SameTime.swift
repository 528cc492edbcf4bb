import KinesisVideo
import Playback

extension WallScreen {
    /// Further than this from the common time a tile does not show that time: key pictures come every few seconds.
    private static let tolerance: Int64 = 4000
    /// A seek to so near the live edge is meant for the edge.
    private static let liveMargin: Int64 = 1500

    /// What keys of the player ask of the focused tile, or of all while they are held to one time.
    mutating func perform(_ command: PlayerCommand, in surroundings: Surroundings) -> [MonitorAction] {
        guard let sameTime else { return tiles[focused] == nil ? [] : [.tile(focused, command)] }
        let base = sameTime.time(at: surroundings.now) ?? liveTime(surroundings)
        switch command {
        case .live: return goLive(surroundings)
        case .togglePause:
            guard sameTime.isRunning else {
                self.sameTime?.isRunning = true
                self.sameTime?.since = surroundings.now
                return []
            }
            return base.map { seek(to: $0, isRunning: false, surroundings) } ?? []
        case .seekBy(let milliseconds):
            // At the live edge there is nothing ahead.
            guard let base, sameTime.anchor != nil || milliseconds < 0 else { return [] }
            let time = base.advanced(byMilliseconds: milliseconds)
            let edge = surroundings.now.advanced(byMilliseconds: -Self.liveMargin)
            guard time < edge else { return goLive(surroundings) }
            return seek(to: time, isRunning: sameTime.isRunning, surroundings)
        case .stepFrames(let count):
            let rate = tiles[focused]?.status?.mediaFrameRate ?? 25
            let step = Int64((Double(count) * 1000 / max(1, rate)).rounded())
            return base.map {
                seek(to: $0.advanced(byMilliseconds: step), isRunning: false, surroundings)
            } ?? []
        // What each tile would answer in its own way is not for all.
        default: return []
        }
    }

    /// Holds all tiles to the time of the focused one, or lets them go.
    ///
    /// - Returns: nil where the focused tile has no time yet.
    mutating func toggleSameTime(_ surroundings: Surroundings) -> [MonitorAction]? {
        if sameTime != nil { return release(surroundings) }
        guard let status = tiles[focused]?.status, let time = wallTime(of: focused, surroundings) else {
            return nil
        }
        if status.badge == .live, !status.isPaused { return goLive(surroundings) }
        return seek(to: time, isRunning: !status.isPaused, surroundings)
    }

    private mutating func release(_ surroundings: Surroundings) -> [MonitorAction] {
        let isRunning = sameTime?.isRunning == true
        sameTime = nil
        return tiles.keys.sorted().flatMap { name -> [MonitorAction] in
            let wasHeld = tiles[name]?.isHeld == true
            tiles[name]?.isHeld = false
            tiles[name]?.seek = nil
            if !keepsArchive(name, surroundings) { return [.tile(name, .live)] }
            return wasHeld && isRunning ? [.tile(name, .resume)] : []
        }
    }

    private mutating func goLive(_ surroundings: Surroundings) -> [MonitorAction] {
        sameTime = .live(at: surroundings.now)
        return tiles.keys.sorted().map { name in
            tiles[name]?.isHeld = false
            tiles[name]?.seek = nil
            return .tile(name, .live)
        }
    }

    /// Brings all tiles to a moment; they stand there until the last has come.
    mutating func seek(to time: Timestamp, isRunning: Bool, _ surroundings: Surroundings) -> [MonitorAction] {
        sameTime = .gathering(at: time, isRunning: isRunning, now: surroundings.now)
        return tiles.keys.sorted().flatMap { place($0, at: time, surroundings) }
    }

    /// Brings one tile to a moment; a seek comes first, so that one just opened begins there.
    mutating func place(_ name: String, at time: Timestamp, _ surroundings: Surroundings) -> [MonitorAction] {
        tiles[name]?.isHeld = true
        guard keepsArchive(name, surroundings) else { return [.tile(name, .pause)] }
        let wanted = time.advanced(byMilliseconds: -skew(of: name, surroundings))
        tiles[name]?.seek = (wanted, surroundings.now)
        return [.tile(name, .seek(to: wanted)), .tile(name, .pause)]
    }

    /// Lets time run once all are there; who is ahead of it waits, who stands at it goes on.
    mutating func keepTime(_ surroundings: Surroundings) -> [MonitorAction] {
        let now = surroundings.now
        let names = playable(surroundings).filter { keepsArchive($0, surroundings) }
        if let until = sameTime?.gatheringUntil {
            let isComplete = names.allSatisfy { tiles[$0]?.hasLanded(at: now) == true }
            guard isComplete || now >= until else { return [] }
            sameTime?.start(at: now)
        }
        guard sameTime?.isRunning == true, let time = sameTime?.time(at: now) else { return [] }
        return names.compactMap { name in
            guard let tile = tiles[name], tile.status?.target == nil,
                let there = wallTime(of: name, surroundings)
            else { return nil }
            let ahead = there.milliseconds - time.milliseconds
            if tile.isHeld, tile.hasLanded(at: now), ahead <= 500, ahead >= -Self.tolerance {
                tiles[name]?.isHeld = false
                return .tile(name, .resume)
            }
            guard !tile.isHeld, ahead > Self.tolerance else { return nil }
            tiles[name]?.isHeld = true
            return .tile(name, .pause)
        }
    }

    // MARK: Where tiles stand

    /// How a tile lies to the common time.
    enum Standing: Hashable {
        /// It shows that time, or there is none.
        case there
        /// It is on its way.
        case coming
        /// The stream keeps no media.
        case noArchive
        /// It shows the first picture after that time.
        case ahead
        /// It shows the last picture before that time.
        case behind
    }

    /// How a tile lies to the common time.
    func standing(of name: String, _ surroundings: Surroundings) -> Standing {
        guard let time = sameTime?.time(at: surroundings.now) else { return .there }
        guard keepsArchive(name, surroundings) else { return .noArchive }
        guard let tile = tiles[name], tile.hasLanded(at: surroundings.now), tile.status?.target == nil,
            let there = wallTime(of: name, surroundings)
        else { return .coming }
        let ahead = there.milliseconds - time.milliseconds
        guard abs(ahead) > Self.tolerance else { return .there }
        return ahead > 0 ? .ahead : .behind
    }

    /// The moment of the common clock that a tile shows; nil before its first picture.
    func wallTime(of name: String, _ surroundings: Surroundings) -> Timestamp? {
        tiles[name]?.status?.position?.advanced(byMilliseconds: skew(of: name, surroundings))
    }

    /// The earliest time that a live tile shows: all have come so far.
    private func liveTime(_ surroundings: Surroundings) -> Timestamp? {
        let live = playable(surroundings).filter { tiles[$0]?.status?.badge == .live }
        return live.compactMap { wallTime(of: $0, surroundings) }.min() ?? wallTime(of: focused, surroundings)
    }

    private func keepsArchive(_ name: String, _ surroundings: Surroundings) -> Bool {
        surroundings.streams.row(named: name)?.statistics.retentionHours != 0
    }

    private func skew(of name: String, _ surroundings: Surroundings) -> Int64 {
        surroundings.streams.row(named: name)?.producerSkew ?? 0
    }
}
