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
            order, SIGHUP reads the TLS files and --credentials again. One service at a time uses a data folder.

            With --auth sigv4 every other request has to be signed, with the key in AWS_ACCESS_KEY_ID, \
            AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or with one of the keys of --credentials. That file has \
            the form of the shared AWS credentials file, with aws_access_key_id, aws_secret_access_key and \
            optionally aws_session_token, expiration (RFC 3339), read_only (true or false) and streams (what \
            names of streams must begin with, apart by commas) in each section.
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

    @Option(
        help: """
            Quotas beyond those that always hold: none, or aws for the call rates, connections and numbers of streams \
            of the real service.
            """
    )
    var limits: Limits = .none

    @Option(
        help: ArgumentHelp(
            "Seconds that a stream stays CREATING, UPDATING or DELETING.",
            valueName: "seconds"
        )
    )
    var transitionDelay = 0.0

    @Option(
        help: ArgumentHelp(
            "What goes wrong on purpose, for tests of clients: one JSON object a line, as the page Faults of the documentation has it.",
            valueName: "file"
        )
    )
    var faults: String?

    @OptionGroup(title: "Access")
    var security: SecurityOptions

    enum Delivery: String, ExpressibleByArgument, CaseIterable {
        case fragment, frame
    }

    enum Limits: String, ExpressibleByArgument, CaseIterable {
        case none, aws
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
        guard (0...3600).contains(transitionDelay) else {
            throw ValidationError("--transition-delay is \(transitionDelay), wanted 0 to 3600")
        }
        try security.validate(host: host)
    }

    func run() async throws {
        let logger = Logger(label: "kinescope", factory: { _ in FileLogHandler.standardError() })
        let access = try security.access()
        let tls = try security.identity()
        let injection = try faults.map(Self.injection)
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
        options.configuration.limits = limits == .aws ? .aws : .none
        options.configuration.transitionDelay = .seconds(transitionDelay)
        options.store.liveWindow = Int64(liveBuffer) * 1000
        options.store.archiveBytes = maxBytes
        options.store.streamBytes = Dictionary(maxStreamBytes.map { ($0.stream, $0.bytes) }) { $1 }
        options.configuration.faults = injection
        options.configuration.access = access
        options.configuration.tls = tls
        options.configuration.metricsAddress = security.metricsAddress
        options.logger = logger
        DescriptorLimit.raise()
        let files = ReloadedFiles(identity: tls, keys: security.keys(of: access), logger: logger)
        if files.isEmpty { return try await Self.serve(folder, options) }
        try await Interruption.handling(SIGHUP, { files.read() }) {
            try await Self.serve(folder, options)
        }
    }

    private static func injection(_ path: String) throws -> FaultInjection {
        // A pipe will do as well.
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.notFound, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        do {
            let data = try file.readToEnd() ?? Data()
            return FaultInjection(try FaultFile.rules(String(decoding: data, as: UTF8.self), path: path))
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    private static func serve(_ folder: DataFolder, _ options: RunningService.Options) async throws {
        _ = try await Interruption.watching([SIGTERM, SIGINT]) {
            try await RunningService.with(folder, options) { _, url in
                print("listening on \(url)")
                fflush(nil)
                await Interruption.cancellation()
            }
        }
    }
}
