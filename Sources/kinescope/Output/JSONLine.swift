import Foundation

/// Writes values as JSON, one object a line, safe for a terminal.
enum JSONLine {
    /// Writes one line to stdout at once, so that a reader behind a pipe sees it.
    static func write(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        try FileHandle.standardOutput.write(contentsOf: Data((PrintableText.escapedJSON(text) + "\n").utf8))
    }
}
