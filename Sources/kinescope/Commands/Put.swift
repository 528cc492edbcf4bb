import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoProducer
import Matroska
import MediaCodec

/// `kinescope put`: uploads files and what cameras send.
struct Put: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Upload media to streams: files, servers, cameras.",
        discussion: """
            A source is a file, - for standard input, http://… or https://…, rtsp://…, a camera such as /dev/video0, or \
            testcard: (testcard:640x360@25). A stream is created with a retention of 24 hours where it does not exist. \
            Packets are copied: H.264, H.265, AAC, PCM and G.711 among others; pictures of any other codec are encoded as \
            H.264. Fragments begin at key frames. Files end the command when the service has made their last fragment \
            durable; cameras are opened again for ever. Cameras need libavdevice where they are V4L2 devices.

            With --spool what the service has not made durable is kept on disk, through outages, crashes and restarts: the \
            next put with the same folder sends it first to last, beside what is new.
            """
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Argument(help: "What to send: a file, - for standard input, a URL, a camera, testcard:")
    var source: String

    @Argument(help: ArgumentHelp("More streams, each with its source.", valueName: "name source"))
    var more: [String] = []

    @Flag(help: "Send a file at the speed of the media, its first frame now.")
    var realtime = false

    @Flag(help: "Begin again at the end of the file, until interrupted.")
    var loop = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Time of a file's first frame. Default: with --realtime now, else the file's creation time, else now less its length.",
            valueName: "time"
        )
    )
    var start: String?

    @Option(help: "How media of an RTSP server travels: tcp or udp.")
    var rtspTransport = Transport.tcp

    @Option(
        help: ArgumentHelp("Give a server or camera up that says nothing for so long.", valueName: "seconds")
    )
    var sourceTimeout = 10

    @Option(
        help: ArgumentHelp("Keep on disk what the service has not made durable yet.", valueName: "folder")
    )
    var spool: String?

    @Option(
        help: ArgumentHelp("Bytes that the spool of a stream may have; the oldest go.", valueName: "bytes")
    )
    var spoolBytes = 1 << 30

    @OptionGroup var zone: ZoneOptions
    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each stream with what was sent.")
    var json = false

    /// How media of an RTSP server travels.
    enum Transport: String, ExpressibleByArgument, CaseIterable {
        case tcp, udp
    }

    func validate() throws {
        guard more.count.isMultiple(of: 2) else {
            throw ValidationError("'\(more.last ?? "")' has no source: give a stream and its source in turn")
        }
        let names = uploads.map(\.name)
        guard Set(names).count == names.count else { throw ValidationError("a stream is named twice") }
        if loop, uploads.contains(where: { $0.source == "-" }) {
            throw ValidationError("--loop needs a file that can be read again")
        }
        guard sourceTimeout > 0 else { throw ValidationError("--source-timeout must be 1 or more") }
        guard spoolBytes >= 1 << 20 else { throw ValidationError("--spool-bytes must be 1048576 or more") }
    }

    /// Streams and their sources, as they stand on the command line.
    private var uploads: [(name: String, source: String)] {
        [(name, source)] + stride(from: 0, to: more.count - 1, by: 2).map { (more[$0], more[$0 + 1]) }
    }

    func run() async throws {
        let options = self
        _ =
            try await Interruption.watching([SIGINT, SIGTERM]) {
                try await options.connection.withClient { client in try await options.uploadAll(client) }
            } ?? { throw CommandFailure(.interrupted) }()
    }

    /// Sends all sources side by side; one that fails does not stop the others.
    private func uploadAll(_ client: ServiceClient) async throws {
        let uploads = uploads
        let failures = await withTaskGroup(of: CommandFailure?.self) { group in
            for (name, source) in uploads {
                group.addTask {
                    do {
                        try await upload(source, to: name, client)
                        return nil
                    } catch {
                        let failure = CommandFailure(error)
                        if uploads.count > 1, let message = failure.message { report("\(name): \(message)") }
                        return uploads.count > 1 ? CommandFailure(failure.status) : failure
                    }
                }
            }
            var failures: [CommandFailure] = []
            for await failure in group { if let failure { failures.append(failure) } }
            return failures
        }
        if let failure = failures.first { throw failure }
    }

    private func upload(_ source: String, to name: String, _ client: ServiceClient) async throws {
        let disk = try spool.map {
            try FragmentSpool(folder: URL(filePath: $0).appending(path: name).path, capacity: spoolBytes)
        }
        let timeout = Duration.seconds(sourceTimeout)
        let address = MediaAddress(source)
        let live: LiveUpload.Source
        if let card = try TestCardSource(source) {
            live = .testCard(card)
        } else if source != "-", address.isLive {
            live = .camera(address, rtspTransport == .tcp ? .tcp : .udp)
        } else {
            return try await uploadFile(source, to: name, client, disk)
        }
        let progress = UploadProgress(name: name, duration: nil)
        let upload = LiveUpload(name: name, source: live, timeout: timeout, spool: disk, progress: progress)
        do {
            let outcome = try await upload.run(client)
            progress.clear()
            try finish(name, outcome.report, dropped: outcome.leadingFrames, split: outcome.splitFragments)
        } catch let error as CodecError {
            throw Self.failure(error, source)
        }
    }

    private static func failure(_ error: CodecError, _ source: String) -> CommandFailure {
        let name = MediaAddress(source).name
        return CommandFailure(
            CommandFailure.Status(error.code),
            "cannot upload \(name): \(error) (try ffprobe \(name))"
        )
    }

    private func uploadFile(_ path: String, to name: String, _ client: ServiceClient, _ spool: FragmentSpool?)
        async throws
    {
        let source: FileSource
        do {
            source = try await FileSource(
                path: path,
                isRealtime: realtime,
                loops: loop,
                timeout: .seconds(sourceTimeout)
            )
        } catch let error as CodecError {
            throw Self.failure(error, path)
        }
        let summary = source.summary
        try UploadCheck.report(summary, of: path)
        await source.begin(at: try startTime(summary))
        var configuration = StreamUpload.Configuration()
        configuration.awaitsPersisted = try await makeStream(client, name, summary) > 0
        configuration.isRealtime = realtime
        let progress = UploadProgress(name: name, duration: loop ? nil : summary.duration)
        let upload = StreamUpload(
            client: client,
            stream: StreamReference(name: name),
            tracks: summary.tracks,
            title: URL(filePath: path).lastPathComponent,
            spool: spool,
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
        try finish(name, result, dropped: await source.droppedFrames, split: split)
    }

    private func finish(_ name: String, _ result: StreamUpload.Report, dropped: Int, split: Int) throws {
        if split > 0 {
            report(
                "\(split) fragments begin without a key frame: the source has none for \(ServiceLimits.fragmentMilliseconds / 1000) s "
                    + "or \(ServiceLimits.fragmentBytes / 1_000_000) MB; seeking there needs the fragment before"
            )
        }
        if dropped > 0 { report("\(dropped) frames ahead of the first key frame were left out") }
        if json {
            try JSONLine.write(Line(stream: name, result, leadingFrames: dropped))
        } else {
            print(
                "\(name): \(result.sent) fragments sent, \(result.received) received, \(result.persisted) persisted"
            )
        }
        if let error = result.error {
            let time = result.errorTimecode.map { Timestamp(milliseconds: $0) }
            let place = time.map { " at \(zone.zone.text($0))" } ?? ""
            throw CommandFailure(.failed, "the service refused a fragment\(place): \(error)")
        }
        guard result.received == result.sent else {
            throw CommandFailure(
                .failed,
                "\(result.sent - result.received) of \(result.sent) fragments were not acknowledged"
            )
        }
    }

    /// What `--json` prints.
    private struct Line: Encodable {
        let stream: String
        let fragmentsSent, fragmentsReceived, fragmentsPersisted, fragmentsResent: Int
        let fragmentsDropped, framesDropped: Int

        init(stream: String, _ report: StreamUpload.Report, leadingFrames: Int) {
            self.stream = stream
            (fragmentsSent, fragmentsReceived) = (report.sent, report.received)
            (fragmentsPersisted, fragmentsResent) = (report.persisted, report.resent)
            (fragmentsDropped, framesDropped) = (
                report.droppedFragments, leadingFrames + report.droppedFrames
            )
        }
    }

    private func startTime(_ summary: PacketPump.Summary) throws -> Timestamp {
        let now = systemClock()
        if let start { return try TimeArgument.moment(start, now: now, zone: zone.zone) }
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
    private func makeStream(_ client: ServiceClient, _ name: String, _ summary: PacketPump.Summary)
        async throws -> Int
    {
        do {
            return try await client.activeStream(named: name).dataRetentionInHours
        } catch ClientError.service(let error) where error.status == 404 {
            let input = CreateStream.Input(
                streamName: name,
                mediaType: summary.tracks.mediaType,
                dataRetentionInHours: 24
            )
            _ = try await client.call(CreateStream.self, input)
            return try await client.activeStream(named: name).dataRetentionInHours
        }
    }
}
