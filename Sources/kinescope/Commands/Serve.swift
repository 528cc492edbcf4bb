import ArgumentParser
import Foundation
import FragmentStorage
import KinesisVideoServer
import Logging

/// `kinescope serve`: the service by itself, for other programs and machines.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the video stream service.",
        discussion: """
            Prints `listening on URL` and answers GET /health with 200 once requests are served. SIGTERM ends it in \
            order. One service at a time uses a data folder.
            """
    )

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 7070

    @Option(help: ArgumentHelp("Folder of the data; created where it is missing.", valueName: "dir"))
    var dataDir: String?

    @Option(
        help: ArgumentHelp(
            "URL that GetDataEndpoint gives, where clients reach the service by another.",
            valueName: "url"
        )
    )
    var publicURL: String?

    @Option(help: "Whether readers at the live edge get whole fragments or each frame: fragment or frame.")
    var liveDelivery: Delivery = .fragment

    @Option(
        help: ArgumentHelp(
            "Bytes that all archives may take; the oldest segments go first.",
            valueName: "bytes"
        )
    )
    var maxBytes: Int?

    @Option(
        help: ArgumentHelp(
            "Bytes that the archive of one stream may take; its oldest segments go first. May be repeated.",
            valueName: "name=bytes"
        )
    )
    var maxStreamBytes: [StreamLimit] = []

    @Option(
        help: ArgumentHelp(
            "Seconds of the newest media kept in memory beside the archive.",
            valueName: "seconds"
        )
    )
    var liveBuffer = 30

    enum Delivery: String, ExpressibleByArgument, CaseIterable {
        case fragment, frame
    }

    /// A stream's name and its limit, as `lobby=5000000000`.
    struct StreamLimit: ExpressibleByArgument {
        var stream: String
        var bytes: Int

        init?(argument: String) {
            // Names have no equals sign.
            let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let bytes = Int(parts[1]), bytes > 0 else {
                return nil
            }
            (stream, self.bytes) = (String(parts[0]), bytes)
        }
    }

    func validate() throws {
        if let maxBytes, maxBytes < 1 {
            throw ValidationError("--max-bytes is \(maxBytes), wanted 1 or more")
        }
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port), wanted 0 to 65535")
        }
        guard liveBuffer >= 1 else {
            throw ValidationError("--live-buffer is \(liveBuffer), wanted 1 or more")
        }
    }

    func run() async throws {
        let path = dataDir ?? DataFolder.standard
        guard let folder = try DataFolder.take(path) else {
            let holder = DataFolder.holder(of: path).map { " by \($0)" } ?? ""
            throw CommandFailure(.failed, "cannot serve \(path): in use\(holder) (try another --data-dir)")
        }
        var options = RunningService.Options()
        options.configuration.host = host
        options.configuration.port = port
        options.configuration.publicURL = publicURL
        options.configuration.region = Region.ofEnvironment
        options.configuration.liveDelivery = liveDelivery == .frame ? .frame : .fragment
        options.store.liveWindow = Int64(liveBuffer) * 1000
        options.store.archiveBytes = maxBytes
        options.store.streamBytes = Dictionary(maxStreamBytes.map { ($0.stream, $0.bytes) }) { $1 }
        options.logger = Logger(label: "kinescope", factory: { StreamLogHandler.standardError(label: $0) })
        _ = try await Interruption.watching([SIGTERM, SIGINT]) { [options] in
            try await RunningService.with(folder, options) { _, url in
                print("listening on \(url)")
                fflush(nil)
                await Interruption.cancellation()
            }
        }
    }
}

/// Region of ARNs that the service makes.
enum Region {
    static var ofEnvironment: String {
        let environment = ProcessInfo.processInfo.environment
        return environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "local-1"
    }
}
