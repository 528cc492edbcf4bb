import Foundation
import Matroska
import TerminalScreen

/// The frames of a fragment: a column each, as high as the logarithm of its size.
///
/// ```
///  96 kB █
///        █        ▁▅▆▅▃
///  20 kB █       ▅█████▇
///        █▁▂▁▄▂▁▂███████▆
///   4 kB ████████████████
///        IPPPPPPPPPPPPPPP
///        ▲
/// ```
struct FramesView {
    let theme: Theme
    let inspector: InspectorScreen
    /// Nanoseconds of a tick.
    let scale: UInt64

    /// Columns of the sizes.
    static let margin = 7

    /// The frames that are shown in so many columns; nil where there are none.
    static func window(of inspector: InspectorScreen, columns: Int) -> Range<Int>? {
        guard let selected = inspector.frameIndex else { return nil }
        let count = inspector.shownFrames.count
        let columns = max(1, columns - margin - 1)
        let first = min(max(0, selected - columns / 2), max(0, count - columns))
        return first..<min(count, first + columns)
    }

    func draw(_ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        let frames = inspector.shownFrames
        guard let selected = inspector.frameIndex,
            let shown = Self.window(of: inspector, columns: area.size.columns)
        else {
            buffer.put("no frames", row: area.row, column: area.column + 2, style: theme[.dim])
            return
        }
        let height = max(0, area.size.rows - 5)
        drawBars(frames, shown, height, area, in: &buffer)
        let letters = area.row + height
        for (column, index) in zip((area.column + Self.margin)..., shown) {
            let frame = frames[index]
            let style = theme[frame.fault == nil ? Self.role(frame.letter) : .error]
            buffer.put(
                frame.fault == nil ? String(frame.letter) : "✕",
                row: letters,
                column: column,
                style: style
            )
        }
        let place = area.column + Self.margin + selected - shown.lowerBound
        buffer.put("▲", row: letters + 1, column: place, style: theme[.playhead])
        let room = area.size.columns - 3
        let words = [
            Self.fitting(frameWords(frames, selected), room), unitWords(frames[selected]),
            Self.fitting(groupWords(frames, selected), room),
        ]
        for (row, text) in zip((letters + 2)..., words) where row < area.row + area.size.rows {
            let isFault = frames[selected].fault != nil && row == letters + 3
            buffer.put(
                text,
                row: row,
                column: area.column + 2,
                style: theme[isFault ? .error : .text],
                limit: room
            )
        }
    }

    /// The first of some texts that fits, the longest first; else the last.
    private static func fitting(_ texts: [String], _ room: Int) -> String {
        texts.first { $0.count <= room } ?? texts.last ?? ""
    }

    private static func role(_ letter: Character) -> Theme.Role {
        switch letter {
        case "I", "K": .keyFrame
        case "B": .bidirectionalFrame
        default: .predictedFrame
        }
    }

    // MARK: Bars

    private func drawBars(
        _ frames: [DocumentInspection.Frame],
        _ shown: Range<Int>,
        _ height: Int,
        _ area: ScreenRectangle,
        in buffer: inout ScreenBuffer
    ) {
        let sizes = frames.map { Double(max(1, $0.range.count)) }
        guard height > 0, let low = sizes.min(), let high = sizes.max() else { return }
        let span = log(high / low)
        for (column, index) in zip((area.column + Self.margin)..., shown) {
            // The smallest is one row high.
            let part = span > 0 ? log(sizes[index] / low) / span : 0
            var eighths = 8 + Int((Double(8 * height - 8) * part).rounded())
            let style = theme[Self.role(frames[index].letter)]
            for row in (0..<height).reversed() where eighths > 0 {
                let glyph = Array("▁▂▃▄▅▆▇█")[min(eighths, 8) - 1]
                buffer.put(String(glyph), row: area.row + row, column: column, style: style)
                eighths -= 8
            }
        }
        var labels = [(height - 1, low)]
        if height >= 2, span > 0 { labels.append((0, high)) }
        if height >= 5, span > 0 { labels.append((height / 2, (low * high).squareRoot())) }
        for (row, size) in labels {
            let end = area.column + Self.margin - 1
            let text = Figure.bytes(Int(size))
            buffer.putRight(text, row: area.row + row, end: end, style: theme[.dim], start: area.column)
        }
    }

    // MARK: Words

    /// `frame 1 of 50 · I · key · 96 104 B · pts +0.000 · dts +0.000 · 40 ms`, and shorter ones.
    ///
    /// Matroska tells no decoding times: they are known where frames are decoded in the order in which they are shown.
    private func frameWords(_ frames: [DocumentInspection.Frame], _ index: Int) -> [String] {
        let frame = frames[index]
        let start = frames.map(\.time).min() ?? frame.time
        let isOrdered = zip(frames, frames.dropFirst()).allSatisfy { $0.time < $1.time }
        let time = "+\(seconds(frame.time &- start))"
        var parts = ["\(index + 1) of \(frames.count)", String(frame.letter)]
        if frame.isKey { parts.append("key") }
        parts.append("\(Figure.grouped(frame.range.count)) B")
        let next = frames.lazy.map(\.time).filter { $0 > frame.time }.min()
        let length = next.map { next in
            "\(Figure.decimal(Double(next &- frame.time) * milliseconds, places: 0)) ms"
        }
        func words(_ times: [String]) -> String {
            (parts + times + [length].compactMap(\.self)).joined(separator: " · ")
        }
        return [
            "frame " + words(["pts \(time)"] + (isOrdered ? ["dts \(time)"] : [])),
            "frame " + words(["pts \(time)"]), words([time]),
        ]
    }

    /// `NAL 7 SPS 28 B · 8 PPS 4 B · 5 IDR 96 022 B`.
    private func unitWords(_ frame: DocumentInspection.Frame) -> String {
        if let fault = frame.fault { return "✕ \(fault)" }
        guard !frame.units.isEmpty else { return "no NAL units in this codec" }
        let units = frame.units.map { "\($0.type) \($0.name) \(Figure.grouped($0.range.count)) B" }
        return "NAL " + units.joined(separator: " · ")
    }

    /// `GOP 50 frames · closed · mean P 12.4 kB · 702 211 B in 2.000 s = 2.8 Mb/s`, and a shorter one.
    private func groupWords(_ frames: [DocumentInspection.Frame], _ index: Int) -> [String] {
        let start = frames[...index].lastIndex(where: \.isKey) ?? 0
        let end = frames[(index + 1)...].firstIndex(where: \.isKey) ?? frames.count
        let first = frames[start].units.first { $0.name.hasPrefix("IDR") || $0.name == "CRA" }
        let kind = first.map { $0.name == "CRA" ? "open" : "closed" }
        let predicted = frames[start..<end].filter { $0.letter == "P" }.map(\.range.count)
        let mean = predicted.isEmpty ? nil : Figure.bytes(predicted.reduce(0, +) / predicted.count)
        let bytes = frames.reduce(0) { $0 + $1.range.count }
        var (total, rate) = ("\(Figure.grouped(bytes)) B", String?.none)
        if let duration = inspector.fragment?.duration, duration > 0 {
            let length = Figure.decimal(Double(duration) / 1000, places: 3)
            let bits = "\(Figure.millions(Double(bytes) * 8000 / Double(duration))) Mb/s"
            total += " in \(length) s = \(bits)"
            rate = bits
        }
        let meanWords = mean.map { "mean P \($0)" }
        let forms: [[String?]] = [
            ["GOP \(end - start) frames", kind, meanWords, total],
            ["GOP \(end - start)", kind, rate, meanWords],
        ]
        return forms.map { $0.compactMap(\.self).joined(separator: " · ") }
    }

    private var milliseconds: Double { Double(scale) / 1_000_000 }

    private func seconds(_ ticks: Int64) -> String {
        Figure.decimal(Double(ticks) * milliseconds / 1000, places: 3)
    }
}
