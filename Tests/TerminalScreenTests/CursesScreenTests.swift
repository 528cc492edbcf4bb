import Glibc
import Pixels
import TerminalScreen
import Testing

/// A terminal of the kernel's: what programs write to `program` is read at `user`.
private final class PseudoTerminal {
    let user: Int32
    let program: Int32

    init?(rows: UInt16, columns: UInt16) {
        var (user, program): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&user, &program, nil, nil, &size) == 0 else { return nil }
        (self.user, self.program) = (user, program)
    }

    deinit {
        close(user)
        close(program)
    }

    var settings: [UInt32] {
        var settings = termios()
        tcgetattr(program, &settings)
        return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag]
    }

    /// Reads until the text ends so, or five seconds without it have passed.
    func read(until end: String) -> String {
        var bytes: [UInt8] = []
        var poll = pollfd(fd: user, events: Int16(POLLIN), revents: 0)
        while Glibc.poll(&poll, 1, 5000) > 0 {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = Glibc.read(user, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
            if bytes.ends(with: end.utf8) { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(user, $0.baseAddress, $0.count) }
    }
}

extension Array where Element: Equatable {
    fileprivate func ends(with other: some Collection<Element>) -> Bool {
        suffix(other.count).elementsEqual(other)
    }
}

/// One terminal a process, so one test at a time.
@Suite(.serialized) struct CursesScreenTests {
    private static let end = "\u{1B}[?2026l"

    @Test func chromeAndPictureLeaveInOneSynchronizedWriteInTheirOwnColours() throws {
        let terminal = try #require(PseudoTerminal(rows: 5, columns: 20))
        let screen = try CursesScreen(
            terminalType: "xterm-256color",
            input: terminal.program,
            output: terminal.program
        )
        defer { screen.close() }
        #expect(screen.size == ScreenSize(rows: 5, columns: 20))
        #expect(terminal.read(until: "\u{1B}[?1006h").hasPrefix("\u{1B}[?1049h\u{1B}[?25l"))

        var buffer = ScreenBuffer(size: screen.size)
        let live = Style(foreground: .rgb(RGBColor(0x6CCB7F)), attributes: .bold)
        buffer.put("● LIVE", row: 0, column: 1, style: live)
        let region = ScreenRectangle(row: 2, column: 0, rows: 1, columns: 3)
        let first = ScreenFrame(buffer: buffer, pictureRegions: [region], picture: Array("PICTURE".utf8))
        #expect(try screen.present(first) != nil)
        let shown = terminal.read(until: Self.end)
        #expect(shown.hasPrefix("\u{1B}[?2026h"))
        #expect(shown.contains("● LIVE"))
        #expect(shown.contains("38;2;108;203;127"))
        #expect(shown.hasSuffix("\u{1B}7PICTURE\u{1B}[0m\u{1B}[2;1H\u{1B}[6n\u{1B}8" + Self.end))

        while !screen.isReady { sched_yield() }
        buffer.put("x", row: 4, column: 19)
        #expect(try screen.present(ScreenFrame(buffer: buffer, pictureRegions: [region])) != nil)
        let change = terminal.read(until: Self.end)
        #expect(!change.contains("LIVE") && change.contains("x"))
    }

    @Test func everythingIsRepaintedWhenThePictureMoves() throws {
        let terminal = try #require(PseudoTerminal(rows: 5, columns: 20))
        let screen = try CursesScreen(
            terminalType: "xterm-256color",
            input: terminal.program,
            output: terminal.program
        )
        defer { screen.close() }
        _ = terminal.read(until: "\u{1B}[?1006h")
        var buffer = ScreenBuffer(size: screen.size)
        buffer.put("chrome", row: 0, column: 0)
        for row in 2...3 {
            let region = ScreenRectangle(row: row, column: 0, rows: 1, columns: 3)
            while !screen.isReady { sched_yield() }
            _ = try screen.present(ScreenFrame(buffer: buffer, pictureRegions: [region]))
            #expect(terminal.read(until: Self.end).contains("chrome"))
        }
    }

    @Test func keysArriveAndTheTerminalIsGivenBackAsItWas() throws {
        let terminal = try #require(PseudoTerminal(rows: 24, columns: 80))
        let before = terminal.settings
        let screen = try CursesScreen(
            terminalType: "xterm-256color",
            input: terminal.program,
            output: terminal.program
        )
        #expect(terminal.settings != before)
        terminal.type("\u{1B}OAq")
        #expect(try screen.readInput(timeout: .seconds(5)) == [.key(KeyPress(.up)), .key(KeyPress("q"))])
        terminal.type("\u{1B}")
        #expect(try screen.readInput(timeout: .seconds(5)) == [])
        #expect(try screen.readInput(timeout: .seconds(5)) == [.key(KeyPress(.escape))])
        #expect(try screen.readInput(timeout: .zero) == [])
        screen.close()
        #expect(terminal.settings == before)
        #expect(terminal.read(until: TerminalGuard.leaveSequence).hasSuffix(TerminalGuard.leaveSequence))
        #expect(try screen.present(ScreenFrame(buffer: ScreenBuffer(size: screen.size))) == nil)
    }

    @Test func anAnswerThatComesLateIsNeitherShownNorAKey() throws {
        let terminal = try #require(PseudoTerminal(rows: 24, columns: 80))
        let before = terminal.settings
        let answers = TerminalInquiry.run(
            environment: ["TERM": "xterm-256color"],
            limit: .milliseconds(1),
            input: terminal.program,
            output: terminal.program
        )
        #expect(answers?.isComplete == false)
        terminal.type("\u{1B}[?1;2c")
        let screen = try CursesScreen(
            terminalType: "xterm-256color",
            input: terminal.program,
            output: terminal.program
        )
        terminal.type("\u{1B}P1$r0m\u{1B}\\q")
        var events: [InputEvent] = []
        while events.isEmpty { events = try screen.readInput(timeout: .seconds(5)) }
        #expect(events == [.key(KeyPress("q"))])
        screen.close()
        let shown = terminal.read(until: TerminalGuard.leaveSequence)
        #expect(
            shown == TerminalAnswers.questions(hasMultiplexer: false)
                + TerminalGuard.enterSequence(mouse: true)
                + TerminalGuard.leaveSequence
        )
        #expect(terminal.settings == before)
    }

    @Test func anInquiryWithoutAScreenGivesTheTerminalBack() throws {
        let terminal = try #require(PseudoTerminal(rows: 24, columns: 80))
        let before = terminal.settings
        terminal.type("\u{1B}[?62;4c")
        let answers = TerminalInquiry.run(
            environment: ["TERM": "xterm-256color"],
            limit: .seconds(5),
            input: terminal.program,
            output: terminal.program
        )
        #expect(answers?.isComplete == true && answers?.hasSixel == true)
        #expect(terminal.settings != before)
        TerminalInquiry.end()
        #expect(terminal.settings == before)
    }

    @Test func oneScreenAProcess() throws {
        let terminal = try #require(PseudoTerminal(rows: 24, columns: 80))
        let screen = try CursesScreen(
            terminalType: "xterm-256color",
            input: terminal.program,
            output: terminal.program
        )
        defer { screen.close() }
        let error = #expect(throws: TerminalError.self) {
            try CursesScreen(
                terminalType: "xterm-256color",
                input: terminal.program,
                output: terminal.program
            )
        }
        #expect(error?.code == .alreadyOwned)
    }

    @Test(arguments: ["dumb", "", "no-such-terminal"])
    func aTerminalWithoutAddressingIsRefusedWithStatus8(_ type: String) throws {
        let terminal = try #require(PseudoTerminal(rows: 24, columns: 80))
        let error = #expect(throws: TerminalError.self) {
            try CursesScreen(terminalType: type, input: terminal.program, output: terminal.program)
        }
        #expect(error?.code == .unusableTerminal)
        #expect(error?.exitStatus == 8)
    }

    @Test func whatIsNoTerminalIsRefused() throws {
        let file = open("/dev/null", O_RDWR)
        defer { close(file) }
        let error = #expect(throws: TerminalError.self) {
            try CursesScreen(terminalType: "xterm-256color", input: file, output: file)
        }
        #expect(error?.code == .noTerminal)
    }

    @Test func aPointerWithoutAButtonIsNotWatchedWhereNobodyWantsThat() {
        #expect(TerminalGuard.enterSequence(mouse: true).contains("\u{1B}[?1003h"))
        #expect(!TerminalGuard.enterSequence(mouse: true, hover: false).contains("\u{1B}[?1003h"))
        #expect(TerminalGuard.enterSequence(mouse: true, hover: false).contains("\u{1B}[?1002h"))
        #expect(!TerminalGuard.enterSequence(mouse: false).contains("[?100"))
    }

    @Test func everyModeThatIsSetIsUndone() {
        let enter = TerminalGuard.enterSequence(mouse: true)
        let modes = enter.matches(of: /\[\?(\d+)([hl])/).map { (String($0.1), String($0.2)) }
        #expect(modes.count == 8)
        for (mode, action) in modes {
            let undo = "\u{1B}[?\(mode)\(action == "h" ? "l" : "h")"
            #expect(TerminalGuard.leaveSequence.contains(undo), "\(mode)")
        }
    }
}
