import KinesisVideo
import Playback

/// Several streams side by side: which, which of them has the focus, and whether all stand at one time.
///
/// ```
/// what players say, time > WallScreen > open, close, seek, pause of each tile
/// ```
/// The page is the one that the focus is on. Streams are opened one after the other and closed some seconds after
/// their page has been left.
package struct WallScreen: Sendable, Hashable {
    /// Names of the streams, in the order of the tiles; at least one.
    package let streams: [String]
    /// Tiles in a row that were asked for.
    package internal(set) var wantedGrid: Int
    /// Which stream has the focus.
    package private(set) var focus = 0
    /// True where the focused tile shows key pictures only, too.
    package internal(set) var isKeyFramesOnly = false
    /// The time that all are held to; nil while each goes its own way.
    package internal(set) var sameTime: SameTime?
    /// The streams that are open, by name.
    package internal(set) var tiles: [String: WallTile] = [:]

    private var lastOpening: Timestamp?

    /// Milliseconds between two openings, so that a page does not ask for everything at once.
    private static let openingInterval: Int64 = 200
    /// Milliseconds that a stream stays open when its page is left: one turns back.
    private static let farewell: Int64 = 5000

    /// What the wall sees around it.
    struct Surroundings {
        /// The list, which knows of retention and clocks.
        var streams: StreamList
        /// Tiles in a row that fit.
        var grid: Int
        /// False while another screen lies over it.
        var isShown: Bool
        /// The clock.
        var now: Timestamp
    }

    /// Creates a wall with nothing open; nil without streams.
    package init?(streams: [String], focus: String?, grid: Int) {
        guard !streams.isEmpty else { return nil }
        self.streams = streams
        self.focus = focus.flatMap(streams.firstIndex) ?? 0
        wantedGrid = grid
    }

    /// Name of the stream that has the focus.
    package var focused: String { streams[focus] }

    /// Places of the streams on the page.
    package func page(grid: Int) -> Range<Int> {
        let size = grid * grid
        let start = focus / size * size
        return start..<min(start + size, streams.count)
    }

    /// True for a stream of which only key pictures are wanted.
    package func showsKeyFramesOnly(_ name: String) -> Bool { isKeyFramesOnly || name != focused }

    // MARK: Focus

    mutating func moveFocus(_ direction: WallCommand.Direction, grid: Int) {
        let page = page(grid: grid)
        let place = focus - page.lowerBound
        switch direction {
        case .left where place % grid > 0: focus -= 1
        case .right where place % grid < grid - 1: moveFocus(to: focus + 1, within: page)
        case .up: moveFocus(to: focus - grid, within: page)
        case .down: moveFocus(to: focus + grid, within: page)
        case .next(let step):
            focus = page.lowerBound + ((place + step) % page.count + page.count) % page.count
        case .left, .right: break
        }
    }

    mutating func moveFocus(to index: Int, within page: Range<Int>) {
        if page.contains(index) { focus = index }
    }

    mutating func turnPage(by step: Int, grid: Int) {
        let size = grid * grid
        let count = (streams.count + size - 1) / size
        let page = ((focus / size + step) % count + count) % count
        focus = page * size
    }

    // MARK: Opening and closing

    /// Takes what players say, and the passing of time.
    mutating func advance(_ statuses: [PlayerStatus], in surroundings: Surroundings) -> [MonitorAction] {
        for status in statuses { tiles[status.stream]?.status = status }
        return closeLeft(surroundings) + openNext(surroundings) + keepTime(surroundings)
    }

    /// Streams of the page that can be played, the focused one first.
    func playable(_ surroundings: Surroundings) -> [String] {
        guard surroundings.isShown else { return [] }
        let names = streams[page(grid: surroundings.grid)].filter { name in
            switch surroundings.streams.row(named: name)?.statistics.status {
            case .creating, .deleting: false
            case .active, .updating, nil: true
            }
        }
        return names.filter { $0 == focused } + names.filter { $0 != focused }
    }

    private mutating func openNext(_ surroundings: Surroundings) -> [MonitorAction] {
        let now = surroundings.now
        if let lastOpening, abs(now.milliseconds - lastOpening.milliseconds) < Self.openingInterval {
            return []
        }
        guard let name = playable(surroundings).first(where: { tiles[$0] == nil }) else { return [] }
        lastOpening = now
        tiles[name] = WallTile()
        let hours = surroundings.streams.row(named: name)?.statistics.retentionHours
        let opening = [MonitorAction.openTile(stream: name, retentionHours: hours)]
        guard let time = sameTime?.time(at: now) else { return opening }
        return opening + place(name, at: time, surroundings)
    }

    private mutating func closeLeft(_ surroundings: Surroundings) -> [MonitorAction] {
        let shown = Set(playable(surroundings))
        for name in tiles.keys {
            let leftAt = shown.contains(name) ? nil : tiles[name]?.leftAt ?? surroundings.now
            tiles[name]?.leftAt = leftAt
        }
        let over = tiles.filter { _, tile in
            tile.leftAt.map { surroundings.now.milliseconds - $0.milliseconds >= Self.farewell } ?? false
        }.keys.sorted()
        for name in over { tiles[name] = nil }
        return over.map { .closeTile($0) }
    }

    /// Ends everything that is open.
    func closeAll() -> [MonitorAction] {
        tiles.keys.sorted().map { .closeTile($0) }
    }
}
