import Foundation
import Synchronization

/// A program that a test has started and can signal.
public final class RunningProgram: Sendable {
    /// What it writes on standard output, as it comes; empty where that goes to a file.
    public let output: AsyncStream<[UInt8]>

    private let process: Process
    private let errorFile: String
    private let ends: AsyncStream<Int32>
    private let status = Mutex<Int32?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: what to start.
    ///   - arguments: the words behind its name.
    ///   - environment: all that it sees.
    ///   - input: a file for standard input; empty where nil.
    ///   - output: where standard output goes; nil for `output`.
    ///   - errors: a file for standard error, made anew.
    /// - Throws: what the system says of the program or of the files.
    init(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String],
        input: String?,
        output: FileHandle?,
        errors: String
    ) throws {
        process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        errorFile = errors
        try Data().write(to: URL(filePath: errors))
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        let (parts, partSink) = AsyncStream.makeStream(of: [UInt8].self)
        self.output = parts
        if let output {
            process.standardOutput = output
            partSink.finish()
        } else {
            let pipe = Pipe()
            process.standardOutput = pipe
            pipe.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty {
                    handle.readabilityHandler = nil
                    partSink.finish()
                } else {
                    partSink.yield([UInt8](data))
                }
            }
        }
        let (ends, endSink) = AsyncStream.makeStream(of: Int32.self)
        self.ends = ends
        process.terminationHandler = { process in
            let status = process.terminationStatus
            endSink.yield(process.terminationReason == .uncaughtSignal ? 128 + status : status)
            endSink.finish()
        }
        try process.run()
    }

    deinit {
        // A test that failed half way must not leave its program behind.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// What it has written on standard error so far.
    public var errors: String {
        (try? String(decoding: Data(contentsOf: URL(filePath: errorFile)), as: UTF8.self)) ?? ""
    }

    /// Sends a signal.
    public func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end; a test that is cancelled takes the program with it.
    ///
    /// - Returns: the exit status; of a program that a signal ended, 128 and the signal's number.
    @discardableResult
    public func exitStatus() async -> Int32 {
        if let status = status.withLock({ $0 }) { return status }
        let ended = await withTaskCancellationHandler {
            await ends.first { _ in true }
        } onCancel: {
            send(SIGKILL)
        }
        return status.withLock { status in
            status = status ?? ended ?? 128 + SIGKILL
            return status ?? 0
        }
    }
}
