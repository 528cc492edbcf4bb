import TerminalScreen
import Testing

@Suite struct InputParserTests {
    private static let start = ContinuousClock.now

    /// Input, and what it means, whatever way it is cut.
    static let table: [(bytes: String, events: [InputEvent])] = [
        ("a", [.key(KeyPress("a"))]),
        ("Aé🎞", [.key(KeyPress("A")), .key(KeyPress("é")), .key(KeyPress("🎞"))]),
        ("\r\t\u{7F}", [.key(KeyPress(.enter)), .key(KeyPress(.tab)), .key(KeyPress(.backspace))]),
        ("\u{03}\u{1A}\u{0F}", ["c", "z", "o"].map { .key(KeyPress($0, .control)) }),
        ("\u{1B}[A\u{1B}OB", [.key(KeyPress(.up)), .key(KeyPress(.down))]),
        ("\u{1B}[1;2C", [.key(KeyPress(.right, .shift))]),
        ("\u{1B}[1;3D", [.key(KeyPress(.left, .alt))]),
        ("\u{1B}[1;5A", [.key(KeyPress(.up, .control))]),
        ("\u{1B}[1;6B", [.key(KeyPress(.down, [.shift, .control]))]),
        ("\u{1B}[H\u{1B}[4~", [.key(KeyPress(.home)), .key(KeyPress(.end))]),
        ("\u{1B}[5~\u{1B}[6;5~", [.key(KeyPress(.pageUp)), .key(KeyPress(.pageDown, .control))]),
        ("\u{1B}[15~\u{1B}OP", [.key(KeyPress(.function(5))), .key(KeyPress(.function(1)))]),
        ("\u{1B}[[C", [.key(KeyPress(.function(3)))]),
        ("\u{1B}[Z", [.key(KeyPress(.tab, .shift))]),
        ("\u{1B}x", [.key(KeyPress("x", .alt))]),
        ("\u{1B}é", [.key(KeyPress("é", .alt))]),
        ("\u{1B}\u{1B}[A", [.key(KeyPress(.escape)), .key(KeyPress(.up))]),
        ("\u{1B}[<0;5;7M", [.mouse(MouseEvent(.press(.left), row: 6, column: 4))]),
        ("\u{1B}[<2;300;7m", [.mouse(MouseEvent(.release(.right), row: 6, column: 299))]),
        ("\u{1B}[<32;1;1M", [.mouse(MouseEvent(.drag(.left), row: 0, column: 0))]),
        ("\u{1B}[<80;9;2M", [.mouse(MouseEvent(.wheelUp, row: 1, column: 8, modifiers: .control))]),
        ("\u{1B}[<65;9;2M", [.mouse(MouseEvent(.wheelDown, row: 1, column: 8))]),
        ("\u{1B}[<35;9;2M", [.mouse(MouseEvent(.move, row: 1, column: 8))]),
        ("\u{1B}[200~a\r\u{1B}[Ab\u{1B}[201~c", [.paste("a\r\u{1B}[Ab"), .key(KeyPress("c"))]),
        ("\u{1B}[200~\u{1B}\u{1B}[201~", [.paste("\u{1B}")]),
        ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
        ("\u{1B}[97;5u", [.key(KeyPress("a", .control))]),
        ("\u{1B}[12;40Rq", [.cursorReport(row: 12, column: 40), .key(KeyPress("q"))]),
        // In the first row it would be F3 with a modifier.
        ("\u{1B}[1;2R", [.key(KeyPress(.function(3), .shift))]),
        // What nobody asked for is swallowed whole.
        ("\u{1B}]11;rgb:0000/0000/0000\u{07}q", [.key(KeyPress("q"))]),
        ("\u{1B}P1+r\u{1B}\\q", [.key(KeyPress("q"))]),
        ("\u{1B}[?62;4cq", [.key(KeyPress("q"))]),
        ("\u{1B}[<0;0;7Mq", [.key(KeyPress("q"))]),
        ("\u{1B}[99~q", [.key(KeyPress("q"))]),
    ]

    @Test(arguments: table)
    func meansTheSameWholeAndCutAnywhere(_ input: (bytes: String, events: [InputEvent])) {
        let bytes = Array(input.bytes.utf8)
        for cut in 0...bytes.count {
            var parser = InputParser()
            let events =
                parser.feed(bytes[..<cut], at: Self.start) + parser.feed(bytes[cut...], at: Self.start)
            #expect(events == input.events, "cut at \(cut)")
            #expect(parser.deadline == nil)
        }
        var parser = InputParser()
        #expect(bytes.flatMap { parser.feed([$0], at: Self.start) } == input.events)
    }

    @Test(arguments: [
        "[1;\(Int.min)A", "[1;\(Int.max)A", "[1;-1A", "[\(Int.min)~", "[\(Int.min);2R", "[2;\(Int.max)R",
        "[\(Int.min)u", "[<0;\(Int.min);1M", "[<\(Int.min);1;1M", "[<0;1;-1m",
    ])
    func numbersThatNoTerminalSendsAreNoTrap(sequence: String) {
        var parser = InputParser()
        let events = parser.feed(Array("\u{1B}\(sequence)q".utf8), at: Self.start)
        #expect(events.last == .key(KeyPress("q")))
    }

    @Test func invalidUTF8IsDropped() {
        for bad: [UInt8] in [
            [0x80], [0xC0, 0x41], [0xE2, 0x41], [0xFF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ] {
            var parser = InputParser()
            let events = parser.feed(bad + [UInt8(ascii: "q")], at: Self.start)
            #expect(events.last == .key(KeyPress("q")), "\(bad)")
        }
    }

    @Test func escapeAloneIsAKeyOnceItsTimeIsOver() {
        var parser = InputParser(patience: .milliseconds(50))
        #expect(parser.feed([0x1B], at: Self.start) == [])
        #expect(parser.deadline == Self.start + .milliseconds(50))
        #expect(parser.expire(at: Self.start + .milliseconds(49)) == [])
        #expect(parser.expire(at: Self.start + .milliseconds(50)) == [.key(KeyPress(.escape))])
        #expect(parser.deadline == nil)
        #expect(parser.feed([UInt8(ascii: "q")], at: Self.start) == [.key(KeyPress("q"))])
    }

    @Test func anUnfinishedSequenceIsDroppedAndTwoBytesAreAltWithAKey() {
        var parser = InputParser()
        _ = parser.feed(Array("\u{1B}[1;5".utf8), at: Self.start)
        #expect(parser.expire(at: Self.start + .seconds(1)) == [])
        _ = parser.feed(Array("\u{1B}[".utf8), at: Self.start)
        #expect(parser.expire(at: Self.start + .seconds(1)) == [.key(KeyPress("[", .alt))])
    }

    @Test func neitherAPasteNorASequenceGrowsForEver() {
        var parser = InputParser()
        _ = parser.feed(Array("\u{1B}[200~".utf8), at: Self.start)
        _ = parser.feed([UInt8](repeating: 0x61, count: 100_000), at: Self.start)
        guard case .paste(let text) = parser.feed(Array("\u{1B}[201~".utf8), at: Self.start).first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == 65_536)
        _ = parser.feed([0x1B, 0x5D] + [UInt8](repeating: 0x30, count: 10_000), at: Self.start)
        #expect(parser.feed(Array("\u{07}q".utf8), at: Self.start).last == .key(KeyPress("q")))
    }

    @Test func everySingleByteAndEveryPairIsSurvived() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                var parser = InputParser()
                _ = parser.feed([first, second], at: Self.start)
                _ = parser.expire(at: Self.start + .seconds(1))
                #expect(parser.deadline == nil)
            }
        }
    }
}
