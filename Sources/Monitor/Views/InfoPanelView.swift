import Foundation
import KinesisVideo
import MediaCodec
import Playback
import TerminalScreen

/// The panel of figures beside the picture, or over its right half; every line has a source, unknown is `–`.
struct InfoPanelView {
    let state: MonitorState
    let theme: Theme
    let status: PlayerStatus

    private struct Section {
        var title: String
        var lines: [(label: String, value: String)]
    }

    func draw(_ area: ScreenRectangle, in buffer: inout ScreenBuffer) {
        let panel = theme[.panel]
        buffer.fill(area, with: ScreenCell(" ", style: Style(background: panel.background)))
        let rule = area.column - (buffer.size.columns >= 116 ? 1 : 0)
        for row in area.row..<area.row + area.size.rows {
            buffer.put("│", row: row, column: rule, style: theme[.border])
        }
        var row = area.row
        func put(_ text: String, _ column: Int, _ role: Theme.Role) {
            guard row < area.row + area.size.rows else { return }
            var style = theme[role]
            style.background = style.background ?? panel.background
            buffer.put(text, row: row, column: rule + column, style: style, limit: area.size.columns - column)
        }
        let sections = sections
        // Where the panel is too short for a blank row ahead of each section the last ones go without.
        let lines = sections.reduce(0) { $0 + 1 + $1.lines.count }
        var blanks = area.size.rows - lines
        for section in sections {
            if row > area.row, blanks > 0 {
                row += 1
                blanks -= 1
            }
            put(section.title, 2, .focus)
            row += 1
            for line in section.lines {
                put(line.label, 2, .dim)
                put(line.value, 12, .text)
                row += 1
            }
        }
    }

    private var sections: [Section] {
        [
            Section(title: "POSITION", lines: position),
            Section(title: "CLOCKS", lines: clocks),
            Section(title: "STREAM", lines: stream + sound),
            Section(title: "DECODE", lines: decode),
            Section(title: "SCREEN", lines: screen),
        ]
    }

    private var position: [(String, String)] {
        let frame = status.frameIndex.map { index in
            [
                "\(index)" + (status.frameCount.map { " of \($0)" } ?? ""), status.frameType,
                status.frameSize.map(Figure.bytes),
            ].compactMap { $0 }.joined(separator: "   ")
        }
        return [
            ("fragment", status.fragment?.number.shortName ?? Figure.unknown),
            ("frame", frame ?? Figure.unknown),
            ("in frag", inFragment ?? Figure.unknown),
            ("source", status.source ?? Figure.unknown),
        ]
    }

    /// The listing leaves the last frame's own length out of a fragment's.
    private var inFragment: String? {
        guard let fragment = status.fragment, let position = status.position else { return nil }
        let offset = Double(position.milliseconds - fragment.producerTimestamp.milliseconds) / 1000
        guard let rate = status.mediaFrameRate, rate > 0 else {
            return Figure.decimal(offset, places: 3) + " s"
        }
        let length = Double(fragment.length) / 1000 + 1 / rate
        return "\(Figure.decimal(offset, places: 3)) of \(Figure.decimal(length, places: 3)) s"
    }

    private var clocks: [(String, String)] {
        let difference = status.serverPosition.flatMap { server in
            status.position.map { Double(server.milliseconds - $0.milliseconds) / 1000 }
        }
        let server = status.serverPosition.map { server in
            let lag = difference.map { "  \($0 < 0 ? "" : "+")\(Figure.decimal($0, places: 2)) s" } ?? ""
            return clock(server) + lag
        }
        return [
            ("producer", status.position.map(clock) ?? Figure.unknown),
            ("server", server ?? Figure.unknown),
            ("behind", status.distance.map(Figure.span) ?? Figure.unknown),
        ]
    }

    /// In the zone that the viewer has chosen, which is named unless it is UTC.
    private func clock(_ time: Timestamp) -> String {
        Figure.preciseClock(state.zoned(time)) + (state.showsLocalZone ? " " + state.zoneName(time) : "")
    }

    private var stream: [(String, String)] {
        let picture = status.pictureWidth.flatMap { width in status.pictureHeight.map { "\(width)×\($0)" } }
        let rate = [
            status.mediaFrameRate.map { "\(Figure.decimal($0, places: 1)) fps" },
            status.bitRate.map { "\(Figure.millions($0)) Mb/s" },
        ].compactMap { $0 }.joined(separator: "  ")
        return [
            ("codec", status.codec ?? Figure.unknown),
            ("picture", [picture, status.pixelFormat].compactMap { $0 }.joined(separator: " ").orUnknown),
            ("rate", rate.orUnknown),
            ("GOP", group ?? Figure.unknown),
        ]
    }

    private var group: String? {
        guard let count = status.groupOfPictures, let length = status.groupLength else { return nil }
        return "\(count)  \(Figure.decimal(Double(length) / 1000, places: 2)) s"
    }

    /// Sound is not played; its presence and its level are shown.
    private var sound: [(String, String)] {
        let tracks = status.tracks.filter { $0.hasPrefix("audio ") }
        guard let first = tracks.first else {
            return [("sound", status.tracks.isEmpty ? Figure.unknown : "none")]
        }
        let more = tracks.count > 1 ? "  +\(tracks.count - 1)" : ""
        return [
            ("sound", first.dropFirst(6) + more), ("level", status.sound.map(Self.level) ?? Figure.unknown),
        ]
    }

    /// Ten steps of 5 dB of the mean level, then mean and peak below full scale: `▄▄▄▄▄▄···· −18 dB ▲−6`.
    private static func level(_ level: AudioLevel) -> String {
        func decibels(_ amplitude: Double) -> Double { max(-96, 20 * log10(max(amplitude, 1e-9))) }
        let (rms, peak) = (decibels(level.rms), decibels(level.peak))
        let filled = min(10, max(0, Int((rms + 50) / 5)))
        let bar = String(repeating: "▄", count: filled) + String(repeating: "·", count: 10 - filled)
        return "\(bar) \(Figure.decimal(rms, places: 0)) dB ▲\(Figure.decimal(peak, places: 0))"
    }

    private var decode: [(String, String)] {
        let decoded = status.decodedFrameRate.map { "\(Figure.decimal($0, places: 1)) fps" } ?? Figure.unknown
        return [
            ("queue", "\(status.queuedFrames) frames\(queued)"),
            ("decoded", "\(decoded)  late \(status.lateFrames)"),
        ]
    }

    /// How long the frames that wait will last.
    private var queued: String {
        guard let rate = status.mediaFrameRate, rate > 0 else { return "" }
        return "  \(Int((Double(status.queuedFrames) * 1000 / rate).rounded())) ms"
    }

    private static let shortNames = [
        "ListFragments": "List", "GetMediaForFragmentList": "Media", "GetMedia": "Live",
    ]

    private var screen: [(String, String)] {
        let figures = state.figures
        let picture = figures.pictureColumns.flatMap { columns in
            figures.pictureRows.map { "\(columns)×\($0) px  \(figures.mode.words)" }
        }
        let drawn = figures.drawnFrameRate.map { "\(Figure.decimal($0, places: 1)) fps" } ?? Figure.unknown
        let tty = figures.bytesPerSecond.map(Figure.byteRate)
        let drain = figures.drain.map { "drain \(Int(($0 / .milliseconds(1)).rounded(.up))) ms" }
        return [
            ("picture", picture ?? Figure.unknown),
            ("colour", figures.colors),
            ("drawn", "\(drawn)  dropped \(figures.droppedFrames)"),
            ("tty", [tty ?? Figure.unknown, drain].compactMap(\.self).joined(separator: "  ")),
            ("quality", figures.quality.map { "\($0.name) of q7" } ?? Figure.unknown),
            ("calls", calls.isEmpty ? "none in 10 s" : calls),
        ]
    }

    /// What is called most, as far as there is room: `List 0.2/s  Media 0.4/s`.
    private var calls: String {
        let parts = status.calls.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, count in
            "\(Self.shortNames[name] ?? name) \(Figure.decimal(Double(count) / 10, places: 1))/s"
        }
        return parts.reduce("") { text, part in
            let longer = text.isEmpty ? part : "\(text)  \(part)"
            return longer.count <= Self.valueColumns ? longer : text
        }
    }

    /// Cells of a value where the panel is narrowest.
    private static let valueColumns = 24
}

extension String {
    fileprivate var orUnknown: String { isEmpty ? Figure.unknown : self }
}
