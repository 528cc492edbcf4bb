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

    /// Finds the text of a theme that another one inherits from; nil where there is none.
    package typealias Source = (_ name: String) -> String?

    private let text: String
    private let depth: ColorDepth
    private let source: Source
    private var palette: [String: RGBColor] = [:]

    /// Reads a theme for a terminal of `depth`.
    ///
    /// - Parameters:
    ///   - text: The theme.
    ///   - depth: Colours that the terminal has.
    ///   - source: Where themes are found that this one inherits from; by default those built in.
    /// - Returns: The theme, and one line on everything odd in its text.
    /// - Throws: `Failure` where the text is not TOML or inherits from a theme that does not exist or from
    ///   itself; a key or a value that means nothing is only a warning.
    package static func read(
        _ text: String,
        depth: ColorDepth,
        source: @escaping Source = BuiltInThemes.text(named:)
    ) throws(Failure) -> (theme: Theme, warnings: [String]) {
        var reader = ThemeReader(text: text, depth: depth, source: source)
        let content = try reader.content(depth: 0)
        // Without colours the text is read all the same: what is wrong with it is worth a word.
        var theme = depth == .none ? Theme.colorless : Theme(content.styles, spark: content.spark)
        if depth != .none { theme.name = content.name }
        theme.variant = content.variant
        return (theme, reader.warnings)
    }

    /// A built-in theme; nil for a name that is none.
    package static func builtIn(_ name: String, depth: ColorDepth) -> Theme? {
        BuiltInThemes.text(named: name).flatMap { try? read($0, depth: depth).theme }
    }

    private struct Content {
        var name = ""
        var variant = Theme.Variant.dark
        var styles: [Theme.Role: Style] = [:]
        var spark: [Style.Color] = []
    }

    private init(text: String, depth: ColorDepth, source: @escaping Source) {
        self.text = text
        self.depth = depth
        self.source = source
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
        if let variant = meta?["variant"]?.string {
            if let known = Theme.Variant(rawValue: variant) {
                content.variant = known
            } else {
                warn("variant is '\(variant)', wanted dark or light", section: "meta", key: "variant")
            }
        }
        readPalette(document["palette"]?.table)
        if let roles = document["roles"]?.table {
            // Of 16 colours none is near enough to one of 24 bits: there only names count.
            var read = content
            self.read(roles, section: "roles", into: &read)
            if depth != .palette16 { content = read }
        }
        for section in depthSections {
            if let table = document[section]?.table { read(table, section: section, into: &content) }
        }
        for key in document.keys where !["meta", "palette", "roles", "ansi256", "ansi16"].contains(key) {
            warn("unknown table [\(key)]", section: nil, key: key)
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
            var reader = ThemeReader(text: base, depth: depth, source: source)
            return try reader.content(depth: 1)
        }
        // A theme of the user may extend the built-in one of its own name.
        var base = source(name)
        if base == text { base = BuiltInThemes.text(named: name) }
        guard generation < 8, let base, base != text else {
            throw Failure(description: "there is no theme '\(name)' to inherit from")
        }
        var reader = ThemeReader(text: base, depth: depth, source: source)
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

    private mutating func warn(_ message: String, section: String?, key: String) {
        let line = TOMLLines(text).line(of: section.map { [$0, key] } ?? [key])
        warnings.append((line.map { "line \($0): " } ?? "") + message)
    }
}
