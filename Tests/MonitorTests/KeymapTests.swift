import Monitor
import Playback
import TerminalScreen
import Testing

@Suite struct KeymapTests {
    @Test(arguments: [KeymapEntry.Scope.streams, .player, .wall, .sameTime, .inspector])
    func noKeyMeansTwoThingsOnAScreen(_ scope: KeymapEntry.Scope) {
        let sequences = Keymap.standard.entries(in: scope).flatMap(\.bindings).map(\.keys)
        #expect(Set(sequences).count == sequences.count)
        for (index, keys) in sequences.enumerated() {
            for (otherIndex, other) in sequences.enumerated() where index != otherIndex {
                #expect(!other.starts(with: keys), "\(keys) hides \(other)")
            }
        }
    }

    @Test func everyEntryHasKeysAndWords() {
        for entry in Keymap.standard.entries {
            #expect(!entry.bindings.isEmpty && !entry.label.isEmpty && !entry.words.isEmpty)
            #expect(entry.footer?.asciiKeys.allSatisfy(\.isASCII) ?? true)
        }
    }

    /// Two columns of 38 cells, of which twelve are the keys'.
    @Test func everyEntryFitsItsColumnOfTheHelp() {
        for entry in Keymap.standard.entries {
            #expect(entry.label.count <= 9, "\(entry.label)")
            #expect(entry.words.count <= 25, "\(entry.words)")
        }
    }

    @Test func sequencesAreFoundKeyByKey() {
        let keymap = Keymap.standard
        #expect(keymap.match([KeyPress("g")], in: .streams) == .prefix)
        #expect(keymap.match([KeyPress("g"), KeyPress("g")], in: .streams) == .command(.firstRow))
        #expect(keymap.match([KeyPress("g")], in: .player) == .command(.goTo))
        #expect(keymap.match([KeyPress("x")], in: .player) == .none)
        #expect(keymap.match([KeyPress("q")], in: .player) == .command(.back))
    }

    @Test func keysOfTheSameTimeComeBeforeThoseOfTheWall() {
        let keymap = Keymap.standard
        #expect(keymap.match([KeyPress(.left)], in: .wall) == .command(.onWall(.focus(.left))))
        let back = MonitorCommand.player(.seekBy(milliseconds: -5000))
        #expect(keymap.match([KeyPress(.left)], in: .sameTime) == .command(back))
        #expect(keymap.match([KeyPress("n")], in: .sameTime) == .command(.onWall(.page(1))))
        #expect(!keymap.entries(in: .sameTime).contains { $0.label == "← ↑ ↓ →" })
    }

    static let footers: [(KeymapEntry.Scope, Int, String)] = [
        (.streams, 80, " ⏎ watch  w wall  d inspect  / filter  s sort  : command  ? help  q quit"),
        (
            .streams, 120,
            " ⏎ watch   w wall   d inspect   / filter   s sort   ␣ mark   c create   : command   ? help   q quit"
        ),
        (
            .wall, 80,
            " ⏎ open  ←↑↓→ focus  2 3 4 grid  n page  k key pictures  s same time  ? help"
        ),
        (
            .wall, 120,
            " ⏎ open  ←↑↓→ focus  2 3 4 grid  n page  k key pictures  s same time  l live  ␣ pause  ? help  q back"
        ),
        (
            .sameTime, 120,
            " ←→ 5s  ↑↓ 1m  ␣ pause all  Tab focus  ⏎ open  2 3 4 grid  n page  k key pictures  s same time  l live  ? help  q back"
        ),
        (.player, 80, " ␣ play  ←→ 5s  ,. frame  [] fragment  l live  g go to  i info  +− zoom  ? help"),
        (
            .player, 120,
            " ␣ play  ←→ 5s  ↑↓ 1m  ,. frame  [] fragment  {} recording  l live  g go to  i info  +− zoom  I O marks  ? help  q back"
        ),
        (
            .inspector, 80,
            " ↑↓ fragment  ←→ frame  1-6 pane  ⏎ play here  a ack log  / find  y copy  ? help"
        ),
        (
            .inspector, 120,
            " ↑↓ fragment  ←→ frame  1-6 pane  ⏎ play here  a ack log  ␣ mark  e export  D compare  / find  y copy  ? help  q back"
        ),
        (.player, 40, " ␣ play  ←→ 5s  ,. frame  l live  ? help"),
        (.player, 8, " ? help"),
    ]

    @Test(arguments: footers)
    func theFooterIsCutAtWholeItems(_ row: (scope: KeymapEntry.Scope, columns: Int, text: String)) {
        let footer = Footer(
            keymap: .standard,
            scope: row.scope,
            columns: row.columns,
            glyphs: .unicode,
            isFirstScreen: row.scope == .streams
        )
        var text = ""
        for item in footer.items {
            text += String(repeating: " ", count: item.column - text.count) + "\(item.keys) \(item.words)"
        }
        #expect(text == row.text)
        #expect(text.count <= row.columns)
        #expect(footer.command(at: 0) == nil)
        #expect(footer.items.allSatisfy { footer.command(at: $0.column + 1) == $0.command })
    }
}
