internal import CNcurses
import Glibc
import Pixels

/// The one writer of the terminal.
///
/// ```
/// chrome   ScreenBuffer > ncurses > difference, in memory > 24-bit colours \
/// picture  escape sequences of their own                                    > one write, synchronized
/// ```
///
/// ncurses never touches the terminal: it writes what differs into a file in memory. It believes the regions
/// of pictures blank and so leaves them alone; after a change of the regions everything is repainted. Colours arrive
/// as they were given: see `PaletteRewriter`. On a terminal of less than 256 colours those of 24 bits are
/// left out.
package final class CursesScreen: Screen {
    private let terminal: TerminalGuard
    private let surface: OpaquePointer
    private let writer: FrameWriter
    private let input: InputReader
    private let output: Int32
    private var laidOut: ScreenSize
    private var regions: [ScreenRectangle] = []
    private var colors = ColorTable()
    private var way = OutputLink()
    private var isClosed = false

    /// Asks where the cursor is; in the second row, because in the first the answer could be a key.
    private static let request = "\u{1B}[2;1H\u{1B}[6n"
    /// How long the end waits for answers that would else be typed into the shell, beyond the time that they are known
    /// to need, and in all.
    private static let (parting, longestParting) = (Duration.milliseconds(400), Duration.seconds(5))

    /// Takes the terminal.
    ///
    /// - Parameters:
    ///   - terminalType: The value of `TERM`.
    ///   - mouse: False leaves selecting text to the terminal.
    ///   - hover: False asks for no word on a pointer that moves without a button.
    ///   - bell: Ends a wait for input when it rings.
    ///   - input: Where keys come from.
    ///   - output: Where frames go.
    /// - Throws: `noTerminal` where standard input or output is none, `unusableTerminal` for `dumb` and for
    ///   types
    ///   that terminfo does not know; nothing has been written then.
    package init(
        terminalType: String?,
        mouse: Bool = true,
        hover: Bool = true,
        bell: ScreenBell? = nil,
        input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO
    ) throws(TerminalError) {
        guard isatty(input) == 1, isatty(output) == 1 else {
            throw TerminalError(.noTerminal, "input and output are not both terminals")
        }
        guard let terminalType, !terminalType.isEmpty, terminalType != "dumb" else {
            throw TerminalError(
                .unusableTerminal,
                "TERM is '\(terminalType ?? "")' (try TERM=xterm-256color)"
            )
        }
        let size = Self.terminalSize(output) ?? ScreenSize(rows: 24, columns: 80)
        guard let surface = CNcurses_open(terminalType, Int32(size.rows), Int32(size.columns)) else {
            throw TerminalError(
                .unusableTerminal,
                "terminfo has no '\(terminalType)' (try TERM=xterm-256color)"
            )
        }
        do {
            terminal = try TerminalGuard(input: input, output: output, mouse: mouse, hover: hover)
        } catch {
            CNcurses_close(surface)
            throw error
        }
        self.surface = surface
        self.output = output
        self.input = InputReader(descriptor: input, bell: bell)
        writer = FrameWriter(descriptor: output) { CNcurses_guard_is_active() }
        laidOut = size
        colors.limit = Int(CNcurses_colors(surface))
    }

    deinit {
        close()
    }

    /// Rows and columns of the terminal now.
    package var size: ScreenSize {
        Self.terminalSize(output) ?? laidOut
    }

    /// False while the last frame is being written, or the terminal has more before it than it takes in at once.
    package var isReady: Bool { writer.isReady && way.mayBegin(at: .now) }

    /// What the terminal's answers tell of the way to it.
    package var link: OutputLink.Figures { way.figures }

    /// True once after the program was stopped and continued.
    package func takeLost() -> Bool {
        guard terminal.takeResumed() else { return false }
        invalidate()
        way.reset()
        return true
    }

    /// Writes what differs from the last frame, and the picture.
    package func present(_ frame: ScreenFrame) throws(TerminalError) -> Int? {
        guard !isClosed, terminal.isActive, writer.isReady else { return nil }
        if frame.buffer.size != laidOut {
            laidOut = frame.buffer.size
            CNcurses_resize(surface, Int32(laidOut.rows), Int32(laidOut.columns))
        }
        if frame.pictureRegions != regions {
            regions = frame.pictureRegions
            CNcurses_invalidate(surface)
        }
        var bytes = Array("\u{1B}[?2026h".utf8)
        let start = bytes.count
        try appendChrome(frame.buffer, to: &bytes)
        guard bytes.count > start || !frame.picture.isEmpty || frame.clipboard != nil else { return 0 }
        bytes.append(contentsOf: "\u{1B}7".utf8)
        if !frame.picture.isEmpty {
            bytes.append(contentsOf: frame.picture)
            bytes.append(contentsOf: "\u{1B}[0m".utf8)
        }
        if let text = frame.clipboard { bytes.append(contentsOf: ClipboardSequence.bytes(leaving: text)) }
        let isMeasured = way.wantsAnswers && bytes.count >= OutputLink.measuredSize
        if isMeasured { bytes.insert(contentsOf: "\u{1B}7\(Self.request)\u{1B}8".utf8, at: 0) }
        if way.wantsAnswers { bytes.append(contentsOf: Self.request.utf8) }
        bytes.append(contentsOf: "\u{1B}8\u{1B}[?2026l".utf8)
        guard try writer.submit(bytes) else { return nil }
        way.sent(bytes: bytes.count, isMeasured: isMeasured, at: .now)
        return bytes.count
    }

    /// Repaints everything with the next frame.
    package func invalidate() {
        CNcurses_invalidate(surface)
    }

    /// Waits for keys, for the mouse and for the bell.
    package func readInput(timeout: Duration) throws(TerminalError) -> [InputEvent] {
        let events = try input.read(timeout: timeout)
        return events.filter { event in
            guard case .cursorReport = event else { return true }
            way.answered(at: .now)
            return false
        }
    }

    /// Stops the program as Ctrl-Z does elsewhere.
    package func suspend() {
        awaitAnswers()
        terminal.suspend()
    }

    /// Gives the terminal back; frames are refused from now on.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        writer.close()
        awaitAnswers()
        terminal.leave()
        CNcurses_close(surface)
    }

    private func awaitAnswers() {
        let needed = way.timeToAnswer ?? .zero
        let deadline = ContinuousClock.now + min(Self.longestParting, Self.parting + needed)
        while way.wantsAnswers, way.figures.unanswered > 0, ContinuousClock.now < deadline {
            // A terminal that has hung up answers nothing any more.
            guard (try? readInput(timeout: deadline - .now)) != nil else { return }
        }
    }

    private func appendChrome(_ buffer: ScreenBuffer, to bytes: inout [UInt8]) throws(TerminalError) {
        CNcurses_erase(surface)
        for row in 0..<buffer.size.rows {
            for column in 0..<buffer.size.columns {
                let cell = buffer[row, column]
                guard let character = cell.character, cell != .blank else { continue }
                CNcurses_put(
                    surface,
                    Int32(row),
                    Int32(column),
                    character.value,
                    Int32(cell.style.attributes.rawValue),
                    Int32(pair(for: cell.style))
                )
            }
        }
        var difference: UnsafePointer<UInt8>?
        let count = CNcurses_difference(surface, &difference)
        guard count >= 0 else { throw TerminalError(.system, "the screen's difference could not be read") }
        colors.rewriter.append(UnsafeBufferPointer(start: difference, count: count), to: &bytes)
    }

    private func pair(for style: Style) -> Int {
        let (pair, isNew) = colors.pair(for: style)
        if let isNew {
            _ = CNcurses_define_pair(surface, Int32(pair), isNew.foreground, isNew.background)
        }
        return pair
    }

    private static func terminalSize(_ descriptor: Int32) -> ScreenSize? {
        var (rows, columns): (Int32, Int32) = (0, 0)
        guard CNcurses_terminal_size(descriptor, &rows, &columns) else { return nil }
        return ScreenSize(rows: Int(rows), columns: Int(columns))
    }
}

/// Which palette entry stands for which colour, and which pair for which two.
struct ColorTable {
    /// A pair to define: palette entries, -1 for the terminal's own.
    struct Pair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    /// Colours that the terminal's description has.
    var limit = 256
    /// Knows the 24-bit colours handed out.
    private(set) var rewriter = PaletteRewriter()

    private var entries: [RGBColor: UInt8] = [:]
    private var pairs: [Pair: Int] = [:]

    /// The number of the style's colour pair, and the pair itself where it is new; 0 for the terminal's own.
    mutating func pair(for style: Style) -> (number: Int, new: Pair?) {
        let pair = Pair(foreground: entry(for: style.foreground), background: entry(for: style.background))
        if pair.foreground < 0, pair.background < 0 { return (0, nil) }
        if let number = pairs[pair] { return (number, nil) }
        let number = pairs.count + 1
        pairs[pair] = number
        return (number, pair)
    }

    private mutating func entry(for color: Style.Color?) -> Int32 {
        switch color {
        case nil: return -1
        case .palette(let index): return Int(index) < limit ? Int32(index) : -1
        case .rgb(let color):
            guard limit >= 256 else { return -1 }
            if let entry = entries[color] { return Int32(entry) }
            // The first 16 are written in a short form and are the user's to change. A theme has some 30
            // colours.
            guard entries.count < 240 else { return -1 }
            let entry = UInt8(255 - entries.count)
            entries[color] = entry
            rewriter.colors[entry] = color
            return Int32(entry)
        }
    }
}
