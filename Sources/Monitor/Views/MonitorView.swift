package import Pixels
package import TerminalScreen

/// Draws whatever the state shows.
package enum MonitorView {
    /// A drawn screen, and where the picture goes.
    package struct Drawing: Sendable, Hashable {
        /// The chrome; blank where the picture lies.
        package var buffer: ScreenBuffer
        /// Where the player's picture lies; nil where there is none.
        package var picture: ScreenRectangle?
        /// Where the pictures of the wall lie, in the order of the tiles.
        package var tiles: [TilePlace] = []
        /// Where the picture of the selected stream lies beside its figures; nil where there is none.
        package var preview: ScreenRectangle?
        /// Where the picture of the moment under the pointer lies, inside of the player's; nil where there is none.
        package var glance: ScreenRectangle?
        /// Parts of the chrome that lie over the picture.
        package var overlays: [ScreenRectangle] = []

        /// Everything that is not the chrome's.
        package var pictureRegions: [ScreenRectangle] {
            [picture, preview].compactMap(\.self) + tiles.map(\.region)
        }
    }

    /// Draws a frame.
    ///
    /// - Parameters:
    ///   - state: What to draw.
    ///   - theme: How.
    ///   - picture: Size of the player's picture that is there to be shown; nil for none.
    ///   - glance: Size of the picture of the moment under the pointer; nil for none.
    ///   - tiles: Sizes of the wall's pictures, by the names of their streams.
    /// - Returns: The chrome and the places of the pictures.
    package static func draw(
        _ state: MonitorState,
        theme: Theme,
        picture: PixelSize? = nil,
        glance: PixelSize? = nil,
        tiles: [String: PixelSize] = [:]
    ) -> Drawing {
        var drawing = Drawing(buffer: ScreenBuffer(size: state.size))
        if state.isTooSmall {
            ChromeView.tooSmall(state, theme: theme, in: &drawing.buffer)
        } else if let inspector = state.inspector {
            InspectorView(state: state, theme: theme, inspector: inspector).draw(in: &drawing.buffer)
        } else if let player = state.player, let layout = state.playerLayout {
            drawing.picture = picture.flatMap(layout.region)
            drawing.glance = glanceRegion(glance, in: drawing.picture, player, layout)
            PlayerView(state: state, theme: theme, player: player, layout: layout).draw(in: &drawing.buffer)
            if let age = StalePicture(state: state, theme: theme)?.draw(
                over: layout.picture,
                in: &drawing.buffer
            ) {
                drawing.overlays.append(age)
            }
            if let card = GapCard(state: state, theme: theme)?.draw(over: layout.picture, in: &drawing.buffer)
            {
                drawing.overlays.append(card)
            }
            if let panel = layout.panel { drawing.overlays.append(panel) }
        } else if let wall = state.wall, let layout = state.wallLayout {
            drawing.tiles = state.tileNames.enumerated().compactMap { index, name in
                guard state.showsTile(name), let size = tiles[name] else { return nil }
                return layout.region(of: index, for: size).map { TilePlace(stream: name, region: $0) }
            }
            drawing.overlays += WallView(state: state, theme: theme, wall: wall, layout: layout)
                .draw(in: &drawing.buffer)
        } else {
            StreamsView(state: state, theme: theme).draw(in: &drawing.buffer)
            drawing.preview = previewRegion(state)
        }
        if let dialog = state.clipDialog, !state.isTooSmall {
            ExportView(state: state, theme: theme, dialog: dialog).draw(in: &drawing.buffer)
            drawing.overlays.append(ExportView.area(size: state.size))
        }
        if !state.isTooSmall { drawOverlays(state, theme, in: &drawing) }
        if let toast = ToastView(state: state, theme: theme).draw(in: &drawing.buffer) {
            drawing.overlays.append(toast)
        }
        finish(&drawing, state, theme)
        return drawing
    }

    /// The middle of the room for the picture of the selected stream, where there is one.
    private static func previewRegion(_ state: MonitorState) -> ScreenRectangle? {
        let layout = StreamsLayout(size: state.size, hasFault: state.streams.fault != nil)
        guard let room = layout.preview, state.streams.selectedIndex != nil,
            let image = state.streams.selection.flatMap({ state.previews[$0]?.image })
        else { return nil }
        let (columns, rows) = (image.size.width, image.size.height / 2)
        guard columns <= room.size.columns, rows <= room.size.rows else { return nil }
        return ScreenRectangle(
            row: room.row + (room.size.rows - rows) / 2,
            column: room.column + (room.size.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }

    /// Room for a glance: at the lower edge of the picture, over the column that the pointer is at.
    ///
    /// Outside of the picture nothing but the chrome may be drawn.
    private static func glanceRegion(
        _ glance: PixelSize?,
        in picture: ScreenRectangle?,
        _ player: PlayerScreen,
        _ layout: PlayerLayout
    ) -> ScreenRectangle? {
        guard let glance, let picture, let hover = player.hover,
            let column = player.window.column(of: hover, columns: layout.track.count)
        else { return nil }
        let (columns, rows) = (glance.width, (glance.height + 1) / 2)
        guard columns < picture.size.columns, rows < picture.size.rows else { return nil }
        let left = layout.track.column + column - columns / 2
        let last = picture.column + picture.size.columns - columns
        return ScreenRectangle(
            row: picture.row + picture.size.rows - rows,
            column: min(max(left, picture.column), last),
            rows: rows,
            columns: columns
        )
    }

    private static func drawOverlays(_ state: MonitorState, _ theme: Theme, in drawing: inout Drawing) {
        if let inspector = state.inspector, let scroll = inspector.acknowledgementScroll {
            AcknowledgementsView(state: state, theme: theme, inspector: inspector)
                .draw(scroll: scroll, in: &drawing.buffer)
            drawing.overlays.append(AcknowledgementsView.area(in: state.size))
        }
        if let help = state.help {
            let view = HelpView(state, filter: help.filter)
            view.draw(scroll: help.scroll, theme: theme, in: &drawing.buffer)
            drawing.overlays.append(view.area(in: state.size))
        }
        if let log = state.logScreen {
            LogView(state: state, theme: theme).draw(log, in: &drawing.buffer)
            drawing.overlays.append(LogView.area(in: state.size))
        }
        if let sheet = state.tagSheet {
            TagSheetView(state: state, theme: theme, sheet: sheet).draw(in: &drawing.buffer)
            drawing.overlays.append(TagSheetView.area(of: sheet, in: state.size))
        }
        if state.prompt?.purpose == .command {
            PaletteView(state: state, theme: theme).draw(in: &drawing.buffer)
            drawing.overlays.append(PaletteView.area(in: state.size))
        }
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
        for picture in drawing.pictureRegions {
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
