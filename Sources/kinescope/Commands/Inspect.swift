import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import Matroska
import Monitor

/// `kinescope inspect`: what a file or a recorded answer holds, chunk by chunk.
struct Inspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look into a Matroska file: fragments, tracks, tags and frames.",
        discussion: """
            On a terminal this opens the inspector on the file. Elsewhere, and with --text or --json, it prints the
            chunks: text for people, or one JSON object a chunk and line. A chunk that is damaged comes with its
            whole frames and "complete": false; what is wrong goes to stderr with its byte offset, and the exit
            status is 7.
            """
    )

    @Argument(help: "A file, or - for standard input.")
    var file: String

    @Flag(help: "Print one JSON object for each chunk.")
    var json = false

    @Flag(help: "Print text for people, also on a terminal.")
    var text = false

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if json, text { throw ValidationError("--json and --text exclude each other") }
    }

    func run() async throws {
        let isOnTerminal = isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1
        guard isOnTerminal, !json, !text, file != "-" else { return try printChunks() }
        // What cannot be read is told before the screens open.
        try open().close()
        try await show()
    }

    /// The inspector on the file; no service is asked for anything.
    private func show() async throws {
        let settings = try screen.settings()
        let (commands, file) = (screen.commands ?? "", file)
        let endpoint = Endpoint(url: "http://127.0.0.1:7070")
        let next = try await ServiceClient.with(endpoint: endpoint) { client in
            try await Console(
                client: client,
                clock: systemClock,
                settings: settings,
                commands: commands,
                file: file
            ).run()
        }
        guard let next else { return }
        let connection = try ConnectionOptions.parse([])
        try await ConsoleJourney(connection: connection, settings: settings).run(from: next)
    }

    private func printChunks() throws {
        let input = try open()
        var inspection = ChunkInspection()
        var reader = ChunkReader(verifiesChecksums: true)
        while let data = try input.read(upToCount: 1 << 16), !data.isEmpty {
            for event in reader.read([UInt8](data).span) { try take(inspection.take(event)) }
        }
        for event in reader.finish() { try take(inspection.take(event)) }
        if inspection.isDamaged { throw CommandFailure(.corrupt) }
    }

    private func open() throws -> FileHandle {
        if file == "-" { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(errno == ENOENT ? .notFound : .failed, "cannot read \(file): \(reason)")
        }
        return handle
    }

    private func take(_ output: ChunkInspection.Output?) throws {
        switch output {
        case .report(let chunk): try json ? JSONLine.write(chunk) : print(chunk.text)
        case .problem(let line): report("inspect \(file): \(line)")
        case nil: break
        }
    }
}
