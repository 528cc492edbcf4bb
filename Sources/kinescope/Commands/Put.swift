import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoProducer
import Matroska
import MediaCodec

/// `kinescope put`: uploads a file.
struct Put: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Upload a media file to a stream.",
        discussion: """
            The stream is created with a retention of 24 hours where it does not exist. Packets are copied, never \
            re-encoded: H.264, H.265, AAC, PCM and G.711. Fragments begin at key frames. The command ends when the \
            service has made the last fragment durable.
            """
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Argument(help: "A media file, or - for standard input.")
    var file: String

    @Flag(help: "Send at the speed of the media, its first frame now.")
    var realtime = false

    @Flag(help: "Begin again at the end of the file, until interrupted.")
    var loop = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Time of the first frame. Default: with --realtime now, else the file's creation time, else now less its length.",
            valueName: "time"
        )
    )
    var start: String?

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object with what was sent.")
    var json = false

    func validate() throws {
        if loop, file == "-" { throw ValidationError("--loop needs a file that can be read again") }
    }

    func run() async throws {
        let options = self
        _ =
            try await Interruption.watching([SIGINT, SIGTERM]) {
                try await options.connection.withClient { client in try await options.upload(client) }
            } ?? { throw CommandFailure(.interrupted) }()
    }

    private func upload(_ client: ServiceClient) async throws {
        let source: FileSource
        do {
            source = try FileSource(path: file, isRealtime: realtime, loops: loop)
        } catch {
            throw CommandFailure(
                error.code == .notFound ? .notFound : .failed,
                "cannot upload \(file): \(error) (try ffprobe \(file))"
            )
        }
        let summary = source.summary
        for track in summary.unsupportedTracks {
            report(
                "\(file): track \(track.number) (\(track.kind), \(track.codec)) is left out: the codec is not carried"
            )
        }
        guard !summary.tracks.isEmpty else {
            throw CommandFailure(.failed, "\(file) has no track that can be sent")
        }
        guard summary.tracks.count <= ServiceLimits.tracks else {
            throw CommandFailure(
                .failed,
                "\(file) has \(summary.tracks.count) tracks, the service takes \(ServiceLimits.tracks)"
            )
        }
        await source.begin(at: try startTime(summary))
        var configuration = StreamUpload.Configuration()
        configuration.awaitsPersisted = try await makeStream(client, summary) > 0
        configuration.isRealtime = realtime
        let progress = UploadProgress(name: name, duration: loop ? nil : summary.duration)
        let upload = StreamUpload(
            client: client,
            stream: StreamReference(name: name),
            tracks: summary.tracks,
            title: URL(filePath: file).lastPathComponent,
            configuration: configuration
        )
        let result = try await upload.run {
            let part = try await source.next()
            await progress.show(sent: source.sentDuration)
            return part
        } observe: {
            progress.take($0)
        }
        progress.clear()
        let split = await source.splitFragments
        if split > 0 {
            report(
                "\(split) fragments begin without a key frame: the file has none for \(ServiceLimits.fragmentMilliseconds / 1000) s "
                    + "or \(ServiceLimits.fragmentBytes / 1_000_000) MB; seeking there needs the fragment before"
            )
        }
        try finish(result, dropped: await source.droppedFrames)
    }

    private func finish(_ result: StreamUpload.Report, dropped: Int) throws {
        if dropped > 0 { report("\(dropped) frames ahead of the first key frame were left out") }
        if json {
            try JSONLine.write([
                "fragmentsSent": result.sent, "fragmentsReceived": result.received,
                "fragmentsPersisted": result.persisted, "fragmentsResent": result.resent,
                "fragmentsDropped": result.droppedFragments, "framesDropped": dropped + result.droppedFrames,
            ])
        } else {
            print(
                "\(name): \(result.sent) fragments sent, \(result.received) received, \(result.persisted) persisted"
            )
        }
        if let error = result.error {
            let place = result.errorTimecode.map { " at \(Timestamp(milliseconds: $0).rfc3339)" } ?? ""
            throw CommandFailure(.failed, "the service refused a fragment\(place): \(error)")
        }
        guard result.received == result.sent else {
            throw CommandFailure(
                .failed,
                "\(result.sent - result.received) of \(result.sent) fragments were not acknowledged"
            )
        }
    }

    private func startTime(_ summary: FileSource.Summary) throws -> Timestamp {
        let now = systemClock()
        if let start { return try RangeOptions.moment(start, now: now) }
        if realtime { return now }
        if let created = summary.creationTime, created > 0 { return Timestamp(milliseconds: created) }
        let length = summary.duration.map {
            $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000
        }
        return now.advanced(byMilliseconds: -(length ?? 0))
    }

    /// Makes the stream where it does not exist.
    ///
    /// - Returns: its retention in hours.
    private func makeStream(_ client: ServiceClient, _ summary: FileSource.Summary) async throws -> Int {
        do {
            return try await client.activeStream(named: name).dataRetentionInHours
        } catch ClientError.service(let error) where error.status == 404 {
            let types = summary.tracks.compactMap { Self.mediaTypes[$0.codecID] }
            let input = CreateStream.Input(
                streamName: name,
                mediaType: types.count == summary.tracks.count ? types.joined(separator: ",") : nil,
                dataRetentionInHours: 24
            )
            _ = try await client.call(CreateStream.self, input)
            return try await client.activeStream(named: name).dataRetentionInHours
        }
    }

    private static let mediaTypes = [
        "V_MPEG4/ISO/AVC": "video/h264", "V_MPEGH/ISO/HEVC": "video/h265", "A_AAC": "audio/aac",
        "A_MS/ACM": "audio/x-g711", "A_PCM/INT/LIT": "audio/x-raw",
    ]
}
