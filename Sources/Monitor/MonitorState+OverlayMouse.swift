import TerminalScreen

extension MonitorState {
    /// The palette takes clicks and wheel; a click beside whatever is typed gives it up.
    mutating func handleOverPrompt(_ event: MouseEvent) -> [MonitorAction] {
        let isPalette = prompt?.purpose == .command
        switch event.kind {
        case .wheelUp where isPalette: paletteSelection = max(0, paletteSelection - 1)
        case .wheelDown where isPalette:
            paletteSelection = max(0, min(paletteSelection + 1, paletteRows.count - 1))
        case .press(.left) where isPalette:
            guard let row = PaletteView(state: self, theme: .colorless).row(at: event) else {
                return type(KeyPress(.escape))
            }
            paletteSelection = row
            return type(KeyPress(.enter))
        case .press(.left) where event.row != size.rows - 1: return type(KeyPress(.escape))
        default: break
        }
        return []
    }

    /// The wheel scrolls help, log and acknowledgements; a click beside them closes them.
    mutating func handleOverOverlay(_ event: MouseEvent) -> [MonitorAction] {
        switch event.kind {
        case .wheelUp: scrollOverlay(by: -3)
        case .wheelDown: scrollOverlay(by: 3)
        case .press(.left) where !overlayArea.contains(row: event.row, column: event.column):
            return pressInOverlay(KeyPress(.escape)) ?? []
        default: break
        }
        return []
    }

    private var overlayArea: ScreenRectangle {
        if let help { return HelpView(self, filter: help.filter).area(in: size) }
        // The log and the acknowledgements take the same room.
        return LogView.area(in: size)
    }

    /// A click on what the export's last row names does it; one beside the export closes it.
    mutating func handleOverExport(_ event: MouseEvent) -> [MonitorAction] {
        guard event.kind == .press(.left), let clipDialog else { return [] }
        let area = ExportView.area(size: size)
        guard area.contains(row: event.row, column: event.column) else {
            // What is being written is not given up by accident.
            return pressInExport(KeyPress(runningClip == nil ? .escape : .enter)) ?? []
        }
        guard event.row == area.row + 3 else { return [] }
        let view = ExportView(state: self, theme: .colorless, dialog: clipDialog)
        return view.key(at: event.column - area.column).flatMap { pressInExport($0) } ?? []
    }
}
