/// Rows of text under a heading, columns as wide as their longest entry.
enum TextTable {
    static func text(_ heading: [String], _ rows: [[String]]) -> String {
        let all = ([heading] + rows).map { $0.map(PrintableText.visible) }
        let widths = heading.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { column in
                column == row.count - 1
                    ? row[column]
                    : row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
