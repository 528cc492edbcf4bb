import KinesisVideo
import Monitor
import Pixels
import Playback
import TerminalScreen

/// A wall whose players say what a table tells.
struct SampleWall {
    var state: MonitorState

    /// Opens the wall of all streams and all of its page; the actions of that are gone.
    init(rows: Int = 24, columns: Int = 80, keys: String = "w", glyphs: Glyphs = .unicode) {
        state = sampleState(rows: rows, columns: columns, glyphs: glyphs)
        _ = state.type(keys)
        for _ in 0..<16 { _ = advance(by: 200) }
    }

    /// Lets time pass, and the players say something.
    mutating func advance(by milliseconds: Int64, _ statuses: PlayerStatus...) -> [MonitorAction] {
        state.handle(.tiles(statuses), at: state.now.advanced(byMilliseconds: milliseconds))
    }

    /// A player that shows a moment so many milliseconds before now.
    func status(_ stream: String, _ badge: PlayerStatus.Badge = .live, ago: Int64, skew: Int64 = 0)
        -> PlayerStatus
    {
        var status = PlayerStatus(stream: stream)
        status.badge = badge
        status.position = state.now.advanced(byMilliseconds: -ago - skew)
        status.distance = ago
        return status
    }

    /// What is on screen, with pictures of a size in all tiles.
    func text(picture: PixelSize? = nil) -> String {
        let sizes = picture.map { size in
            Dictionary(uniqueKeysWithValues: (state.wall?.streams ?? []).map { ($0, size) })
        }
        return MonitorView.draw(state, theme: .colorless, tiles: sizes ?? [:]).buffer.textDump
    }
}
