package import Pixels

/// What holds of everything that can be set, and where each value comes from.
///
/// A flag outranks a variable of the environment, which outranks the file, which outranks the default.
package struct Settings: Sendable, Hashable {
    /// Where a value comes from.
    package enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// Nobody set it.
        case standard
        /// A line of the file; nil where it could not be told which.
        case file(String, line: Int?)
        /// A variable of the environment.
        case environment(String)
        /// A flag of the command line.
        case flag(String)

        /// In words.
        package var description: String {
            switch self {
            case .standard: "default"
            case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
            case .environment(let name): name
            case .flag(let name): name
            }
        }
    }

    /// A value and where it comes from.
    package struct Value: Sendable, Hashable {
        /// As it would be written, without quotes.
        package var text: String
        /// Where it comes from.
        package var origin: Origin

        /// Creates a value.
        package init(text: String, origin: Origin) {
            self.text = text
            self.origin = origin
        }
    }

    /// An endpoint of one's own.
    package struct NamedEndpoint: Sendable, Hashable {
        /// Where it is; nil for the real service.
        package var url: String?
        /// Its region.
        package var region: String?
        /// Profile of the shared AWS files.
        package var profile: String?
    }

    private var values: [String: Value] = [:]
    /// Endpoints of the table `[endpoints]`, by name.
    package internal(set) var endpoints: [String: NamedEndpoint] = [:]
    /// The keys, with those of the tables `[keys.SCREEN]`.
    package internal(set) var keymap = Keymap.standard
    /// What was odd but did no harm, one line each, with the place.
    package internal(set) var warnings: [String] = []

    /// The defaults.
    package init() {}

    /// The value of a key of `Setting.all`.
    package subscript(key: String) -> Value {
        values[key] ?? Value(text: Setting.named(key)?.standard ?? "", origin: .standard)
    }

    /// Sets a value, or adds a warning where it is none that the setting takes.
    package mutating func set(_ setting: Setting, to text: String, origin: Origin) {
        guard setting.kind.accepts(text) else {
            warnings.append(
                "\(origin): \(setting.key) is '\(text)', wanted \(setting.kind.words); \(self[setting.key].text) stays"
            )
            return
        }
        values[setting.key] = Value(text: text, origin: origin)
    }

    /// Takes variables of the environment; empty ones do not count.
    package mutating func take(environment: [String: String]) {
        for setting in Setting.all {
            if let text = environment[setting.variable], !text.isEmpty {
                set(setting, to: text, origin: .environment(setting.variable))
            }
        }
    }

    /// Name or path of the theme for a terminal.
    ///
    /// - Parameters:
    ///   - environment: Its environment.
    ///   - background: Its background, where the terminal told it, which outranks the environment.
    /// - Returns: What is set; after the background where that is `auto`.
    package func themeName(environment: [String: String], background: RGBColor? = nil) -> String {
        let name = self["theme"].text
        guard name == "auto" else { return name }
        let isLight = background.map(Self.isLight) ?? Self.isLight(environment["COLORFGBG"])
        return self[isLight ? "theme.light" : "theme.dark"].text
    }

    /// Brighter than the middle, as an eye weighs the channels (ITU-R BT.601, luma).
    private static func isLight(_ color: RGBColor) -> Bool {
        299 * Int(color.red) + 587 * Int(color.green) + 114 * Int(color.blue) > 127_500
    }

    /// Terminals such as rxvt and konsole write `foreground;background` as numbers of the 16 colours.
    private static func isLight(_ colors: String?) -> Bool {
        guard let last = colors?.split(separator: ";").last, let background = Int(last) else { return false }
        return background == 7 || (9...15).contains(background)
    }

    /// True where a flag is on.
    package func isOn(_ key: String) -> Bool { self[key].text == "true" }

    /// Bytes of a setting that is an amount of memory.
    package func bytes(_ key: String) -> Int { (Setting.Kind.mebibytes(self[key].text) ?? 0) << 20 }

    /// A number; that of the default where the text is none, which `set` does not let in.
    package func number(_ key: String) -> Int { Int(self[key].text) ?? 0 }
}
