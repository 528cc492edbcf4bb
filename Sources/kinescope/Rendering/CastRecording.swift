import Foundation

/// Frames as an asciinema recording, version 2: a line of JSON that tells of the screen, and one for each frame.
///
/// ```
/// {"env":{"TERM":"xterm-256color"},"height":24,"version":2,"width":80}
/// [0.04,"o","\u001b[?2026h..."]
/// ```
/// Source: asciinema, asciicast v2.
struct CastRecording {
    private struct Header: Encodable {
        var version = 2
        var width: Int
        var height: Int
        var env = ["TERM": "xterm-256color"]
    }

    /// Moment of the first frame.
    private var start: Int64?
    private var last = 0.0

    /// The first lines: the screen, and what clears it and hides the cursor.
    static func header(columns: Int, rows: Int) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return try Array(encoder.encode(Header(width: columns, height: rows))) + Array("\n".utf8)
            + line("\u{1B}[?25l\u{1B}[2J", at: 0)
    }

    /// The line of a frame.
    ///
    /// - Parameters:
    ///   - frame: Its bytes, valid UTF-8.
    ///   - nanoseconds: Its time on any time line; a step back counts as none.
    /// - Returns: The line with its end.
    mutating func line(_ frame: [UInt8], at nanoseconds: Int64) -> [UInt8] {
        let first = start ?? nanoseconds
        start = first
        last = max(last, Double(nanoseconds - first) / 1e9)
        return Self.line(String(decoding: frame, as: UTF8.self), at: last)
    }

    private static func line(_ text: String, at seconds: Double) -> [UInt8] {
        var line = Array("[\((seconds * 1e6).rounded() / 1e6),\"o\",\"".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case 0x1B: line += "\\u001b".utf8
            case 0x0A: line += "\\n".utf8
            case 0x0D: line += "\\r".utf8
            case ..<0x20, 0x7F: line += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
            default: line.append(byte)
            }
        }
        return line + Array("\"]\n".utf8)
    }
}
