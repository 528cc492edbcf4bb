package import Pixels

/// What a terminal answers when it is asked what it can do.
///
/// All questions go out at once, the last of them one that nearly every terminal answers: what has not been answered
/// before that is unknown. A value without I/O. Sources: ECMA-48; xterm control sequences, DECRQSS, XTGETTCAP, DECRQM,
/// "Send Device Attributes", window manipulation 16; kitty, Terminal graphics protocol, "Querying support".
package struct TerminalAnswers: Sendable, Hashable {
    /// Whether a colour of 24 bits was read back as it was set; nil where nothing was said.
    package private(set) var hasDirectColor: Bool?
    /// Whether frames are shown whole, mode 2026.
    package private(set) var synchronizes: Bool?
    /// Whether sixel pictures are drawn.
    package private(set) var hasSixel: Bool?
    /// Whether pictures of kitty's graphics protocol are drawn; nil where nothing was said.
    package private(set) var hasKittyGraphics: Bool?
    /// Pixels of a cell, where it was told.
    package private(set) var cell: PixelSize?
    /// Whether a glyph was repeated on demand (REP); nil where nothing was said.
    package private(set) var repeatsGlyphs: Bool?
    /// The background, where it was told.
    package private(set) var background: RGBColor?
    /// True once the last question has been answered.
    package private(set) var isComplete = false

    /// The questions, for the terminal.
    ///
    /// Where the cursor is before and after a blank and three repeats of it tells whether blanks were repeated. The answer
    /// asked for is that of DECXCPR, which no key resembles.
    ///
    /// - Parameter hasMultiplexer: True inside tmux or screen, which take a question about kitty's graphics for a title.
    /// - Returns: What to write.
    package static func questions(hasMultiplexer: Bool) -> String {
        let graphics = hasMultiplexer ? "" : "\u{1B}_Gi=\(graphicsID),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"
        return
            "\u{1B}7\u{1B}[?6n \u{1B}[3b\u{1B}[?6n\u{1B}8\u{1B}[4X\u{1B}[38;2;1;2;3m\u{1B}P$qm\u{1B}\\\u{1B}[m"
            + "\u{1B}P+q524742\u{1B}\\\u{1B}[?2026$p\u{1B}]11;?\u{1B}\\\u{1B}[16t" + graphics + "\u{1B}[c"
    }

    /// Number of the picture that is asked about and never shown.
    private static let graphicsID = 4_242

    private struct Place: Sendable, Hashable {
        var row: Int
        var column: Int
    }

    private var pending: [UInt8] = []
    /// Where the cursor was before the blank, where that was told.
    private var place: Place?
    /// More than all answers together; what is longer is none.
    private static let limit = 4096

    /// Creates answers of a terminal that has said nothing yet.
    package init() {}

    /// Takes bytes as they came; whatever is no answer is passed over.
    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        while !pending.isEmpty {
            guard pending[0] == 0x1B else {
                pending.removeFirst()
                continue
            }
            guard let length = Self.length(of: pending) else {
                if pending.count > Self.limit { pending = [] }
                return
            }
            take(String(decoding: pending[1..<length], as: UTF8.self))
            pending.removeFirst(length)
        }
    }

    /// Bytes of the sequence at the start; nil where it is not complete.
    private static func length(of bytes: [UInt8]) -> Int? {
        guard bytes.count > 1 else { return nil }
        switch bytes[1] {
        case UInt8(ascii: "["):
            return bytes.dropFirst(2).firstIndex { (0x40...0x7E).contains($0) }.map { $0 + 1 }
        case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "_"):
            for index in bytes.indices.dropFirst(2) {
                if bytes[index] == 0x07 { return index + 1 }
                if bytes[index] == UInt8(ascii: "\\"), bytes[index - 1] == 0x1B { return index + 1 }
            }
            return nil
        default: return 1
        }
    }

    private mutating func take(_ text: String) {
        if let match = text.wholeMatch(of: #/P([01])\$r([0-9;:]*)m\x1B\\/#) {
            guard match.output.1 == "1" else { return }
            let isKept = match.output.2.contains(#/38[:;]2[:;]+(?:0:)?1[:;]2[:;]3/#)
            hasDirectColor = hasDirectColor == true || isKept
        } else if let match = text.wholeMatch(of: #/\[\?(\d+);(\d+)(?:;\d+)?R/#) {
            guard let row = ControlParameter.value(of: match.output.1),
                let column = ControlParameter.value(of: match.output.2)
            else { return }
            takePlace(row: row, column: column)
        } else if text.hasPrefix("P1+r524742") {
            hasDirectColor = true
        } else if let match = text.wholeMatch(of: #/\[\?2026;(\d)\$y/#) {
            synchronizes = ["1", "2"].contains(match.output.1)
        } else if text.hasPrefix("_Gi=\(Self.graphicsID)") {
            hasKittyGraphics = text.contains(";OK")
        } else if let match = text.wholeMatch(of: #/\[6;(\d+);(\d+)t/#) {
            guard let height = ControlParameter.value(of: match.output.1),
                let width = ControlParameter.value(of: match.output.2),
                (1...255).contains(height), (1...255).contains(width)
            else { return }
            cell = PixelSize(width: width, height: height)
        } else if let match = text.firstMatch(of: #/^\]11;rgb:(\w{2})\w*\/(\w{2})\w*\/(\w{2})/#) {
            let channels = [match.output.1, match.output.2, match.output.3].compactMap {
                UInt8($0, radix: 16)
            }
            guard channels.count == 3 else { return }
            background = RGBColor(red: channels[0], green: channels[1], blue: channels[2])
        } else if let match = text.wholeMatch(of: #/\[\?([0-9;]*)c/#) {
            hasSixel = match.output.1.split(separator: ";").dropFirst().contains("4")
            isComplete = true
        }
    }

    private mutating func takePlace(row: Int, column: Int) {
        guard let place else { return self.place = Place(row: row, column: column) }
        repeatsGlyphs = row == place.row && column == place.column + 4
    }
}
