import KinesisVideo
import KinesisVideoConsumer
import Monitor
import Pixels
import Playback
import TerminalScreen

/// The players of the interface's mock-ups.
enum SamplePlayer {
    /// A timeline drawn as text: bars of 0 to 8 eighths and a rail, one character a column.
    static func columns(_ rows: [String], rail: String) -> [TimelineColumn] {
        let glyphs = Array(" ▁▂▃▄▅▆▇█")
        let coverage: [Character: TimelineCoverage] = [
            "━": .archive, "═": .liveBuffer, "┄": .notListed, " ": .gap,
        ]
        return rail.enumerated().map { index, glyph in
            let height = rows.reduce(0) { sum, row in
                let row = Array(row)
                return sum + (index < row.count ? glyphs.firstIndex(of: row[index]) ?? 0 : 0)
            }
            return TimelineColumn(
                coverage: coverage[glyph] ?? .gap,
                bitRate: height > 0 ? Double(height) : nil
            )
        }
    }

    /// Time-shifted by 18 s, as at 80x24.
    static func shifted() -> PlayerStatus {
        var status = PlayerStatus(stream: "front-door")
        status.badge = .shift
        status.distance = 18_000
        status.position = SampleStreams.time("2025-11-22T14:03:04.480Z")
        status.newest = SampleStreams.time("2025-11-22T14:03:22.480Z")
        status.codec = "h264 High@4.0"
        (status.pictureWidth, status.pictureHeight) = (1280, 720)
        status.mediaFrameRate = 25
        (status.groupOfPictures, status.groupLength) = (50, 2000)
        status.bitRate = 2_100_000
        return status
    }

    /// Paused in the archive three hours ago, as at 120x35.
    static func archived() -> PlayerStatus {
        var status = shifted()
        status.badge = .archive
        status.isPaused = true
        status.distance = 11_535_000
        status.position = SampleStreams.time("2025-11-22T10:51:07.120Z")
        status.serverPosition = SampleStreams.time("2025-11-22T10:51:07.430Z")
        if let number = FragmentNumber("91343852333181432387734503010823602114") {
            let start = SampleStreams.time("2025-11-22T10:51:06.040Z")
            let metadata = FragmentMetadata(number: number, serverTimestamp: start, producerTimestamp: start)
            status.fragment = FragmentInfo(metadata: metadata, size: 525_000, length: 1960)
        }
        (status.frameIndex, status.frameCount, status.frameType, status.frameSize) = (28, 50, "P", 9100)
        status.source = "archive, batch 3 of 3"
        status.pixelFormat = "yuv420p"
        (status.queuedFrames, status.decodedFrameRate, status.lateFrames) = (3, 25, 0)
        status.calls = ["ListFragments": 2, "GetMediaForFragmentList": 4]
        return status
    }

    static func figures(columns: Int, rows: Int) -> ScreenFigures {
        var figures = ScreenFigures()
        figures.drawnFrameRate = 24.8
        figures.bytesPerSecond = 900_000
        (figures.quality, figures.drain) = (.justVisible, .milliseconds(4))
        (figures.pictureColumns, figures.pictureRows) = (columns, rows)
        return figures
    }
}

/// A state of the given size, at the mock-ups' clock, with their streams.
func sampleState(rows: Int = 24, columns: Int = 80, glyphs: Glyphs = .unicode) -> MonitorState {
    let now = SampleStreams.now
    var state = MonitorState(
        configuration: MonitorState.Configuration(endpoint: "local:7070", glyphs: glyphs),
        size: ScreenSize(rows: rows, columns: columns),
        now: now
    )
    _ = state.handle(.statistics(SampleStreams.before), at: now.advanced(byMilliseconds: -34_000))
    _ = state.handle(
        .streamFailed(name: "roof", reason: "AccessDenied"),
        at: now.advanced(byMilliseconds: -33_000)
    )
    _ = state.handle(.statistics(SampleStreams.current), at: now.advanced(byMilliseconds: -400))
    _ = state.handle(.tick, at: now)
    return state
}

extension MonitorState {
    /// Presses keys one after the other; the actions of all of them.
    mutating func press(_ keys: KeyPress...) -> [MonitorAction] {
        keys.flatMap { handle(.input(.key($0)), at: now) }
    }

    /// Types text key by key.
    mutating func type(_ text: String) -> [MonitorAction] {
        text.flatMap { handle(.input(.key(KeyPress($0))), at: now) }
    }

    /// What is on screen, as text.
    func text(picture: PixelSize? = nil) -> String {
        MonitorView.draw(self, theme: .colorless, picture: picture).buffer.textDump
    }

    /// One row of what is on screen, spaces at its ends cut.
    func row(_ index: Int) -> String {
        let rows = text().split(separator: "\n", omittingEmptySubsequences: false)
        return String(rows[index < 0 ? rows.count - 1 + index : index].drop { $0 == " " })
    }
}
