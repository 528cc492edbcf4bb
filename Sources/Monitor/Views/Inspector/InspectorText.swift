import KinesisVideo
import Matroska

/// The inspector's panes of text: Summary, Tags and Tracks, as lines.
struct InspectorText {
    let state: MonitorState
    let inspector: InspectorScreen

    /// One line: a heading or a name on the left, and what it says.
    struct Line {
        var name: String
        var value = ""
        var role = Theme.Role.text
    }

    /// The lines of the pane, those that are too long for it broken between words.
    func lines(columns: Int) -> [Line] {
        let room = max(20, columns - 16)
        return lines.flatMap { line -> [Line] in
            guard line.value.count > room else { return [line] }
            return line.value.wrapped(to: room).enumerated().map { index, text in
                Line(name: index == 0 ? line.name : "", value: text, role: line.role)
            }
        }
    }

    private var lines: [Line] {
        guard let document = inspector.document else { return [] }
        switch inspector.pane {
        case .summary: return summary(document)
        case .tags: return tags(document)
        case .tracks: return document.tracks.flatMap(track)
        case .tree, .frames, .hex: return []
        }
    }

    // MARK: Summary

    private func summary(_ document: DocumentInspection) -> [Line] {
        var lines: [Line] = []
        if let fragment = inspector.fragment { lines += identity(fragment) }
        let (segments, clusters) = (document.documentCount, document.clusterCount)
        let parts =
            "\(segments) segment\(segments == 1 ? "" : "s") · \(clusters) cluster\(clusters == 1 ? "" : "s")"
        let cut = document.isCut ? "first \(document.bytes.count >> 20) MiB · " : ""
        lines.append(
            Line(
                name: "media",
                value: "\(cut)\(Figure.grouped(document.bytes.count)) B · \(parts) · "
                    + "\(document.tree.rows.count) elements"
            )
        )
        let faults = document.faultyRows
        if faults.isEmpty { lines.append(Line(name: "faults", value: "none")) }
        for row in faults.prefix(100) {
            let element = document.tree.rows[row]
            let text = "✕ \(element.name) @\(element.offset) · \(element.fault ?? "")"
            lines.append(Line(name: row == faults.first ? "faults" : "", value: text, role: .error))
        }
        for track in document.tracks {
            let frames = document.frames.filter { $0.track == track.number }
            let bytes = frames.reduce(0) { $0 + $1.range.count }
            let keys = frames.count(where: \.isKey)
            let words = CodecDescription(track).summary
            let kind = "\(track.type.name) \(track.codecName)"
            lines.append(
                Line(name: "track \(track.number)", value: kind + (words.isEmpty ? "" : " · \(words)"))
            )
            lines.append(
                Line(name: "", value: "\(frames.count) frames · \(keys) key · \(Figure.grouped(bytes)) B")
            )
        }
        return lines
    }

    private func identity(_ fragment: InspectedFragment) -> [Line] {
        guard let metadata = fragment.metadata else { return [Line(name: "chunk", value: fragment.name)] }
        let lag = metadata.serverTimestamp.milliseconds - metadata.producerTimestamp.milliseconds
        let seconds = Figure.decimal(Double(lag) / 1000, places: 3)
        return [
            Line(name: "fragment", value: fragment.fullName),
            Line(name: "producer", value: metadata.producerTimestamp.rfc3339),
            Line(
                name: "server",
                value: "\(metadata.serverTimestamp.rfc3339)  \(lag < 0 ? "" : "+")\(seconds) s"
            ),
        ] + acknowledgement(metadata.number)
    }

    private func acknowledgement(_ number: FragmentNumber) -> [Line] {
        guard let entry = inspector.acknowledgements?.latest(of: number) else { return [] }
        let delay = entry.milliseconds.map { " after \(Figure.decimal(Double($0) / 1000, places: 3)) s" }
        let error = entry.errorCode.map { " · \($0)" }
        return [
            Line(
                name: "ack",
                value: entry.event.rawValue + (delay ?? "") + (error ?? ""),
                role: entry.event == .error ? .error : .text
            )
        ]
    }

    // MARK: Tags

    private func tags(_ document: DocumentInspection) -> [Line] {
        guard !document.tags.isEmpty else { return [Line(name: "no tags", role: .dim)] }
        return document.tags.map { tag in
            let indent = String(repeating: "  ", count: min(tag.level, 8))
            let value =
                switch tag.value {
                case .string(let text): text + clock(of: tag.name, text)
                case .binary(let bytes): "\(bytes.count) bytes"
                case .missing: Figure.unknown
                }
            return Line(name: indent + tag.name, value: value)
        }
    }

    /// The service's own times are seconds; as a time of day they can be read.
    private func clock(of name: String, _ text: String) -> String {
        guard name.hasSuffix("_TIMESTAMP"), let seconds = Double(text), (0..<1e11).contains(seconds) else {
            return ""
        }
        return "  " + Figure.preciseClock(state.zoned(Timestamp(milliseconds: Int64(seconds * 1000))))
    }

    // MARK: Tracks

    private func track(_ track: TrackEntry) -> [Line] {
        let name = track.name.map { " '\($0)'" } ?? ""
        var lines = [
            Line(
                name: "track \(track.number)",
                value: "\(track.type.name) · \(track.codecID)\(name)",
                role: .focus
            )
        ]
        if let video = track.video, let width = video.width, let height = video.height {
            lines.append(Line(name: "  container", value: "\(width)×\(height)"))
        }
        if let audio = track.audio {
            let rate = audio.samplingFrequency.map { "\($0) Hz" } ?? Figure.unknown
            lines.append(Line(name: "  container", value: "\(rate) · \(audio.channels ?? 1) channels"))
        }
        let description = CodecDescription(track)
        lines.append(Line(name: "  private", value: "\(track.codecPrivate.count) bytes"))
        lines += description.lines.map { line in
            Line(name: "  \(line.name)", value: line.value + (line.offset.map { "  +\($0)" } ?? ""))
        }
        if let fault = description.fault { lines.append(Line(name: "  ✕", value: fault, role: .error)) }
        return lines
    }
}

extension String {
    /// The text in lines of so many characters at most, broken at blanks where there are any.
    func wrapped(to width: Int) -> [String] {
        var (lines, rest) = ([String](), self[...])
        while rest.count > width {
            let line = rest.prefix(width)
            let end = line.lastIndex(of: " ") ?? line.endIndex
            lines.append(String(rest[..<end]))
            rest = rest[end...].drop { $0 == " " }
        }
        return lines + (rest.isEmpty && !lines.isEmpty ? [] : [String(rest)])
    }
}
