import KinesisVideo
import Playback
import TerminalScreen

extension MonitorState {
    /// Places of the wall's parts; nil while no wall is open.
    package var wallLayout: WallLayout? {
        wall.map { WallLayout(size: size, wanted: $0.wantedGrid, hasFault: streams.fault != nil) }
    }

    /// The streams of the page that is shown, in the order of the tiles; none while something else is.
    package var tileNames: [String] {
        guard player == nil, !isTooSmall, let wall, let layout = wallLayout else { return [] }
        return Array(wall.streams[wall.page(grid: layout.grid)])
    }

    /// What the wall sees around it.
    var wallSurroundings: WallScreen.Surroundings {
        WallScreen.Surroundings(
            streams: streams,
            grid: wallLayout?.grid ?? 1,
            isShown: player == nil,
            now: now
        )
    }

    // MARK: Opening

    /// Opens the named streams side by side; without names the marked ones, else all of the list.
    mutating func openWall(_ names: [String]) -> [MonitorAction] {
        if streams.hasReport, let unknown = names.first(where: { streams.row(named: $0) == nil }) {
            show("no stream is named '\(unknown)'", isError: true)
            return []
        }
        awaitsWall = names.isEmpty && !streams.hasReport
        let chosen = names.isEmpty ? streams.wallNames : names
        let unique = chosen.enumerated().filter { chosen.firstIndex(of: $0.element) == $0.offset }
        let next = WallScreen(
            streams: unique.map(\.element),
            focus: player?.stream ?? streams.selection,
            grid: wallGrid ?? configuration.wallGrid
        )
        guard let next else {
            if !awaitsWall { show("there is no stream to show") }
            return []
        }
        let time = player.flatMap(commonTime)
        let isPaused = player?.status.isPaused == true
        closeInspector()
        let leaving = leaveScreens()
        wall = next
        if let time { wall?.sameTime = .gathering(at: time, isRunning: !isPaused, now: now) }
        return leaving
    }

    /// The moment that a player stands at, on the clock that all streams share; nil at the live edge.
    private func commonTime(of player: PlayerScreen) -> Timestamp? {
        guard player.status.badge != .live || player.status.isPaused else { return nil }
        let skew = streams.row(named: player.stream)?.producerSkew ?? 0
        return player.playhead?.advanced(byMilliseconds: skew)
    }

    /// Back to the list, from wherever.
    mutating func leaveScreens() -> [MonitorAction] {
        let isPlayerOpen = player != nil
        let closing = wall?.closeAll() ?? []
        (player, clipDialog, wall) = (nil, nil, nil)
        pending = []
        return (isPlayerOpen ? [.closePlayer] : []) + closing
    }

    /// Plays the focused stream alone, from where its tile stands.
    mutating func openFocused() -> [MonitorAction] {
        guard let wall else { return [] }
        let status = wall.tiles[wall.focused]?.status
        let opening = openPlayer(wall.focused)
        let isElsewhere = wall.sameTime?.time(at: now) != nil || status?.isPaused == true
        guard let status, let position = status.position, isElsewhere || status.badge == .shift else {
            return opening
        }
        let isStill = wall.sameTime.map { !$0.isRunning } ?? status.isPaused
        return opening + [.player(.seek(to: position))] + (isStill ? [.player(.pause)] : [])
    }

    // MARK: Commands

    mutating func run(_ command: WallCommand) -> [MonitorAction] {
        guard let grid = wallLayout?.grid else { return [] }
        switch command {
        case .focus(let direction): wall?.moveFocus(direction, grid: grid)
        case .grid(let count):
            wall?.wantedGrid = count
            if let grid = wallLayout?.grid, grid < count { show("\(count)×\(count) needs a larger screen") }
        case .page(let step): wall?.turnPage(by: step, grid: grid)
        case .toggleKeyFrames:
            wall?.isKeyFramesOnly.toggle()
            show(wall?.isKeyFramesOnly == true ? "key pictures only" : "all pictures of the focused stream")
        case .toggleSameTime:
            let surroundings = wallSurroundings
            guard let actions = wall?.toggleSameTime(surroundings) else {
                show("\(wall?.focused ?? "it") shows no time yet")
                return []
            }
            return actions
        }
        return []
    }

    /// What the keys of the player ask of the tiles.
    mutating func runOnTiles(_ command: PlayerCommand) -> [MonitorAction] {
        let surroundings = wallSurroundings
        return wall?.perform(command, in: surroundings) ?? []
    }

    /// Takes what the tiles' players say, and the passing of time.
    mutating func advanceWall(_ statuses: [PlayerStatus]) -> [MonitorAction] {
        let surroundings = wallSurroundings
        return wall?.advance(statuses, in: surroundings) ?? []
    }

    // MARK: Mouse

    mutating func handleOnWall(_ event: MouseEvent) -> [MonitorAction] {
        guard let wall, let layout = wallLayout else { return [] }
        switch event.kind {
        case .press(.left):
            let page = wall.page(grid: layout.grid)
            let tile = layout.tiles.firstIndex { $0.contains(row: event.row, column: event.column) }
            guard let index = tile.map({ page.lowerBound + $0 }), page.contains(index) else { return [] }
            let isDouble = lastClick.map { $0.row == index && now.milliseconds - $0.time.milliseconds < 400 }
            lastClick = (index, now)
            self.wall?.moveFocus(to: index, within: page)
            return isDouble == true ? openFocused() : []
        case .wheelUp: return runOnTiles(.seekBy(milliseconds: configuration.step))
        case .wheelDown: return runOnTiles(.seekBy(milliseconds: -configuration.step))
        default: return []
        }
    }
}
