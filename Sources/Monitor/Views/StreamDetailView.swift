import KinesisVideo
import TerminalScreen

/// What is known of the selected stream, and where it is known from.
struct StreamDetailView {
    let state: MonitorState
    let theme: Theme
    let row: StreamRow
    let isWide: Bool

    private var statistics: StreamStatistics { row.statistics }

    func draw(rule: Int, rows: Range<Int>, in buffer: inout ScreenBuffer) {
        let line = String(repeating: "─", count: buffer.size.columns)
        buffer.put(line, row: rule, column: 0, style: theme[.border])
        buffer.put(
            " \(row.name) ".shortened(to: buffer.size.columns - 4),
            row: rule,
            column: 2,
            style: theme[.text]
        )
        let lines = isWide ? wideLines : narrowLines
        // From 120x35 on the picture stands left of the words.
        let left = isWide ? Self.wideColumn : 2
        for (row, line) in zip(rows, lines) {
            let column = buffer.put(line.label, row: row, column: left, style: theme[.dim])
            buffer.put(line.text, row: row, column: column, style: theme[line.role])
        }
    }

    /// First column of the words right of the picture.
    private static let wideColumn = 43

    private typealias Line = (label: String, text: String, role: Theme.Role)

    private var narrowLines: [Line] {
        [
            ("", statistics.arn, .dim),
            ("", [media, fragments, buffer, persisted].compactMap { $0 }.joined(separator: " · "), .text),
            ("archive ", archive, .text),
            row.fault.map { ("✕ ", $0, .error) } ?? ("source: ", source, .dim),
        ]
    }

    private var wideLines: [Line] {
        let lines: [Line?] = [
            ("", statistics.arn, .dim),
            ("media     ", media ?? Figure.unknown, .text),
            ("fragments ", wideFragments, .text),
            ("archive   ", archive, .text),
            ("first     ", ends, .text),
            ("lag       ", lag, .text),
            ("buffer    ", bufferSize, .text),
            row.fault.map { ("✕ ", $0, .error) },
            ("source    ", source, .dim),
            unreported.map { ("", $0, .dim) },
            ("picture   ", picture, .dim),
        ]
        return lines.compactMap(\.self)
    }

    /// What an endpoint without a statistics feed cannot tell.
    private var unreported: String? {
        statistics.readers == nil ? "          VIEW, STORED: this endpoint does not report them" : nil
    }

    /// Where the picture is from: `key picture of #…0823617318, 6 s old`.
    private var picture: String {
        if statistics.retentionHours == 0 { return "none: this stream keeps no archive" }
        guard statistics.lastFragment != nil else { return "none: nothing has come yet" }
        guard let preview = state.previews[row.name] else { return row.fault == nil ? "…" : Figure.unknown }
        if let failure = preview.failure { return "none: \(failure)" }
        let clock = state.streams.serviceClock(at: state.now)
        let age = clock.milliseconds - preview.fragment.serverTimestamp.milliseconds
        return "key picture of #…\(preview.fragment.number.suffix(10)), \(Figure.span(age)) old"
    }

    private var media: String? { statistics.mediaType }

    private var fragments: String? {
        statistics.meanFragmentMilliseconds.map { length in
            let rate = Figure.decimal(statistics.fragmentsPerSecond, places: 1)
            return "\(rate) fragments/s of \(Self.seconds(length))"
        }
    }

    private var wideFragments: String {
        let parts = [
            statistics.meanFragmentMilliseconds.map { "\(Self.seconds($0)) each" },
            "\(Figure.decimal(statistics.fragmentsPerSecond, places: 2))/s",
            statistics.meanFragmentBytes.map { "mean \(Figure.bytes(Int($0)))" },
        ]
        return parts.compactMap { $0 }.joined(separator: " · ")
    }

    private var buffer: String? { statistics.bufferMilliseconds.map { "buffer \($0 / 1000) s" } }

    private var bufferSize: String {
        guard let length = statistics.bufferMilliseconds, let bytes = statistics.bufferBytes else {
            return Figure.unknown
        }
        let parts = ["\(length / 1000) s", Figure.bytes(bytes), persisted.map { "persisted \($0)" }]
        return parts.compactMap(\.self).joined(separator: " · ")
    }

    private var persisted: String? {
        statistics.persistMilliseconds.map {
            "\(isWide ? "" : "persisted ")ack in \(Figure.decimal($0 / 1000, places: 1)) s"
        }
    }

    private var archive: String {
        guard statistics.retentionHours > 0 else { return "none: fragments are kept in memory only" }
        let hours = statistics.retentionHours
        let kept = hours % 24 == 0 && hours > 24 ? "\(hours / 24) d" : "\(hours) h"
        guard let first = statistics.firstFragment.map({ state.zoned($0.producerTimestamp) }),
            let last = statistics.lastFragment.map({ state.zoned($0.producerTimestamp) })
        else { return "empty · \(kept)" }
        let lastDay = isWide ? "\(Figure.day(last)) " : ""
        let range = "\(Figure.day(first)) \(Figure.clock(first)) → \(lastDay)\(Figure.clock(last))"
        // Where it is wide, a column of the list has the bytes.
        let bytes = isWide && gaps != nil ? nil : statistics.storedBytes.map(Figure.bytes)
        return [range, kept, bytes, gaps].compactMap(\.self).joined(separator: " · ")
    }

    /// `3 gaps, longest 4 m 12 s`; nil where nobody has counted them.
    private var gaps: String? {
        guard let count = statistics.gaps else { return nil }
        let text = count == 1 ? "1 gap" : "\(count == 0 ? "no" : "\(count)") gaps"
        guard isWide, count > 0, let longest = statistics.longestGapMilliseconds else { return text }
        return "\(text), longest \(Figure.span(longest))"
    }

    private var ends: String {
        func name(_ fragment: StreamStatistics.Fragment?) -> String {
            fragment.map { "#…" + $0.number.suffix(10) } ?? Figure.unknown
        }
        return "\(name(statistics.firstFragment))    last \(name(statistics.lastFragment))"
    }

    private var lag: String {
        switch row.lag(at: state.streams.serviceClock(at: state.now)) {
        case nil: Figure.unknown
        case .skew: "the producer's clock is more than 1 s ahead of the server's or 1 h behind it"
        case .milliseconds(let lag): "\(Figure.decimal(Double(lag) / 1000, places: 1)) s (server − producer)"
        }
    }

    private var source: String {
        guard let age = state.streams.age(at: state.now) else { return Figure.unknown }
        return "\(state.source), \(Figure.decimal(Double(age) / 1000, places: 1)) s old"
    }

    private static func seconds(_ milliseconds: Double) -> String {
        Figure.decimal(milliseconds / 1000, places: 2) + " s"
    }
}
