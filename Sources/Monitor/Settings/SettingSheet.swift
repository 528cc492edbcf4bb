/// The table of settings as a document.
package enum SettingSheet {
    /// A table in Markdown.
    package static var markdown: String {
        let rows = Setting.all.map { setting in
            let values = setting.kind.words.replacing("|", with: "\\|")
            return
                "| `\(setting.key)` | \(values) | `\(setting.standard)` | `\(setting.variable)` | \(setting.words) |"
        }
        let head = ["| key | values | default | variable | what it is |", "|---|---|---|---|---|"]
        return (head + rows).joined(separator: "\n") + "\n"
    }
}
