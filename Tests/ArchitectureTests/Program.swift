import Foundation

/// Runs other programs to their end.
enum Program {
    /// A program ended with another status than 0.
    struct Failure: Error, CustomStringConvertible {
        var command: String
        var status: Int32

        var description: String { "\(command): exit status \(status)" }
    }

    /// What a program, given by its path or a name in `PATH`, writes on stdout.
    static func run(_ name: String, _ arguments: [String], in folder: URL? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                command: ([name] + arguments).joined(separator: " "),
                status: process.terminationStatus
            )
        }
        return String(decoding: data, as: UTF8.self)
    }
}
