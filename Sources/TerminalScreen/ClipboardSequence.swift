import Foundation

/// The sequence that leaves a text in the clipboard of the terminal, also through SSH.
package enum ClipboardSequence {
    /// `OSC 52 ; c ; BASE64 ST`; terminals that do not know it ignore it, tmux passes it on where `set-clipboard` lets it.
    ///
    /// - Parameter text: The text; of a longer one than terminals take, the first 74,000 bytes.
    /// - Returns: The sequence.
    package static func bytes(leaving text: String) -> [UInt8] {
        let data = Data(text.utf8.prefix(74_000))
        return Array("\u{1B}]52;c;\(data.base64EncodedString())\u{1B}\\".utf8)
    }
}
