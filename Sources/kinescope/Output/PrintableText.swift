/// Text of a file or a service made harmless for terminals and logs.
///
/// Controls (C0, DEL, C1), bidirectional marks and overrides, invisible formatting characters, line and paragraph
/// separators never get through as they are.
enum PrintableText {
    /// Writes each dangerous character as `\u{1B}`.
    static func visible(_ text: String) -> String {
        escape(text) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
    }

    /// Writes each dangerous character of encoded JSON as `\u001B`; legal because they occur inside strings only.
    static func escapedJSON(_ json: String) -> String {
        escape(json) { scalar in
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16, uppercase: true)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    private static func escape(_ text: String, _ replacement: (Unicode.Scalar) -> String) -> String {
        guard text.unicodeScalars.contains(where: isDangerous) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isDangerous(scalar) {
                result += replacement(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            true
        default: false
        }
    }
}
