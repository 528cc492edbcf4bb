import Foundation
import Glibc
import Synchronization

/// A program that a test has started and can signal.
public final class RunningProgram: Sendable {
    /// Where standard output goes.
    enum Output {
        case stream
        case file(String)
    }

    private enum State {
        case running(waiting: [CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    /// The process, and whoever waits for its end; outlives the reference that the test holds.
    private final class Child: Sendable {
        let id: pid_t
        let state = Mutex(State.running(waiting: []))

        init(id: pid_t) {
            self.id = id
        }

        /// Waits on a thread of its own; the number stays taken until the lock is held, so that no signal goes astray.
        func reap() {
            var information = siginfo_t()
            while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            let (status, waiting) = state.withLock { state -> (Int32, [CheckedContinuation<Int32, Never>]) in
                var word: Int32 = 0
                waitpid(id, &word, 0)
                let status = ProgramStart.exitStatus(word)
                guard case .running(let waiting) = state else { return (status, []) }
                state = .ended(status)
                return (status, waiting)
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }

        func send(_ signal: Int32) {
            state.withLock { state in
                if case .running = state { kill(id, signal) }
            }
        }
    }

    /// What it writes on standard output, as it comes; empty where that goes to a file.
    public let output: AsyncStream<[UInt8]>

    private let child: Child
    private let errorFile: String

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: what to start.
    ///   - arguments: the words behind its name.
    ///   - environment: all that it sees.
    ///   - input: a file for standard input; empty where nil.
    ///   - output: where standard output goes.
    ///   - errors: a file for standard error, made anew.
    /// - Throws: `ProgramStart.Failure` where it cannot be started.
    init(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String],
        input: String?,
        output: Output,
        errors: String
    ) throws {
        errorFile = errors
        let words = [executable.path] + arguments
        let input = input ?? "/dev/null"
        func spawn(_ output: ProgramStart.Target) throws -> Child {
            let start = ProgramStart(
                words,
                environment: environment,
                input: input,
                output: output,
                errors: .file(errors)
            )
            return Child(id: try start.spawn())
        }
        let pipe: Int32?
        switch output {
        case .file(let path): (child, pipe) = (try spawn(.file(path)), nil)
        case .stream:
            let ends = try ProgramStart.makePipe()
            defer { close(ends.writing) }
            do {
                (child, pipe) = (try spawn(.descriptor(ends.writing)), ends.reading)
            } catch {
                close(ends.reading)
                throw error
            }
        }
        let (parts, sink) = AsyncStream.makeStream(of: [UInt8].self)
        self.output = parts
        if let pipe {
            Thread.detachNewThread { Self.read(pipe, into: sink) }
        } else {
            sink.finish()
        }
        Thread.detachNewThread { [child] in child.reap() }
    }

    deinit {
        // A test that failed half way must not leave its program behind.
        child.send(SIGKILL)
    }

    /// What it has written on standard error so far.
    public var errors: String {
        (try? String(decoding: Data(contentsOf: URL(filePath: errorFile)), as: UTF8.self)) ?? ""
    }

    /// Waits until something is so of what it has written on standard error.
    ///
    /// - Throws: `FileChange.Failure` after ten seconds.
    public func waitForErrors(until isSo: (String) -> Bool) async throws {
        try await FileChange.wait(in: errorFile, atMost: .seconds(10)) { isSo(errors) }
    }

    /// Sends a signal, if it still runs.
    public func send(_ signal: Int32) {
        child.send(signal)
    }

    /// Waits for the end; a test that is cancelled takes the program with it.
    ///
    /// - Returns: the exit status; of a program that a signal ended, 128 and the signal's number.
    @discardableResult
    public func exitStatus() async -> Int32 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let status = child.state.withLock { state -> Int32? in
                    switch state {
                    case .ended(let status): return status
                    case .running(let waiting):
                        state = .running(waiting: waiting + [continuation])
                        return nil
                    }
                }
                if let status { continuation.resume(returning: status) }
            }
        } onCancel: {
            child.send(SIGKILL)
        }
    }
}

// MARK: - System calls

extension RunningProgram {
    private static func read(_ descriptor: Int32, into sink: AsyncStream<[UInt8]>.Continuation) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                sink.yield(Array(buffer[..<count]))
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        close(descriptor)
        sink.finish()
    }
}
