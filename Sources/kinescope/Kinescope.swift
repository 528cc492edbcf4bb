import ArgumentParser
import Foundation

/// The program: a tree of subcommands.
@main
struct Kinescope: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinescope",
        abstract: "Watch, scrub and inspect video streams in a terminal.",
        version: "0.1.0",
        subcommands: [
            Monitoring.self, Watch.self, Streams.self, Create.self, Retention.self, Tagging.self, Delete.self,
            Fragments.self, Put.self, Get.self, Clip.self, Batch.self, Inspect.self, Render.self, Serve.self,
            Check.self, Demo.self, Doctor.self, Keys.self, ThemeList.self, Config.self, Completions.self,
            Man.self,
        ],
        defaultSubcommand: Monitoring.self
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
        // The parser's own status for wrong usage is 64; the manual says 2, as most programs do.
        switch exitCode(for: error) {
        case .success:
            print(fullMessage(for: error))
            Foundation.exit(0)
        case .validationFailure:
            report(usageFailure(error))
            Foundation.exit(CommandFailure.Status.usage.rawValue)
        default:
            let failure = CommandFailure(error)
            if let message = failure.message { report(message) }
            Foundation.exit(failure.status.rawValue)
        }
    }

    /// One line on wrong usage: what the parser says of it, and where the help is.
    private static func usageFailure(_ error: any Error) -> String {
        var words = message(for: error).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if words.last == "." { words.removeLast() }
        if let first = words.first, words.dropFirst().first?.isLowercase == true {
            words = first.lowercased() + words.dropFirst()
        }
        // Only the whole message names the subcommand.
        let named = fullMessage(for: error).firstMatch(of: #/See 'kinescope ([a-z ]+) -/#)
        let command = named.map { " \($0.output.1)" } ?? ""
        return "\(words) (try kinescope help\(command))"
    }
}

/// Writes one line on stderr, control characters made visible.
func report(_ message: String) {
    FileHandle.standardError.write(Data("kinescope: \(PrintableText.visible(message))\n".utf8))
}
