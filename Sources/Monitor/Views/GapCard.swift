import KinesisVideo
import KinesisVideoConsumer
import Playback
import TerminalScreen

/// The bounds of a gap that the playhead is dragged over, over the middle of the picture: there is none of that time.
struct GapCard {
    private let text: String
    private let style: Style

    /// Nil while nothing is dragged, or what lies there is no gap.
    init?(state: MonitorState, theme: Theme) {
        guard let player = state.player, player.isDragging, let target = player.status.target,
            case .gap(let from, let to, _)? = state.place?.place, from <= target, target <= to
        else { return nil }
        let length = Figure.span(to.milliseconds - from.milliseconds)
        let bounds = "\(Figure.clock(state.zoned(from))) → \(Figure.clock(state.zoned(to)))"
        text = " gap \(length) · \(bounds) "
        style = theme[.warning].adding(.reverse)
    }

    /// Draws it; the cells that it takes.
    func draw(over area: ScreenRectangle, in buffer: inout ScreenBuffer) -> ScreenRectangle {
        buffer.putInMiddle(text, of: area, style: style)
    }
}
