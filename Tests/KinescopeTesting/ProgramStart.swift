import Foundation
public import Glibc
import Synchronization

/// A program about to be started with nothing of this process but what is named here.
///
/// Foundation's `Process` tells an end by a socket that every later child inherits: the end of one program would be
/// heard only when all the others, a tmux server among them, have ended too.
public struct ProgramStart: Sendable {
    /// Where what it writes goes.
    public enum Target: Sendable {
        /// A file, made anew.
        case file(String)
        /// An open descriptor of this process.
        case descriptor(Int32)
    }

    /// What the system refused.
    public struct Failure: Error, CustomStringConvertible {
        /// What could not be done, and why.
        public var description: String
    }

    /// The ends of a pipe.
    public struct Pipe: Sendable {
        /// What is read from.
        public var reading: Int32
        /// What the program writes to.
        public var writing: Int32
    }

    /// A pipe whose ends are not yet closed on exec must not get into another program.
    private static let starting = Mutex(())

    private let words: [String]
    private let environment: [String: String]
    private let input: String
    private let output: Target
    private let errors: Target

    /// Prepares a start.
    ///
    /// - Parameters:
    ///   - words: the program, by path or as `PATH` finds it, and its arguments.
    ///   - environment: all that it sees.
    ///   - input: the file of its standard input.
    ///   - output: where its standard output goes.
    ///   - errors: where its standard error goes.
    public init(
        _ words: [String],
        environment: [String: String],
        input: String = "/dev/null",
        output: Target,
        errors: Target
    ) {
        self.words = words
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
    }

    /// A pipe that no program inherits.
    ///
    /// - Returns: both ends, which are the caller's to close.
    /// - Throws: Failure.
    public static func makePipe() throws -> Pipe {
        try starting.withLock { _ in
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return Pipe(reading: ends[0], writing: ends[1])
        }
    }

    /// Starts the program.
    ///
    /// - Returns: its number; whoever starts it waits for its end.
    /// - Throws: Failure.
    public func spawn() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for (target, place) in [(output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            switch target {
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, place, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, place)
            }
        }
        // Some may be closed by the time the program does it, which is no error.
        for descriptor in try FileManager.default.contentsOfDirectory(atPath: "/dev/fd").compactMap(
            Int32.init
        )
        where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that this process ignores, or that the threads of tasks block, are the program's again.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var arguments = words.map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var id: pid_t = 0
        let result = Self.starting.withLock { _ in
            posix_spawnp(&id, words[0], &actions, &attributes, &arguments, &settings)
        }
        guard result == 0 else {
            throw Failure(description: "cannot start \(words[0]): \(String(cString: strerror(result)))")
        }
        return id
    }

    /// The exit status that a shell would tell of a process that has ended.
    ///
    /// - Parameter word: what `waitpid` gave.
    /// - Returns: the exit status; of a program that a signal ended, 128 and the signal's number.
    public static func exitStatus(_ word: Int32) -> Int32 {
        let signal = word & 0x7F
        return signal == 0 ? (word >> 8) & 0xFF : 128 + signal
    }
}
