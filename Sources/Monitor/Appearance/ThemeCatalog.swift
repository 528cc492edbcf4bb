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
        if name.contains("/") {
            guard let text = Self.contents(name) else {
                throw ThemeReader.Failure(description: "cannot read \(name)")
            }
            return try ThemeReader.read(text, depth: depth)
        }
        for folder in folders {
            if let text = Self.contents("\(folder)/\(name).toml") {
                return try ThemeReader.read(text, depth: depth)
            }
        }
        guard let text = BuiltInThemes.text(named: name) else {
            let known = BuiltInThemes.names.joined(separator: ", ")
            throw ThemeReader.Failure(description: "there is no theme '\(name)' (built in: \(known))")
        }
        return try ThemeReader.read(text, depth: depth)
    }

    private static func contents(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
