import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import MediaCodec
import Playback

/// `kinescope clip`: a part of the archive as a file.
struct Clip: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cut a part of the archive into an MP4 or MKV file, without encoding it anew.",
        discussion: """
            Begins and ends at the borders of fragments, or with --precise at the very moments. Stretches without media \
            are joined and reported. The file appears when it is whole.
            """
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Option(
        name: .customLong("from"),
        parsing: .unconditional,
        help: ArgumentHelp("First moment, on the producer's clock, or #FRAGMENT.", valueName: "time")
    )
    var start: String

    @Option(
        name: .customLong("to"),
        parsing: .unconditional,
        help: ArgumentHelp("Last moment, on the producer's clock, or #FRAGMENT.", valueName: "time")
    )
    var end: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File to write: NAME.mp4 or NAME.mkv.", valueName: "file")
    )
    var output: String

    @Flag(help: "Cut at the very moments instead of at fragments; MP4 only.")
    var precise = false

    @OptionGroup var zone: ZoneOptions
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object on the clip.")
    var json = false

    func run() async throws {
        let now = systemClock()
        let first = try TimeArgument(start, now: now, zone: zone.zone)
        let last = try TimeArgument(end, now: now, zone: zone.zone)
        if case .time(let start) = first, case .time(let end) = last { try Self.check(start, end) }
        let suffix = URL(filePath: output).pathExtension.lowercased()
        guard let container = MediaContainer(rawValue: suffix) else {
            throw CommandFailure(.usage, "'\(output)' ends neither in .mp4 nor in .mkv")
        }
        let (name, output, precise) = (name, output, precise)
        let showsProgress = isatty(STDERR_FILENO) == 1
        let report = try await Interruption.watching([SIGINT, SIGTERM]) { [connection] in
            try await connection.withClient { client in
                _ = try await client.stream(named: name)
                let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
                let start = try await first.start(on: consumer)
                let end = try await last.end(on: consumer)
                try Self.check(start, end)
                let order = ClipOrder(start: start, end: end, isPrecise: precise, container: container)
                return try await ClipExporter(ServiceMedia(consumer)).export(order, to: output) { progress in
                    guard showsProgress else { return }
                    let line =
                        "\r\(Int(progress.part * 100)) %  \(progress.fragments) of \(progress.fragmentCount)"
                    FileHandle.standardError.write(Data("\(line)\u{1B}[K".utf8))
                }
            }
        }
        if showsProgress { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        guard let report else { throw CommandFailure(.interrupted) }
        try say(report)
    }

    private static func check(_ start: Timestamp, _ end: Timestamp) throws {
        guard start < end else { throw CommandFailure(.usage, "--from is not earlier than --to") }
    }

    private func say(_ report: ClipReport) throws {
        guard !json else { return try JSONLine.write(WrittenClip(output, report)) }
        let seconds = Timestamp(milliseconds: report.length).decimalSeconds
        print("saved \(output): \(seconds) s of \(report.fragments) fragments, \(report.bytes) bytes")
        for gap in report.gaps {
            let seconds = Timestamp(milliseconds: gap.length).decimalSeconds
            print("gap of \(seconds) s: \(zone.zone.text(gap.start)) to \(zone.zone.text(gap.end))")
        }
    }
}

/// A clip as `clip --json` prints it.
private struct WrittenClip: Encodable {
    struct Gap: Encodable {
        var start: String
        var end: String
        var lengthMilliseconds: Int64
    }

    var file: String
    var start: String
    var end: String
    var lengthMilliseconds: Int64
    var fragments: Int
    var sizeBytes: Int
    var gaps: [Gap]

    init(_ file: String, _ report: ClipReport) {
        self.file = file
        start = report.start.rfc3339
        end = report.end.rfc3339
        lengthMilliseconds = report.length
        fragments = report.fragments
        sizeBytes = report.bytes
        gaps = report.gaps.map {
            Gap(start: $0.start.rfc3339, end: $0.end.rfc3339, lengthMilliseconds: $0.length)
        }
    }
}
