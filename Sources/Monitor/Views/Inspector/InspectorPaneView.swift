import Matroska
import TerminalScreen

/// The pane of the inspector, on the document of the selected fragment.
struct InspectorPaneView {
    let state: MonitorState
    let theme: Theme
    let inspector: InspectorScreen
    let document: DocumentInspection

    func draw(_ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        switch inspector.pane {
        case .summary, .tags, .tracks: drawText(area, in: &buffer)
        case .tree: drawTree(area, in: &buffer)
        case .hex: drawHex(area, in: &buffer)
        case .frames:
            FramesView(theme: theme, inspector: inspector, scale: document.timestampScale)
                .draw(area, in: &buffer)
        }
    }

    // MARK: Places

    /// The byte that stands under a cell of the screen; nil where none does.
    func offset(row: Int, column: Int, in area: ScreenRectangle) -> Int? {
        switch inspector.pane {
        case .summary, .tags, .tracks: return nil
        case .frames: return frameOffset(at: column, in: area)
        case .tree:
            let (tree, first) = treeWindow(area)
            guard row < tree.row + tree.size.rows else { return frameOffset(at: column + 1, in: area) }
            let index = first + row - tree.row
            let visible = inspector.visibleRows
            return visible.indices.contains(index) ? document.tree.rows[visible[index]].offset : nil
        case .hex:
            let (width, first) = hexWindow(area)
            let index = (column - area.column - 1 - HexRow.column(of: 0)) / 3
            let offset = (first + row - area.row - 1) * width + index
            guard row > area.row, (0..<width).contains(index) else { return nil }
            return document.bytes.indices.contains(offset) ? offset : nil
        }
    }

    private func frameOffset(at column: Int, in area: ScreenRectangle) -> Int? {
        let frames = inspector.shownFrames
        guard let window = FramesView.window(of: inspector, columns: area.size.columns) else { return nil }
        let index = window.lowerBound + column - area.column - FramesView.margin
        return window.contains(index) ? frames[index].range.lowerBound : nil
    }

    // MARK: Text

    private func drawText(_ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        let lines = InspectorText(state: state, inspector: inspector).lines(columns: area.size.columns)
        let shown = lines.dropFirst(inspector.textScroll).prefix(area.size.rows)
        let widest = lines.filter { !$0.value.isEmpty }.map(\.name.count).max() ?? 0
        // Long names of tags leave their values half of the pane.
        let value = area.column + 2 + min(max(widest, 9), area.size.columns / 2) + 2
        for (row, line) in zip(area.row..., shown) {
            let isFault = line.role == .error
            let end = buffer.put(
                line.name,
                row: row,
                column: area.column + 2,
                style: theme[isFault ? .error : .dim],
                limit: area.size.columns - 3
            )
            let column = max(value, end + 1)
            let room = area.column + area.size.columns - 1 - column
            buffer.put(line.value, row: row, column: column, style: theme[line.role], limit: max(0, room))
        }
    }

    // MARK: Tree

    /// Columns of most sizes.
    private static let sizeColumns = 9
    /// Rows of the frames below a high tree.
    private static let frameRows = 10

    /// What a high pane leaves to the tree above the frames, and the first of the visible rows in it.
    private func treeWindow(_ whole: ScreenRectangle) -> (area: ScreenRectangle, first: Int) {
        var area = whole
        if area.size.rows >= 26, !inspector.shownFrames.isEmpty { area.size.rows -= Self.frameRows + 1 }
        let last = max(0, inspector.visibleRows.count - area.size.rows)
        return (area, min(max(0, (inspector.treeIndex ?? 0) - area.size.rows / 2), last))
    }

    private func drawTree(_ whole: ScreenRectangle, in buffer: inout ScreenBuffer) {
        let (area, first) = treeWindow(whole)
        if area.size.rows < whole.size.rows {
            let row = area.row + area.size.rows
            let title = "─ Frames "
            let rule = title + String(repeating: "─", count: max(0, area.size.columns - title.count))
            buffer.put(rule, row: row, column: area.column - 1, style: theme[.border])
            let frames = ScreenRectangle(
                row: row + 1,
                column: area.column - 1,
                rows: Self.frameRows,
                columns: area.size.columns
            )
            FramesView(theme: theme, inspector: inspector, scale: document.timestampScale)
                .draw(frames, in: &buffer)
        }
        let visible = inspector.visibleRows
        let selected = inspector.treeIndex ?? 0
        for (index, row) in zip(area.row..., visible.dropFirst(first).prefix(area.size.rows)) {
            drawElement(document.tree.rows[row], row: index, area, in: &buffer)
            if first + index - area.row == selected { select(row: index, area, in: &buffer) }
        }
    }

    private func drawElement(
        _ element: ElementTree.Row,
        row: Int,
        _ area: ScreenRectangle,
        in buffer: inout ScreenBuffer
    ) {
        let isFaulty = element.fault != nil
        let mark = !element.isMaster ? "  " : inspector.folded.contains(element.offset) ? "▸ " : "▾ "
        let indent = String(repeating: "  ", count: min(element.level, 8))
        let place = "@\(element.offset)"
        let size = element.size.map { "\(Figure.grouped(Int(clamping: $0))) B" } ?? "unknown"
        let end = area.column + area.size.columns
        let placeColumn = end - 9
        let sizeEnd = placeColumn - 1
        let style = theme[isFaulty ? .error : element.isMaster ? .text : .dim]
        let column = buffer.put(
            indent + mark + (isFaulty ? "✕ " : "") + element.name,
            row: row,
            column: area.column + 1,
            style: style
        )
        let words = element.fault ?? element.value
        // What is wrong matters more than the size of what is wrong.
        let isSizeShown = !isFaulty && element.id != nil
        let room = (isSizeShown ? sizeEnd - size.count - 1 : placeColumn) - column - 1
        let text = words.shortened(to: max(0, room))
        buffer.put(text, row: row, column: column + 1, style: theme[isFaulty ? .error : .text])
        if isSizeShown, let id = element.id {
            // What the element says comes first where there is no room for both.
            let idText = String(id.rawValue, radix: 16, uppercase: true)
            let idEnd = sizeEnd - max(size.count, Self.sizeColumns) - 2
            let start = column + 1 + text.count + 2
            if start + idText.count <= idEnd {
                buffer.putRight(idText, row: row, end: idEnd, style: theme[.dim], start: start)
            }
            buffer.putRight(size, row: row, end: sizeEnd, style: theme[.dim], start: column + 1)
        }
        buffer.putRight(place, row: row, end: end - 1, style: theme[.dim], start: placeColumn)
    }

    private func select(row: Int, _ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        buffer.put("▸", row: row, column: area.column, style: theme[.focus])
        let line = ScreenRectangle(row: row, column: area.column, rows: 1, columns: area.size.columns)
        buffer.restyle(line) { theme.selected($0) }
    }

    // MARK: Hex

    /// Bytes of a row, and the first row that is shown; the row above tells what lies under the cursor.
    private func hexWindow(_ area: ScreenRectangle) -> (width: Int, first: Int) {
        let width = HexRow.bytes(in: area.size.columns)
        let height = max(1, area.size.rows - 1)
        let count = (document.bytes.count + width - 1) / width
        return (width, min(max(0, inspector.cursor / width - height / 2), max(0, count - height)))
    }

    private func drawHex(_ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        buffer.put(
            placeName,
            row: area.row,
            column: area.column + 1,
            style: theme[.focus],
            limit: area.size.columns - 2
        )
        let (width, first) = hexWindow(area)
        let height = max(1, area.size.rows - 1)
        let count = (document.bytes.count + width - 1) / width
        let element = document.tree.row(at: inspector.cursor).map { document.tree.rows[$0] }
        for (row, line) in zip((area.row + 1)..., first..<min(count, first + height)) {
            let range = line * width..<min((line + 1) * width, document.bytes.count)
            let hexRow = HexRow(
                offset: range.lowerBound,
                bytes: document.bytes[range],
                columns: area.size.columns
            )
            buffer.put(hexRow.text, row: row, column: area.column + 1, style: theme[.dim])
            for offset in range {
                let isInElement = element.map { $0.offset <= offset && offset < $0.end } == true
                guard isInElement || offset == inspector.cursor else { continue }
                let isCursor = offset == inspector.cursor
                let style = isCursor ? theme[.playhead].adding(.reverse) : theme[.text]
                let cell = ScreenRectangle(
                    row: row,
                    column: area.column + 1 + HexRow.column(of: offset - range.lowerBound),
                    rows: 1,
                    columns: 2
                )
                buffer.restyle(cell) { _ in style }
            }
        }
    }

    /// What lies at the selected byte: `SimpleBlock @770 · frame 1 · NAL 5 IDR · byte 12 of 96 104`.
    private var placeName: String {
        let cursor = inspector.cursor
        guard let index = document.tree.row(at: cursor) else { return "@\(cursor) · no element" }
        let element = document.tree.rows[index]
        var parts = ["\(element.name) @\(element.offset)"]
        if let fault = element.fault { parts.append("✕ \(fault)") }
        if cursor < element.payload.lowerBound { parts.append("id and size") }
        let frames = inspector.shownFrames
        if let number = frames.firstIndex(where: { $0.range.contains(cursor) }) {
            parts.append("frame \(number + 1)")
            if let unit = frames[number].units.first(where: { $0.range.contains(cursor) }) {
                parts.append("NAL \(unit.type) \(unit.name)")
            }
        }
        parts.append(
            "byte \(Figure.grouped(cursor - element.offset)) of \(Figure.grouped(element.end - element.offset))"
        )
        return parts.joined(separator: " · ")
    }
}

/// One row of bytes: where they stand, their digits, and what of them is text where there is room.
struct HexRow {
    let offset: Int
    let bytes: ArraySlice<UInt8>
    let columns: Int

    /// Columns of the offset.
    private static let offsetWidth = 7

    /// Bytes of a row in so many columns.
    static func bytes(in columns: Int) -> Int {
        columns >= 58 ? 16 : 8
    }

    /// Where the digits of a byte stand.
    static func column(of index: Int) -> Int { offsetWidth + 1 + 3 * index }

    var text: String {
        let digits = String(offset, radix: 16, uppercase: true)
        let place = String(repeating: "0", count: max(0, Self.offsetWidth - 1 - digits.count)) + digits
        let pairs = bytes.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        let row = place + "  " + pairs.joined(separator: " ")
        let width = Self.bytes(in: columns)
        guard columns >= Self.column(of: width) + 1 + width else { return row }
        let blank = String(repeating: " ", count: Self.column(of: width) - row.count)
        let letters = bytes.map { (0x20..<0x7F).contains($0) ? Character(Unicode.Scalar($0)) : "·" }
        return row + blank + String(letters)
    }
}
