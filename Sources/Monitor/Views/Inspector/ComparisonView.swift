import TerminalScreen

/// Two fragments side by side, in place of table and pane.
///
/// ```
///                        #…0823617317              #…0823617318
/// FRAGMENT
///   producer           ≠ 2025-11-22T14:03:14.480Z  2025-11-22T14:03:16.480Z
///   length               2.000 s                   2.000 s
/// ```
struct ComparisonView {
    let state: MonitorState
    let theme: Theme
    let inspector: InspectorScreen
    let comparison: ComparisonScreen

    func draw(in buffer: inout ScreenBuffer) {
        let names = [comparison.left, comparison.right].map { inspector.fragment($0)?.name ?? Figure.unknown }
        let half = columns(in: buffer.size)
        let layout = state.inspectorLayout
        for (name, column) in zip(names, [half.left, half.right]) {
            buffer.put(name, row: layout.header, column: column, style: theme[.focus])
        }
        guard let result = comparison.result else {
            guard inspector.fault == nil else { return }
            let text = "reading \(names.joined(separator: " and ")) …"
            let row = layout.comparison.lowerBound + 1
            buffer.put(text, row: row, column: 2, style: theme[.dim], limit: buffer.size.columns - 3)
            return
        }
        let shown = result.rows.dropFirst(comparison.scroll)
        for (row, line) in zip(layout.comparison, shown) { draw(line, row: row, half, in: &buffer) }
    }

    private typealias Columns = (mark: Int, left: Int, right: Int, width: Int)

    private func columns(in size: ScreenSize) -> Columns {
        let names = min(34, max(14, size.columns / 4))
        let width = max(4, (size.columns - names - 5) / 2)
        return (names + 1, names + 3, names + 4 + width, width)
    }

    private func draw(
        _ line: FragmentComparison.Row,
        row: Int,
        _ columns: Columns,
        in buffer: inout ScreenBuffer
    ) {
        guard !line.isHeading else {
            buffer.put(line.name, row: row, column: 1, style: theme[.focus])
            return
        }
        let role: Theme.Role = line.isSame ? .dim : .text
        // The ends of long names tell them apart.
        let name = line.name.shortenedFront(to: columns.mark - 3)
        buffer.put(name, row: row, column: 2, style: theme[role])
        if !line.isSame { buffer.put("≠", row: row, column: columns.mark, style: theme[.warning]) }
        let (left, right) = Self.windows(line.left, line.right, width: columns.width)
        buffer.put(left, row: row, column: columns.left, style: theme[role], limit: columns.width)
        buffer.put(right, row: row, column: columns.right, style: theme[role], limit: columns.width)
    }

    /// Two texts cut to a width so that the place where they part is in sight.
    static func windows(_ left: String?, _ right: String?, width: Int) -> (String, String) {
        guard let left, let right, max(left.count, right.count) > width else {
            return (left ?? "absent", right ?? "absent")
        }
        let common = zip(left, right).prefix { $0 == $1 }.count
        let longest = max(left.count, right.count)
        let start = left == right ? 0 : min(max(0, common - width / 3), longest - width + 1)
        func window(_ text: String) -> String {
            start == 0
                ? text.shortened(to: width) : ("…" + text.dropFirst(start)).shortened(to: width)
        }
        return (window(left), window(right))
    }
}

extension String {
    /// The text, or as much of its end as fits with `…` ahead of it.
    func shortenedFront(to width: Int) -> String {
        count <= width ? self : "…" + suffix(max(0, width - 1))
    }
}
