import KinesisVideo
import TerminalScreen

/// The service's log of acknowledgements, over the inspector.
///
/// ```
/// ── Acknowledgements · front-door ──────────── 512 lines, 88 older dropped ──
///  14:03:18.881  #…0823617319  RECEIVED     0.101 s
///  14:03:19.210  #…0823617319  PERSISTED    0.430 s
///  14:03:20.001  –             ERROR                 INVALID_MKV_DATA (4006)
/// ```
struct AcknowledgementsView {
    let state: MonitorState
    let theme: Theme
    let inspector: InspectorScreen

    /// Where the overlay lies.
    static func area(in size: ScreenSize) -> ScreenRectangle {
        OverlayFrame.centred(rows: OverlayFrame.rows, in: size)
    }

    /// Lines that the overlay shows at a time.
    static func height(in size: ScreenSize) -> Int { max(1, area(in: size).size.rows - 2) }

    /// A line as it is copied.
    static func words(of entry: AcknowledgementLog.Entry) -> String {
        let delay = entry.milliseconds.map { Figure.decimal(Double($0) / 1000, places: 3) + " s" }
        let error = entry.errorCode.map { code in entry.errorID.map { "\(code) (\($0))" } ?? code }
        let parts = [
            entry.time.rfc3339, entry.fragmentNumber ?? Figure.unknown, entry.event.rawValue, delay, error,
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }

    func draw(scroll: Int, in buffer: inout ScreenBuffer) {
        let frame = OverlayFrame(Self.area(in: buffer.size), theme: theme)
        let log = inspector.acknowledgements?.log
        let entries = log?.acknowledgements ?? []
        let dropped = log.map { $0.dropped > 0 ? ", \($0.dropped) older not kept" : "" } ?? ""
        frame.draw(
            title: "Acknowledgements · \(inspector.source.name)",
            right: log == nil ? "" : "\(entries.count) lines\(dropped)",
            in: &buffer
        )
        let shown = entries.dropLast(scroll).suffix(Self.height(in: buffer.size))
        if shown.isEmpty { frame.put(emptyWords, row: 1, column: 1, role: .dim, in: &buffer) }
        for (index, entry) in shown.enumerated() { draw(entry, row: index + 1, frame, in: &buffer) }
        let hint = "delays count from the first byte   y copy  ↑↓ scroll  Esc close"
        frame.put(hint, row: frame.area.size.rows - 1, column: 1, role: .dim, in: &buffer)
    }

    private var emptyWords: String {
        if case .file = inspector.source { return "a file has no acknowledgements" }
        if let fault = inspector.acknowledgementFault { return "✕ \(fault)" }
        if !inspector.hasAskedForAcknowledgements { return "asking the service …" }
        return inspector.acknowledgements == nil
            ? "this endpoint keeps no acknowledgements" : "none since the service started"
    }

    private func draw(
        _ entry: AcknowledgementLog.Entry,
        row: Int,
        _ frame: OverlayFrame,
        in buffer: inout ScreenBuffer
    ) {
        let isError = entry.event == .error
        let clock = Figure.preciseClock(state.zoned(entry.time))
        frame.put(clock, row: row, column: 1, role: .dim, in: &buffer)
        let name = entry.fragmentNumber.map { "#…\($0.suffix(10))" } ?? Figure.unknown
        frame.put(name, row: row, column: 15, role: .text, in: &buffer)
        let role: Theme.Role = isError ? .error : entry.event == .persisted ? .live : .text
        frame.put((isError ? "✕ " : "") + entry.event.rawValue, row: row, column: 30, role: role, in: &buffer)
        if let delay = entry.milliseconds {
            let text = Figure.decimal(Double(delay) / 1000, places: 3) + " s"
            frame.put(text, row: row, column: 51 - text.count, role: .text, in: &buffer)
        }
        guard let code = entry.errorCode else { return }
        let text = entry.errorID.map { "\($0) \(code)" } ?? code
        frame.put(text.shortened(to: 22), row: row, column: 53, role: .error, in: &buffer)
    }
}
