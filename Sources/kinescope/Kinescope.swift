import ArgumentParser
import Foundation

/// The program: a tree of subcommands.
@main
struct Kinescope: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinescope",
        abstract: "Watch, scrub and inspect video streams in a terminal.",
        subcommands: [Streams.self, Fragments.self, Put.self, Get.self, Inspect.self, Serve.self]
    )

    /// Runs the command line and ends with the exit status that the manual promises.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// Prints what went wrong, or the help that was asked for, and ends the process.
    private static func leave(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            if let message = failure.message { report(message) }
            Foundation.exit(failure.status.rawValue)
        }
        // The parser's own status for wrong usage is 64; the manual says 2, as most programs do.
        let status = exitCode(for: error)
        guard status == .validationFailure || status == .success else {
            report(String(describing: error))
            Foundation.exit(CommandFailure.Status.failed.rawValue)
        }
        let message = fullMessage(for: error)
        if status == .success {
            print(message)
            Foundation.exit(0)
        }
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(CommandFailure.Status.usage.rawValue)
    }
}

/// Writes one line on stderr, control characters made visible.
func report(_ message: String) {
    FileHandle.standardError.write(Data("kinescope: \(PrintableText.visible(message))\n".utf8))
}
