import Foundation
import Monitor
import Testing
import Themes

@Suite struct KeySheetTests {
    /// Compares the part of a page that begins and ends with some texts; `RECORD_SNAPSHOTS=1` writes it, and fails.
    private func expect(_ wanted: String, from begin: String, to end: String?, in name: String) throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/kinescope/Documentation.docc/\(name).md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: begin)?.lowerBound)
        let stop = try end.map { try #require(text.range(of: $0)?.lowerBound) } ?? text.endIndex
        guard text[start..<stop] != wanted else { return }
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try (text[..<start] + wanted + text[stop...]).write(to: page, atomically: true, encoding: .utf8)
        }
        Issue.record("\(name).md is not what the tables say")
    }

    @Test func thePageOfTheKeysIsTheTable() throws {
        try expect(KeySheet().markdown, from: "## Everywhere", to: nil, in: "Keys")
    }

    @Test func thePageOfTheSettingsIsTheTable() throws {
        let wanted = "## Keys of the file\n\n\(SettingSheet.markdown)\n"
        try expect(wanted, from: "## Keys of the file", to: "`[endpoints.NAME]` has", in: "Settings")
    }

    @Test func thePageOfTheThemesNamesEveryRole() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/kinescope/Documentation.docc/Themes.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        for role in Theme.Role.allCases { #expect(text.contains("`\(role.rawValue)`"), "\(role.rawValue)") }
        for name in BuiltInThemes.names { #expect(text.contains("`\(name)`"), "\(name)") }
    }

    @Test func everyEntryIsInTheSheet() {
        let sheet = KeySheet()
        let lines = sheet.tables.flatMap(\.lines)
        #expect(lines.count == Keymap.standard.entries.count + Palette.standard.entries.count)
        for line in lines { #expect(sheet.text.contains(line.keys) && sheet.text.contains(line.words)) }
    }
}
