package import Pixels
package import TerminalScreen

/// Draws whatever the state shows.
package enum MonitorView {
    /// A drawn screen, and where the picture goes.
    package struct Drawing: Sendable, Hashable {
        /// The chrome; blank where the picture lies.
        package var buffer: ScreenBuffer
        /// Where the picture lies; nil where there is none.
        package var picture: ScreenRectangle?
        /// Parts of the chrome that lie over the picture.
        package var overlays: [ScreenRectangle] = []
    }

    /// Draws a frame.
    ///
    /// - Parameters:
    ///   - state: What to draw.
    ///   - theme: How.
    ///   - picture: Size of the picture that is there to be shown; nil for none.
    /// - Returns: The chrome and the picture's place.
    package static func draw(_ state: MonitorState, theme: Theme, picture: PixelSize? = nil) -> Drawing {
        var drawing = Drawing(buffer: ScreenBuffer(size: state.size))
        if state.isTooSmall {
            ChromeView.tooSmall(state, theme: theme, in: &drawing.buffer)
        } else if let player = state.player, let layout = state.playerLayout {
            drawing.picture = picture.flatMap(layout.region)
            PlayerView(state: state, theme: theme, player: player, layout: layout).draw(in: &drawing.buffer)
            if let age = StalePicture(state: state, theme: theme)?.draw(
                over: layout.picture,
                in: &drawing.buffer
            ) {
                drawing.overlays.append(age)
            }
            if let panel = layout.panel { drawing.overlays.append(panel) }
        } else {
            StreamsView(state: state, theme: theme).draw(in: &drawing.buffer)
        }
        if let dialog = state.clipDialog, state.player != nil, !state.isTooSmall {
            ExportView(state: state, theme: theme, dialog: dialog).draw(in: &drawing.buffer)
            drawing.overlays.append(ExportView.area(size: state.size))
        }
        if let toast = ChromeView(state: state, theme: theme).toast(in: &drawing.buffer) {
            drawing.overlays.append(toast)
        }
        if let help = state.help, !state.isTooSmall {
            HelpView(state: state, theme: theme).draw(scroll: help, in: &drawing.buffer)
            let keymap = state.configuration.keymap
            drawing.overlays.append(HelpView.area(scope: state.scope, keymap: keymap, size: state.size))
        }
        finish(&drawing, state, theme)
        return drawing
    }

    /// Gives cells without a background of their own the theme's, and translates characters.
    private static func finish(_ drawing: inout Drawing, _ state: MonitorState, _ theme: Theme) {
        if let background = theme[.background].background {
            let whole = ScreenRectangle(row: 0, column: 0, rows: state.size.rows, columns: state.size.columns)
            drawing.buffer.restyle(whole) { style in
                var style = style
                style.background = style.background ?? background
                return style
            }
        }
        if let picture = drawing.picture {
            for row in picture.row..<picture.row + picture.size.rows {
                for column in picture.column..<picture.column + picture.size.columns
                where !drawing.overlays.contains(where: { $0.contains(row: row, column: column) }) {
                    drawing.buffer[row, column] = .blank
                }
            }
        }
        state.configuration.glyphs.apply(to: &drawing.buffer)
    }
}
