import KinesisVideo
import Playback
import TerminalScreen

/// What a tile of the wall says of its stream.
struct WallLabel {
    let state: MonitorState
    let wall: WallScreen
    let name: String

    private var row: StreamRow? { state.streams.row(named: name) }
    private var status: PlayerStatus? { wall.tiles[name]?.status }
    private var standing: WallScreen.Standing { wall.standing(of: name, state.wallSurroundings) }

    /// The list's word for a stream that nothing comes from; nil for one that lives.
    private var restingRow: StreamRow? {
        let clock = state.streams.serviceClock(at: state.now)
        guard let row, [.idle, .off].contains(row.state(at: clock)) else { return nil }
        return row
    }

    /// Glyph, word and figure at the right of the label.
    var badge: (text: String, role: Theme.Role) {
        let clock = state.streams.serviceClock(at: state.now)
        if let row, [.new, .delete].contains(row.state(at: clock)) {
            return (row.state(at: clock).label, row.state(at: clock).role)
        }
        guard let status else { return (PlayerStatus.Badge.connecting.label, .accent) }
        switch status.badge {
        case .retry, .denied, .ended, .connecting: return (status.badge.label, status.badge.role)
        case .buffering, .live, .shift, .archive: break
        }
        let isFree = wall.sameTime?.time(at: state.now) == nil
        let badge = isFree ? ownBadge(status) : commonBadge(status)
        return (status.isPaused && isFree ? "‖ \(badge.text)" : badge.text, badge.role)
    }

    /// Of a tile that goes its own way: `● 0.8s`, `◌ idle 41s`, `◐ SHIFT −0:18`.
    ///
    /// In ASCII the sign alone does not say that it is live: `* LIVE 0.8s`.
    private func ownBadge(_ status: PlayerStatus) -> (text: String, role: Theme.Role) {
        if status.badge != .live, status.badge != .shift, let resting { return resting }
        let label = status.badge.label
        guard let distance = status.distance else { return (label, status.badge.role) }
        guard status.badge == .live else {
            return ("\(label) \(PlayerTitle.distance(status) ?? "")", status.badge.role)
        }
        let sign = state.configuration.glyphs == .ascii ? label : String(label.prefix(1))
        return ("\(sign) \(Figure.age(distance))", status.badge.role)
    }

    /// Of a tile that is held to one time with the others: `■ 13:58:00`, `gap → 13:58:41`, `no archive`.
    private func commonBadge(_ status: PlayerStatus) -> (text: String, role: Theme.Role) {
        let position = (status.target ?? status.position).map { Figure.clock(state.zoned($0)) }
        let clock = position ?? Figure.unknown
        switch standing {
        case .noArchive: return ("no archive", .dim)
        case .coming: return ("… \(clock)", .accent)
        case .ahead: return ("gap → \(clock)", .warning)
        case .behind: return resting ?? ("gap ← \(clock)", .warning)
        case .there: return ("\(status.badge.label.prefix(1)) \(clock)", status.badge.role)
        }
    }

    private var resting: (text: String, role: Theme.Role)? {
        restingRow.map { row in
            let clock = state.streams.serviceClock(at: state.now)
            let age = row.age(at: clock).map { " \(Figure.age($0))" } ?? ""
            return (row.state(at: clock).label + age, row.state(at: clock).role)
        }
    }

    /// What stands in the middle of the tile; nil where the picture says it all.
    var words: String? {
        guard let status else { return nil }
        if !status.hasPicture { return "no pictures in this stream" }
        switch standing {
        case .noArchive: return "keeps no media"
        case .ahead: return "no media at this time"
        case .there, .coming, .behind: break
        }
        guard isOld || standing == .behind, let position = status.position else { return nil }
        return "last picture \(Figure.clock(state.zoned(position)))"
    }

    /// True where no newer picture will follow the one that is shown.
    var isOld: Bool {
        guard let status, status.position != nil else { return false }
        switch status.badge {
        case .connecting, .retry, .denied, .ended: return true
        case .live, .shift: return false
        case .buffering, .archive: return wall.sameTime?.time(at: state.now) == nil && restingRow != nil
        }
    }

    /// False where the picture is not of the time that all are held to.
    var showsPicture: Bool {
        switch standing {
        case .there, .coming: true
        case .noArchive, .ahead, .behind: false
        }
    }
}

extension MonitorState {
    /// True where the picture of a tile is the last one for now, and shown dimmed.
    func isTileOld(_ name: String) -> Bool {
        wall.map { WallLabel(state: self, wall: $0, name: name).isOld } ?? false
    }

    /// False where a tile's picture is not of the time that all are held to.
    func showsTile(_ name: String) -> Bool {
        wall.map { WallLabel(state: self, wall: $0, name: name).showsPicture } ?? false
    }
}
