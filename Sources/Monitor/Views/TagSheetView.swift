import TerminalScreen

/// The tags of a stream, above the prompt in which they are changed.
struct TagSheetView {
    let state: MonitorState
    let theme: Theme
    let sheet: TagSheet

    /// Where the overlay lies; as high as the tags need.
    static func area(of sheet: TagSheet, in size: ScreenSize) -> ScreenRectangle {
        let columns = min(OverlayFrame.columns, size.columns)
        let rows = min(max(2, (sheet.tags?.count ?? 1) + 1), OverlayFrame.rows, size.rows - 2)
        return ScreenRectangle(
            row: size.rows - 1 - rows,
            column: (size.columns - columns) / 2,
            rows: rows,
            columns: columns
        )
    }

    func draw(in buffer: inout ScreenBuffer) {
        let frame = OverlayFrame(Self.area(of: sheet, in: buffer.size), theme: theme)
        frame.draw(title: "Tags · \(sheet.stream)", right: "Enter does it · Esc closes", in: &buffer)
        guard let tags = sheet.tags, !tags.isEmpty else {
            let text = sheet.fault.map { "✕ \($0)" } ?? (sheet.tags == nil ? "asking …" : "no tags")
            frame.put(text, row: 1, column: 2, role: sheet.fault == nil ? .dim : .error, in: &buffer)
            return
        }
        let height = frame.area.size.rows - 1
        let sorted = tags.sorted { $0.key < $1.key }
        for (index, tag) in sorted.prefix(height).enumerated() {
            if index == height - 1, sorted.count > height {
                let rest = sorted.count - index
                frame.put("… \(rest) more: kinescope tag", row: index + 1, column: 2, role: .dim, in: &buffer)
                return
            }
            frame.put(tag.key.shortened(to: 28), row: index + 1, column: 2, role: .accent, in: &buffer)
            frame.put(tag.value, row: index + 1, column: 32, role: .text, in: &buffer)
        }
    }
}
