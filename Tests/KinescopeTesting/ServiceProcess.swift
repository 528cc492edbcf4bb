import Foundation

/// A `kinescope serve` of a test's own, on a free port and a temporary folder.
public actor ServiceProcess {
    /// What kept the service from starting.
    public struct StartFailure: Error, CustomStringConvertible {
        /// What it wrote on standard error.
        public var description: String
    }

    /// Runs the client commands of the same build.
    public nonisolated let program: BuiltProgram
    /// Where the service is now; another port after each start, unless the same is asked for.
    public private(set) var url = ""

    private let folder: TemporaryFolder
    private let options: [String]
    private var running: RunningProgram?

    /// Runs `body` with a service, which is gone afterwards.
    public static func with<Result: Sendable>(
        _ options: String...,
        body: @Sendable (ServiceProcess) async throws -> Result
    ) async throws -> Result {
        let service = try ServiceProcess(options)
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

    private init(_ options: [String]) throws {
        folder = try TemporaryFolder()
        program = try BuiltProgram()
        self.options = options
    }

    /// Starts the service on the same folder as before and waits until it listens.
    ///
    /// - Parameter isSamePort: true where clients that are under way have to find it again.
    /// - Throws: StartFailure.
    public func start(isSamePort: Bool = false) async throws {
        let port = isSamePort ? URL(string: url)?.port ?? 0 : 0
        let arguments = ["serve", "--port", "\(port)", "--data-dir", folder.path("data")] + options
        let running = try program.start(arguments)
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

    /// Runs a client command against the service.
    @discardableResult
    public func run(_ arguments: String..., input: [UInt8]? = nil) async throws -> BuiltProgram.Result {
        try await program.run(BuiltProgram.url, arguments + ["--endpoint", url], input: input)
    }

    /// Starts a client command against the service.
    public func start(_ arguments: String...) throws -> RunningProgram {
        try program.start(arguments + ["--endpoint", url])
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
}
