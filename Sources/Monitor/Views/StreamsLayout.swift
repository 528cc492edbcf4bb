package import TerminalScreen

/// Where the parts of the list of streams lie.
///
/// ```
/// title
/// fault      while there is one
/// header
/// rows
/// detail     of the selected stream, from 80x24 on; more of it from 120x35 on
/// footer
/// ```
package struct StreamsLayout: Sendable {
    /// One column of the table.
    package struct Column: Sendable, Hashable {
        /// What stands in a column.
        package enum Content: Sendable, Hashable {
            /// Glyph and word.
            case state
            /// Name of the stream.
            case name
            /// Mb/s.
            case rate
            /// Fragments a second.
            case fragments
            /// Bars of the last seconds.
            case bars(seconds: Int)
            /// Time since the last fragment.
            case age
            /// Server time less producer time.
            case lag
            /// Retention.
            case retention
            /// Readers.
            case readers
            /// Codec of the media type.
            case codec
            /// Bytes in the archive.
            case stored

            /// What a list is sorted by that is sorted by it; nil for bars.
            var sortColumn: SortColumn? {
                switch self {
                case .state: .state
                case .name: .name
                case .rate: .rate
                case .fragments: .fragments
                case .bars: nil
                case .age: .age
                case .lag: .lag
                case .retention: .retention
                case .readers: .readers
                case .codec: .codec
                case .stored: .stored
                }
            }
        }

        /// What stands in it.
        package var content: Content
        /// Heading.
        package var title: String
        /// First column of the screen.
        package var start: Int
        /// The column behind the last.
        package var end: Int
        /// True where figures end at `end`.
        package var isRightAligned: Bool
    }

    /// Row of a lasting fault.
    package let fault: Int?
    /// Row of the headings.
    package let header: Int
    /// Rows of the streams.
    package let rows: Range<Int>
    /// Row of the rule above the detail, and the rows below it.
    package let detail: (rule: Int, rows: Range<Int>)?
    /// Room for a picture of the selected stream; nil where there is none.
    package let preview: ScreenRectangle?
    /// Row of the keys.
    package let footer: Int
    /// True from 120x35 on.
    package let isWide: Bool
    /// The columns, from left to right.
    package let columns: [Column]

    /// Places the parts.
    package init(size: ScreenSize, hasFault: Bool) {
        footer = max(0, size.rows - 1)
        fault = hasFault ? 1 : nil
        header = hasFault ? 2 : 1
        isWide = size.columns >= 120 && size.rows >= 35
        if size.columns >= 80, size.rows >= 24 {
            let (count, spare) = isWide ? (11, 1) : (4, 0)
            let rule = footer - count - spare - 1
            detail = (rule, rule + 1..<rule + 1 + count)
            preview = isWide ? ScreenRectangle(row: rule + 1, column: 2, rows: count, columns: 38) : nil
        } else {
            (detail, preview) = (nil, nil)
        }
        let end = detail?.rule ?? footer
        rows = header + 1..<max(header + 1, end)
        columns = size.columns >= 120 ? Self.wide(size.columns) : Self.narrow(size.columns)
    }

    /// Columns of the bars; nil where there are none.
    var bars: Range<Int>? {
        columns.lazy.compactMap { column -> Range<Int>? in
            guard case .bars = column.content else { return nil }
            return column.start..<column.end
        }.first
    }

    /// What a click on the heading at a column sorts by.
    package func sortColumn(at column: Int) -> SortColumn? {
        columns.first { ($0.start..<$0.end).contains(column) }?.content.sortColumn
    }

    /// What the columns on the screen can be sorted by, from left to right.
    package var sortColumns: [SortColumn] { columns.compactMap(\.content.sortColumn) }

    /// Below 80 columns the figures that say least go first.
    private static func narrow(_ width: Int) -> [Column] {
        let extra = width - 80
        var columns = [
            Column(content: .state, title: "STATE", start: 2, end: 9, isRightAligned: false),
            Column(content: .name, title: "NAME", start: 10, end: 26 + max(0, extra), isRightAligned: false),
        ]
        guard extra >= 0 else {
            columns[1].end = width - 16
            return columns + [
                Column(
                    content: .rate,
                    title: "Mb/s",
                    start: width - 15,
                    end: width - 9,
                    isRightAligned: true
                ),
                Column(content: .age, title: "AGE", start: width - 8, end: width - 1, isRightAligned: true),
            ]
        }
        columns += [
            Column(content: .rate, title: "Mb/s", start: 26, end: 32, isRightAligned: true),
            Column(
                content: .bars(seconds: 60),
                title: "LAST 60 s",
                start: 34,
                end: 50,
                isRightAligned: false
            ),
            Column(content: .age, title: "AGE", start: 51, end: 58, isRightAligned: true),
            Column(content: .lag, title: "LAG", start: 58, end: 65, isRightAligned: true),
            Column(content: .retention, title: "KEEP", start: 66, end: 73, isRightAligned: true),
            Column(content: .readers, title: "VIEW", start: 73, end: 79, isRightAligned: true),
        ].map { shifted($0, by: extra) }
        return columns
    }

    private static func wide(_ width: Int) -> [Column] {
        let extra = width - 120
        return [
            Column(content: .state, title: "STATE", start: 2, end: 9, isRightAligned: false),
            Column(content: .name, title: "NAME", start: 10, end: 32 + extra, isRightAligned: false),
        ]
            + [
                Column(content: .rate, title: "Mb/s", start: 32, end: 38, isRightAligned: true),
                Column(content: .fragments, title: "FRAG/s", start: 39, end: 46, isRightAligned: true),
                Column(
                    content: .bars(seconds: 300),
                    title: "LAST 5 min",
                    start: 48,
                    end: 78,
                    isRightAligned: false
                ),
                Column(content: .age, title: "AGE", start: 78, end: 85, isRightAligned: true),
                Column(content: .lag, title: "LAG", start: 85, end: 92, isRightAligned: true),
                Column(content: .retention, title: "KEEP", start: 92, end: 99, isRightAligned: true),
                Column(content: .readers, title: "VIEW", start: 99, end: 105, isRightAligned: true),
                Column(content: .codec, title: "CODEC", start: 107, end: 112, isRightAligned: false),
                Column(content: .stored, title: "STORED", start: 112, end: 119, isRightAligned: true),
            ].map { shifted($0, by: extra) }
    }

    private static func shifted(_ column: Column, by distance: Int) -> Column {
        var column = column
        column.start += distance
        column.end += distance
        return column
    }
}
