import Foundation
import Glibc
import Synchronization

/// A program that a test has started and can signal.
///
/// Spawned by hand: Foundation's `Process` damages the heap when several tests start and end programs at once.
public final class RunningProgram: Sendable {
    /// Where standard output goes.
    enum Output {
        case stream
        case file(String)
    }

    /// What the system refused.
    struct Failure: Error, CustomStringConvertible {
        var description: String
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
                let signal = word & 0x7F
                let status = signal == 0 ? (word >> 8) & 0xFF : 128 + signal
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
    /// - Throws: Failure where it cannot be started.
    init(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String],
        input: String?,
        output: Output,
        errors: String
    ) throws {
        errorFile = errors
        let pipe: Int32?
        (child, pipe) = try Self.spawning.withLock { _ in
            try Self.spawn(
                executable.path,
                arguments,
                environment,
                input: input,
                output: output,
                errors: errors
            )
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
    /// One start at a time: a pipe that is not yet closed on exec must not get into another test's program.
    private static let spawning = Mutex(())

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String],
        input: String?,
        output: Output,
        errors: String
    ) throws -> (Child, pipe: Int32?) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let create = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, errors, create, 0o600)
        var ends: [Int32] = [-1, -1]
        switch output {
        case .file(let path): posix_spawn_file_actions_addopen(&actions, 1, path, create, 0o600)
        case .stream:
            guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        }
        defer { close(ends[1]) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that this process ignores or blocks are the program's again.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var id: pid_t = 0
        let result = posix_spawn(&id, path, &actions, &attributes, &words, &settings)
        guard result == 0 else {
            close(ends[0])
            throw Failure(description: "cannot start \(path): \(String(cString: strerror(result)))")
        }
        return (Child(id: id), ends[0] < 0 ? nil : ends[0])
    }

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
