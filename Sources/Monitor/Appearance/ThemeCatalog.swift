import Foundation
package import TerminalVideo
import Themes

/// Finds themes: files of the user first, then those built in.
package struct ThemeCatalog: Sendable, Hashable {
    /// Folders that may hold `NAME.toml`, in the order in which they are searched.
    package var folders: [String]

    /// Takes the folders.
    package init(folders: [String]) {
        self.folders = folders
    }

    /// Takes the folders of the XDG base directories that an environment names.
    package init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let config = value("XDG_CONFIG_HOME") ?? value("HOME").map { $0 + "/.config" }
        let data = (value("XDG_DATA_DIRS") ?? "/usr/local/share:/usr/share").split(separator: ":")
        folders = ([config].compactMap { $0 } + data.map(String.init)).map { $0 + "/kinescope/themes" }
    }

    /// Names of all themes there are: those built in, then others found in the folders, by name.
    package var names: [String] {
        let found = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let own = Set(found.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) })
        return BuiltInThemes.names + own.subtracting(BuiltInThemes.names).sorted()
    }

    /// Where the text of a theme comes from: a path, or nil for one that is built in or not there.
    package func path(ofThemeNamed name: String) -> String? {
        if name.contains("/") { return name }
        return folders.map { "\($0)/\(name).toml" }.first { FileManager.default.isReadableFile(atPath: $0) }
    }

    /// Reads a theme.
    ///
    /// - Parameters:
    ///   - name: A name, or a path, which has a slash in it.
    ///   - depth: Colours that the terminal has.
    /// - Returns: The theme, and one line on everything odd in its text.
    /// - Throws: `ThemeReader.Failure` where there is no such theme or its text cannot be read.
    package func theme(
        named name: String,
        depth: ColorDepth
    ) throws(ThemeReader.Failure) -> (theme: Theme, warnings: [String]) {
        guard let text = text(named: name) else {
            if name.contains("/") { throw ThemeReader.Failure(description: "cannot read \(name)") }
            let known = names.joined(separator: ", ")
            throw ThemeReader.Failure(description: "there is no theme '\(name)' (there are \(known))")
        }
        do {
            let (theme, warnings) = try ThemeReader.read(text, depth: depth, source: self.text(named:))
            let place = path(ofThemeNamed: name) ?? name
            return (theme, warnings.map { "\(place): \($0)" })
        } catch {
            throw ThemeReader.Failure(description: "\(path(ofThemeNamed: name) ?? name): \(error)")
        }
    }

    private func text(named name: String) -> String? {
        path(ofThemeNamed: name).map { try? String(contentsOfFile: $0, encoding: .utf8) }
            ?? BuiltInThemes.text(named: name)
    }
}
