import KinesisVideo

extension ChunkReport {
    /// The chunk for people: one line each for the fragment, its tracks, its own tags and its frames by track.
    var text: String {
        var lines = [headline]
        for track in tracks {
            lines.append("  " + track.text)
            if let fault = track.codecFault { lines.append("    " + fault) }
        }
        lines += tags.filter { !$0.name.hasPrefix(ServiceTags.prefix) }.map {
            "  tag \($0.name) = \($0.value ?? "–")"
        }
        lines += Dictionary(grouping: frames, by: \.track).sorted { $0.key < $1.key }.map { track, frames in
            let bytes = frames.reduce(0) { $0 + $1.size }
            let keys = frames.count { $0.key }
            let times = frames.map(\.timecode)
            return "  frames of track \(track): \(frames.count), \(keys) key, \(bytes) bytes, "
                + "ticks \(times.min() ?? 0) to \(times.max() ?? 0)"
        }
        return lines.map(PrintableText.visible).joined(separator: "\n")
    }

    private var headline: String {
        if let errorCode { return "error \(errorCode) (\(errorId ?? "–")) fragment \(fragmentNumber ?? "–")" }
        let state = complete ? "" : "  INCOMPLETE"
        guard let fragmentNumber else { return "chunk without fragment number\(state)" }
        let behind = millisBehindNow.map { "  \($0) ms behind" } ?? ""
        return
            "fragment \(fragmentNumber)  producer \(producerTimestamp ?? "–")  server \(serverTimestamp ?? "–")"
            + behind + state
    }
}

extension ChunkReport.Track {
    fileprivate var text: String {
        var parts = ["track \(number)", type, codecId]
        if let width, let height { parts.append("\(width)x\(height)") }
        if let samplingFrequency { parts.append("\(samplingFrequency) Hz") }
        if let channels { parts.append("\(channels) ch") }
        if let name { parts.append("'\(name)'") }
        if let language { parts.append(language) }
        parts.append("private \(codecPrivate.count / 2) bytes")
        if !codecSummary.isEmpty { parts.append(codecSummary) }
        return parts.joined(separator: "  ")
    }
}
