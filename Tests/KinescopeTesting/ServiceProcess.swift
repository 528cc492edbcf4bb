import Foundation

/// A `kinescope serve` of a test's own, on a free port and a temporary folder.
public actor ServiceProcess {
    /// What kept the service from starting.
    public struct StartFailure: Error, CustomStringConvertible {
        /// What it wrote on standard error.
        public var description: String
    }

    /// What the log did not come to say.
    public struct LogTimeout: Error, CustomStringConvertible {
        /// The text, and the log.
        public var description: String
    }

    /// Runs the client commands of the same build.
    public nonisolated let program: BuiltProgram
    /// Where the service is now; another port after each start, unless the same is asked for.
    public private(set) var url = ""

    private let folder: TemporaryFolder
    private let options: [String]
    private let environment: [String: String]
    private let fileSizeLimit: Int?
    private var running: RunningProgram?

    /// Runs `body` with a service, which is gone afterwards.
    ///
    /// - Parameters:
    ///   - options: more options of `serve`.
    ///   - environment: added to what the service sees, and the client commands.
    ///   - folder: what its data folder lies in; one of its own where nil.
    ///   - fileSizeLimit: bytes that no file of its may exceed.
    ///   - body: what is done with it.
    /// - Returns: what `body` returned.
    /// - Throws: StartFailure, and what `body` throws.
    public static func with<Result: Sendable>(
        _ options: String...,
        environment: [String: String] = [:],
        in folder: TemporaryFolder? = nil,
        fileSizeLimit: Int? = nil,
        body: @Sendable (ServiceProcess) async throws -> Result
    ) async throws -> Result {
        let service = try ServiceProcess(options, environment, folder, fileSizeLimit)
        try await service.start()
        do {
            let result = try await body(service)
            await service.kill()
            return result
        } catch {
            await service.kill()
            throw error
        }
    }

    private init(
        _ options: [String],
        _ environment: [String: String],
        _ folder: TemporaryFolder?,
        _ fileSizeLimit: Int?
    ) throws {
        self.environment = environment
        self.folder = try folder ?? TemporaryFolder()
        program = try BuiltProgram()
        self.options = options
        self.fileSizeLimit = fileSizeLimit
    }

    /// Starts the service on the same folder as before and waits until it listens.
    ///
    /// - Parameter isSamePort: true where clients that are under way have to find it again.
    /// - Throws: StartFailure.
    public func start(isSamePort: Bool = false) async throws {
        let port = isSamePort ? URL(string: url)?.port ?? 0 : 0
        let arguments = ["serve", "--port", "\(port)", "--data-dir", folder.path("data")] + options
        let running = try program.start(arguments, environment: environment, fileSizeLimit: fileSizeLimit)
        self.running = running
        var text = ""
        for await part in running.output {
            text += String(decoding: part, as: UTF8.self)
            guard let line = text.split(separator: "\n").first, text.contains("\n") else { continue }
            url = String(line.trimmingPrefix("listening on "))
            return
        }
        throw StartFailure(description: "serve ended with \(await running.exitStatus()): \(running.errors)")
    }

    /// The folder that it serves.
    public nonisolated var dataFolder: String { folder.path("data") }

    /// Runs a client command against the service.
    @discardableResult
    public func run(_ arguments: String..., input: [UInt8]? = nil) async throws -> BuiltProgram.Result {
        let arguments = arguments + ["--endpoint", url]
        return try await program.run(BuiltProgram.url, arguments, input: input, environment: environment)
    }

    /// Starts a client command against the service.
    public func start(_ arguments: String...) throws -> RunningProgram {
        try program.start(arguments + ["--endpoint", url], environment: environment)
    }

    /// Sends the service a signal.
    public func send(_ signal: Int32) {
        running?.send(signal)
    }

    /// Asks the service to end.
    ///
    /// - Returns: its exit status.
    public func terminate() async -> Int32? {
        running?.send(SIGTERM)
        return await running?.exitStatus()
    }

    /// Ends the service without notice, as a crash would.
    public func kill() async {
        running?.send(SIGKILL)
        await running?.exitStatus()
    }

    /// The service's log.
    public var log: String { running?.errors ?? "" }

    /// Waits until so many lines of the log hold a text.
    ///
    /// - Throws: LogTimeout after ten seconds.
    public func waitForLog(_ text: String, times: Int = 1) async throws {
        do {
            try await running?.waitForErrors { log in
                log.split(separator: "\n").count { $0.contains(text) } >= times
            }
        } catch is FileChange.Failure {
            throw LogTimeout(description: "no '\(text)' in the log: \(log)")
        }
    }
}
