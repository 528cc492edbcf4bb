/// One thing that can be set: in `config.toml`, by a variable of the environment, by a flag.
package struct Setting: Sendable, Hashable {
    /// What values a setting takes.
    package enum Kind: Sendable, Hashable {
        /// One of some words.
        case choice([String])
        /// `true` or `false`.
        case flag
        /// A whole number of a range.
        case number(ClosedRange<Int>)
        /// Mebibytes of a range, with or without a unit: `96MiB`, `1GiB`, `96`.
        case memory(ClosedRange<Int>)
        /// Any text; what it names.
        case text(String)

        /// What may be written, in words.
        package var words: String {
            switch self {
            case .choice(let words): words.joined(separator: " | ")
            case .flag: "true | false"
            case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
            case .memory(let range): "\(range.lowerBound)MiB to \(range.upperBound)MiB"
            case .text(let name): name
            }
        }

        /// True where a text is one of the values.
        func accepts(_ text: String) -> Bool {
            switch self {
            case .choice(let words): words.contains(text)
            case .flag: ["true", "false"].contains(text)
            case .number(let range): Int(text).map(range.contains) ?? false
            case .memory(let range): Self.mebibytes(text).map(range.contains) ?? false
            case .text: !text.isEmpty
            }
        }

        /// The number in `96MiB`; nil where there is none.
        static func mebibytes(_ text: String) -> Int? {
            let digits = text.prefix(while: \.isNumber)
            guard let number = Int(digits), number < 1 << 20 else { return nil }
            switch text.dropFirst(digits.count).trimmingPrefix(" ").lowercased() {
            case "", "mib", "m": return number
            case "gib", "g": return number * 1024
            default: return nil
            }
        }
    }

    /// Its key in `config.toml`, tables before it with dots: `screen.fps`.
    package let key: String
    /// What values it takes.
    package let kind: Kind
    /// Its value where nobody sets it.
    package let standard: String
    /// What it does.
    package let words: String

    /// The variable of the environment that sets it: `KINESCOPE_SCREEN_FPS`.
    package var variable: String {
        "KINESCOPE_" + key.uppercased().replacing(".", with: "_")
    }

    /// The setting of a key; nil where there is none.
    package static func named(_ key: String) -> Setting? {
        all.first { $0.key == key }
    }
}
