import Foundation
import KinescopeTesting

/// A program that ends within milliseconds, run to its end on the calling thread.
enum ShortCommand {
    /// What a program answered.
    struct Answer: Sendable {
        /// Exit status; of a program that a signal ended, 128 and the signal's number.
        var status: Int32
        /// What it wrote on standard output and standard error.
        var text: String
    }

    /// Runs a program found by `PATH`.
    ///
    /// - Parameters:
    ///   - arguments: its name and its arguments.
    ///   - environment: all that it sees.
    /// - Returns: what it answered.
    /// - Throws: `ProgramStart.Failure` where it cannot be started.
    static func run(_ arguments: [String], environment: [String: String]) throws -> Answer {
        let ends = try ProgramStart.makePipe()
        defer { close(ends.reading) }
        let child: pid_t
        do {
            defer { close(ends.writing) }
            let output = ProgramStart.Target.descriptor(ends.writing)
            child = try ProgramStart(arguments, environment: environment, output: output, errors: output)
                .spawn()
        }
        let text = readAll(ends.reading)
        var word: Int32 = 0
        while waitpid(child, &word, 0) < 0, errno == EINTR {}
        return Answer(status: ProgramStart.exitStatus(word), text: text)
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &part, part.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }
}
