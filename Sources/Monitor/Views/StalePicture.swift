import KinesisVideo
import Playback
import TerminalScreen

extension MonitorState {
    /// True while the picture on screen is the last one of a connection that is gone.
    var isPictureStale: Bool {
        guard let status = player?.status, status.position != nil else { return false }
        switch status.badge {
        case .connecting, .retry, .denied, .ended: return true
        case .buffering, .live, .shift, .archive: return false
        }
    }
}

/// The age of a picture that no other follows, over its middle.
struct StalePicture {
    private let text: String
    private let style: Style

    /// Nil while pictures come.
    init?(state: MonitorState, theme: Theme) {
        guard state.isPictureStale, let status = state.player?.status,
            let time = status.isDistanceByServerClock ? status.serverPosition : status.position
        else { return nil }
        let age = Figure.span(state.now.milliseconds - time.milliseconds)
        text = " last picture \(Figure.clock(state.zoned(time))) · \(age) old "
        style = theme[.warning].adding(.bold)
    }

    /// Draws it; the cells that it takes.
    func draw(over area: ScreenRectangle, in buffer: inout ScreenBuffer) -> ScreenRectangle {
        buffer.putInMiddle(text, of: area, style: style)
    }
}
