import MediaCodec
import Playback

extension MonitorState {
    /// Saves the picture under a name of one's own; a name without a suffix gets `.png`.
    mutating func saveSnapshot(as name: String) -> [MonitorAction] {
        guard player?.status.position != nil else {
            show("there is no picture to save yet")
            return []
        }
        return [.snapshot(Self.suffix(of: name) == nil ? name + ".png" : name)]
    }

    /// Writes the marked clip under a name of one's own at once; the suffix says what it is.
    mutating func saveClip(as name: String) -> [MonitorAction] {
        guard runningClip == nil else {
            show("an export is under way already", isError: true)
            return []
        }
        guard let player, let clip = player.clip else {
            show("mark a clip first: I where it begins, O where it ends")
            return []
        }
        let suffix = Self.suffix(of: name)
        let container: MediaContainer? =
            if let suffix {
                MediaContainer(rawValue: suffix.lowercased())
            } else {
                configuration.clipContainer
            }
        guard let container else {
            show("'\(name)' is no name of a clip, wanted .mp4 or .mkv", isError: true)
            return []
        }
        let job = ClipJob(
            stream: player.stream,
            order: ClipOrder(start: clip.start, end: clip.end, container: container),
            fileName: suffix == nil ? "\(name).\(container.rawValue)" : name
        )
        clipDialog = nil
        runningClip = RunningClip(job: job, began: now)
        return [.startClip(job)]
    }

    /// What follows the last point of a file's name.
    private static func suffix(of name: String) -> String? {
        let parts = (name.split(separator: "/").last ?? "").split(separator: ".")
        return parts.count > 1 ? parts.last.map(String.init) : nil
    }

    /// Asks for the name of a stream again before it is deleted.
    mutating func askToDelete(_ name: String) {
        guard !configuration.isReadOnly else {
            return show("nothing is changed: read_only is set", isError: true)
        }
        guard streams.row(named: name) != nil || !streams.hasReport else {
            return show("no stream is named '\(name)'", isError: true)
        }
        prompt = Prompt(purpose: .delete(name), text: "")
    }
}
