package import KinesisVideo
package import KinesisVideoConsumer
import MediaCodec
package import Playback

/// What the viewer is about to export, or is exporting.
package struct ClipDialog: Sendable, Hashable {
    /// Name of the stream.
    package var stream: String
    /// What to cut out.
    package var order: ClipOrder
    /// Fragments and bytes of it, as far as they have been listed.
    package var extent: TimelineExtent?

    /// Name of the file: `front-door-20251122T105030Z.mp4`.
    package var fileName: String {
        PlayerFile.name(stream, order.start, suffix: order.container.rawValue)
    }
}

/// A clip to be written.
package struct ClipJob: Sendable, Hashable {
    /// Name of the stream.
    package var stream: String
    /// What to cut out.
    package var order: ClipOrder
    /// Name of the file.
    package var fileName: String
}

/// A clip that is being written.
package struct RunningClip: Sendable, Hashable {
    /// What is written.
    package var job: ClipJob
    /// When it began.
    package var began: Timestamp
    /// How far it is; nil before the first fragment.
    package var progress: ClipProgress?
}

/// How a clip ended.
package enum ClipOutcome: Sendable, Hashable {
    /// The file is there, with so many bytes.
    case saved(path: String, bytes: Int, ClipReport)
    /// No file: one line on why.
    case failed(String)
    /// Given up by the viewer; no file.
    case cancelled

    /// The line that is shown, and whether it is a failure.
    var words: (text: String, isError: Bool) {
        switch self {
        case .cancelled: return ("export given up, no file left", false)
        case .failed(let reason): return ("export: \(reason)", true)
        case .saved(let path, let bytes, let report):
            let gaps = report.gaps.map { "gap \(Figure.span($0.length)) at \(Figure.clock($0.start))" }
            let parts =
                ["✓ saved \(path)", Figure.bytes(bytes), Figure.span(report.length)]
                + (gaps.isEmpty ? ["no gaps"] : gaps)
            return (parts.joined(separator: " · "), false)
        }
    }
}

/// Names of files that leave the player.
enum PlayerFile {
    /// `front-door-20251122T105030Z.mp4`, of a picture with milliseconds; a name is a file name on every system.
    static func name(_ stream: String, _ time: Timestamp, suffix: String, isPrecise: Bool = false) -> String {
        let moment = time.rfc3339.filter { $0 != "-" && $0 != ":" && $0 != "Z" }
        let digits = isPrecise ? moment : String(moment.prefix { $0 != "." })
        let name = stream.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" }
        return "\(String(name))-\(digits)Z.\(suffix)"
    }
}
