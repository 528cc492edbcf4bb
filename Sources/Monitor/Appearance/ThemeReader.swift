import Pixels
import TOMLKit
import TerminalScreen
package import TerminalVideo
import Themes

/// Reads a theme's text.
///
/// ```
/// [meta]     name, variant, inherits
/// [palette]  name = "#RRGGBB"
/// [roles]    role = COLOR | { fg = COLOR, bg = COLOR, bold = true, ... };  spark = [COLOR, ...]
/// [ansi256]  the same with numbers 16 to 255, for terminals of 256 colours; nearest where absent
/// [ansi16]   the same with names such as "bright black", for terminals of 16
/// ```
/// A `COLOR` is `#RRGGBB`, a name of the palette, or `none` for the terminal's own.
package struct ThemeReader {
    /// A text that is no theme.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// One line: what is wrong and where.
        package var description: String
    }

    /// What was odd but did no harm: one line each, with the number of the line in the text.
    package private(set) var warnings: [String] = []

    private let text: String
    private let depth: ColorDepth
    private var palette: [String: RGBColor] = [:]

    /// Reads a theme for a terminal of `depth`.
    ///
    /// - Throws: `Failure` where the text is not TOML or inherits from a theme that does not exist; a key
    ///   or a value
    ///   that means nothing is only a warning.
    package static func read(_ text: String, depth: ColorDepth) throws(Failure) -> (
        theme: Theme, warnings: [String]
    ) {
        if depth == .none { return (.colorless, []) }
        var reader = ThemeReader(text: text, depth: depth)
        let content = try reader.content(depth: 0)
        return (Theme(name: content.name, styles: content.styles, spark: content.spark), reader.warnings)
    }

    /// A built-in theme; nil for a name that is none.
    package static func builtIn(_ name: String, depth: ColorDepth) -> Theme? {
        BuiltInThemes.text(named: name).flatMap { try? read($0, depth: depth).theme }
    }

    private struct Content {
        var name = ""
        var styles: [Theme.Role: Style] = [:]
        var spark: [Style.Color] = []
    }

    private init(text: String, depth: ColorDepth) {
        self.text = text
        self.depth = depth
    }

    private mutating func content(depth generation: Int) throws(Failure) -> Content {
        let document: TOMLTable
        do {
            document = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw Failure(description: "line \(error.source.begin.line): \(error.description)")
        } catch {
            throw Failure(description: "\(error)")
        }
        let meta = document["meta"]?.table
        var content = try inherited(from: meta?["inherits"]?.string ?? "", generation: generation)
        content.name = meta?["name"]?.string ?? content.name
        readPalette(document["palette"]?.table)
        for section in ["roles"] + depthSections {
            guard let table = document[section]?.table else { continue }
            read(table, section: section, into: &content)
        }
        for key in document.keys where !["meta", "palette", "roles", "ansi256", "ansi16"].contains(key) {
            warn("unknown table [\(key)]", section: nil, key: "[\(key)]")
        }
        return content
    }

    private var depthSections: [String] {
        switch depth {
        case .truecolor, .none: []
        case .palette256: ["ansi256"]
        case .palette16: ["ansi16"]
        }
    }

    /// What the theme starts from: the one it names, else the 16 colours that all themes share.
    private mutating func inherited(from name: String, generation: Int) throws(Failure) -> Content {
        guard !name.isEmpty else {
            guard depth == .palette16, generation == 0, let base = BuiltInThemes.text(named: "nitrate") else {
                return Content()
            }
            var reader = ThemeReader(text: base, depth: depth)
            return try reader.content(depth: 1)
        }
        guard generation < 8, let base = BuiltInThemes.text(named: name) else {
            throw Failure(description: "there is no theme '\(name)' to inherit from")
        }
        var reader = ThemeReader(text: base, depth: depth)
        let content = try reader.content(depth: generation + 1)
        palette = reader.palette
        return content
    }

    private mutating func readPalette(_ table: TOMLTable?) {
        for (name, value) in table ?? TOMLTable() {
            if let color = value.string.flatMap(Self.rgb) {
                palette[name] = color
            } else {
                warn("'\(name)' is no colour such as \"#E0AF68\"", section: "palette", key: name)
            }
        }
    }

    private mutating func read(_ table: TOMLTable, section: String, into content: inout Content) {
        for (key, value) in table {
            if key == "spark" {
                content.spark = (value.array.map(Array.init) ?? []).compactMap {
                    color($0, section, key) ?? nil
                }
            } else if let role = Theme.Role(rawValue: key) {
                if let style = style(value, section, key) { content.styles[role] = style }
            } else {
                warn("unknown role '\(key)'", section: section, key: key)
            }
        }
    }

    private mutating func style(_ value: any TOMLValueConvertible, _ section: String, _ key: String) -> Style?
    {
        guard let table = value.table else {
            guard let color = color(value, section, key) else { return nil }
            let isBackground = key == Theme.Role.background.rawValue || key == Theme.Role.panel.rawValue
            return isBackground ? Style(background: color) : Style(foreground: color)
        }
        var style = Style()
        for (name, value) in table {
            switch name {
            case "fg": style.foreground = color(value, section, key) ?? nil
            case "bg": style.background = color(value, section, key) ?? nil
            default:
                guard let attribute = Self.attributes[name], let isOn = value.bool else {
                    warn("'\(name)' of '\(key)' means nothing", section: section, key: key)
                    continue
                }
                if isOn { style.attributes.insert(attribute) }
            }
        }
        return style
    }

    private static let attributes: [String: Style.Attributes] = [
        "bold": .bold, "dim": .dim, "underline": .underline, "reverse": .reverse,
    ]

    /// The colour that a value names: `.some(nil)` for the terminal's own, nil with a warning for no colour.
    private mutating func color(
        _ value: any TOMLValueConvertible,
        _ section: String,
        _ key: String
    ) -> Style.Color?? {
        if let number = value.int, let index = UInt8(exactly: number) { return .palette(index) }
        let name = value.string ?? ""
        if name == "none" { return .some(nil) }
        if section == "ansi16", let index = Self.names16.firstIndex(of: name) {
            return .palette(UInt8(index))
        }
        if let color = Self.rgb(name) ?? palette[name] {
            return .some(Style.Color.rgb(color).fitted(to: depth))
        }
        warn("'\(name)' of '\(key)' is no colour", section: section, key: key)
        return nil
    }

    private static let names16: [String] = {
        let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        return names + names.map { "bright \($0)" }
    }()

    private static func rgb(_ text: String) -> RGBColor? {
        guard text.hasPrefix("#"), text.utf8.count == 7, let value = UInt32(text.dropFirst(), radix: 16)
        else {
            return nil
        }
        return RGBColor(value)
    }

    /// The parser keeps no places, so the line is sought in the text: the key's first one below its section.
    private mutating func warn(_ message: String, section: String?, key: String) {
        var isInside = section == nil
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("["), let section { isInside = line.hasPrefix("[\(section)]") }
            if isInside, line.hasPrefix(key) {
                warnings.append("line \(index + 1): \(message)")
                return
            }
        }
        warnings.append(message)
    }
}
