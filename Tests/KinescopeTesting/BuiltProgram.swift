public import Foundation

/// The `kinescope` of this build, run as its users run it, but with a home of its own.
///
/// Nothing of the user's is read or written: `HOME` and the XDG folders lie in a temporary folder, and settings of
/// the program and of AWS are taken out of the environment.
public struct BuiltProgram: Sendable {
    /// How a run ended.
    public struct Result: Sendable {
        /// Exit status; of a program that a signal ended, 128 and the signal's number.
        public var status: Int32
        /// What it wrote on standard output.
        public var output: [UInt8]
        /// What it wrote on standard error.
        public var errors: String

        /// The output as text.
        public var text: String { String(decoding: output, as: UTF8.self) }
        /// The output's lines.
        public var lines: [Substring] { text.split(separator: "\n") }
    }

    /// Where the program is: beside the tests, or where `KINESCOPE_BINARY` says.
    public static let url: URL = {
        if let named = ProcessInfo.processInfo.environment["KINESCOPE_BINARY"] { return URL(filePath: named) }
        let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products = (bundle ?? Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
            .deletingLastPathComponent()
        return products.appending(path: "kinescope")
    }()

    /// The home that the program sees.
    public let home: TemporaryFolder

    /// Prepares runs that share a home.
    public init(home: TemporaryFolder? = nil) throws {
        self.home = try home ?? TemporaryFolder()
    }

    /// Runs the program to its end, with `input` on its standard input and `environment` added to what it sees.
    @discardableResult
    public func run(
        _ arguments: String...,
        input: [UInt8]? = nil,
        environment: [String: String] = [:]
    ) async throws -> Result {
        try await run(Self.url, arguments, input: input, environment: environment)
    }

    /// Runs another program in the same surroundings.
    @discardableResult
    public func run(
        _ executable: URL,
        _ arguments: [String],
        input: [UInt8]? = nil,
        environment: [String: String] = [:]
    ) async throws -> Result {
        // Files instead of pipes: nothing can fill up, and no other child can hold them open.
        let name = UUID().uuidString
        let program = try RunningProgram(
            executable,
            arguments,
            environment: surroundings(environment),
            input: try input.map { try home.write($0, to: "\(name).in") },
            output: .file(home.path("\(name).out")),
            errors: home.path("\(name).err")
        )
        let status = await program.exitStatus()
        return Result(
            status: status,
            output: [UInt8](try Data(contentsOf: home.url.appending(path: "\(name).out"))),
            errors: program.errors
        )
    }

    /// Starts the program; its output comes while it runs.
    ///
    /// - Parameters:
    ///   - arguments: the words behind its name.
    ///   - environment: added to what it sees.
    ///   - fileSizeLimit: bytes that no file it writes may exceed.
    /// - Returns: the program.
    /// - Throws: what keeps it from starting.
    public func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        fileSizeLimit: Int? = nil
    ) throws -> RunningProgram {
        // The shell counts in blocks of 512 bytes.
        let limit = fileSizeLimit.map { ["-c", "ulimit -f \($0 / 512); exec \"$0\" \"$@\"", Self.url.path] }
        return try RunningProgram(
            limit == nil ? Self.url : URL(filePath: "/bin/sh"),
            (limit ?? []) + arguments,
            environment: surroundings(environment),
            input: nil,
            output: .stream,
            errors: home.path("\(UUID().uuidString).err")
        )
    }

    /// Starts another program in the same surroundings; its output comes while it runs.
    ///
    /// - Parameters:
    ///   - executable: the program.
    ///   - arguments: the words behind its name.
    /// - Returns: the program.
    /// - Throws: what keeps it from starting.
    public func launch(_ executable: URL, _ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(
            executable,
            arguments,
            environment: surroundings([:]),
            input: nil,
            output: .stream,
            errors: home.path("\(UUID().uuidString).err")
        )
    }

    private func surroundings(_ more: [String: String]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            !["KINESCOPE_", "AWS_", "XDG_", "COLORTERM", "NO_COLOR", "SWIFT_"].contains { name.hasPrefix($0) }
        }
        environment["HOME"] = home.path("home")
        for (name, folder) in [
            ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state"), ("XDG_CONFIG_HOME", "config"),
        ] {
            environment[name] = home.path(folder)
        }
        return environment.merging(more) { $1 }
    }
}
