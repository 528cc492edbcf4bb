package import Pixels

/// Turns palette colours of ncurses into the 24-bit colours that they stand for.
///
/// ncurses knows no 24-bit colours under the terminfo entries that every system has. So each colour is given
/// to it as an entry of the 256-colour palette, and what ncurses writes, `38;5;N` and `48;5;N` inside of an
/// SGR sequence, becomes `38;2;R;G;B`. Whole sequences go in: the input is one complete difference.
package struct PaletteRewriter: Sendable {
    /// What entries stand for; the others stay.
    package var colors: [UInt8: RGBColor] = [:]

    /// Creates a rewriter that changes nothing.
    package init() {}

    /// Rewrites one difference and appends it.
    package func append(_ input: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        guard !colors.isEmpty else {
            output.append(contentsOf: input)
            return
        }
        var position = 0
        while position < input.count {
            if let end = sgrEnd(input, at: position) {
                appendParameters(input[position + 2..<end], to: &output)
                position = end + 1
            } else {
                output.append(input[position])
                position += 1
            }
        }
    }

    /// Index of the `m` that ends the SGR sequence beginning here; nil where none does.
    private func sgrEnd(_ input: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard input[start] == 0x1B, start + 2 < input.count, input[start + 1] == UInt8(ascii: "[") else {
            return nil
        }
        let end = input[(start + 2)...].firstIndex { !($0.isDigit || $0 == UInt8(ascii: ";")) }
        guard let end, input[end] == UInt8(ascii: "m") else { return nil }
        return end
    }

    private func appendParameters(_ text: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
        var parameters = String(decoding: text, as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false)
        var index = 0
        while index + 2 < parameters.count {
            if parameters[index] == "38" || parameters[index] == "48", parameters[index + 1] == "5" {
                if let entry = UInt8(parameters[index + 2]), let color = colors[entry] {
                    parameters[index + 1] = "2"
                    parameters[index + 2] = "\(color.red);\(color.green);\(color.blue)"
                }
                index += 3
            } else {
                index += 1
            }
        }
        output.append(contentsOf: "\u{1B}[\(parameters.joined(separator: ";"))m".utf8)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
