import TerminalScreen
package import TerminalVideo

extension MonitorApp {
    /// What does not change while the program runs.
    package struct Options {
        /// Colours and attributes.
        package var theme: Theme
        /// Name or path of that theme, to find it for other colours.
        package var themeName: String
        /// Colours that the terminal has.
        package var depth: ColorDepth
        /// A stream to open at once; `Esc` leads to the list.
        package var stream: String?
        /// Hours that this stream keeps media, where known.
        package var retentionHours: Int?
        /// A file to look into, with no service behind; leaving it ends the program.
        package var file: String?
        /// Commands of the palette to run at once, with `;` between them.
        package var commands: String
        /// Pixels of a cell of the terminal, for pictures drawn in pixels.
        package var cell = PictureEncoder.usualCell
        /// True where the terminal has proved to repeat glyphs.
        package var repeatsGlyphs = false
        /// Shortest time between two frames.
        package var frameInterval: Duration = .nanoseconds(1_000_000_000 / 30)
        /// Shortest time between two pictures of a tile of the wall.
        package var wallInterval: Duration = .milliseconds(100)
        /// How long a frame may be on its way to the terminal.
        package var frameLatency: Duration = .milliseconds(100)
        /// Finds a theme by its name.
        package var themes = ThemeCatalog(folders: [])

        /// Creates options.
        package init(
            theme: Theme,
            depth: ColorDepth,
            stream: String? = nil,
            retentionHours: Int? = nil,
            commands: String = ""
        ) {
            self.theme = theme
            themeName = theme.name
            self.depth = depth
            self.stream = stream
            self.retentionHours = retentionHours
            self.commands = commands
        }
    }
}
