import ArgumentParser

/// `kinescope man`: the manual page.
struct Man: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the manual page.",
        discussion: """
            kinescope man | man -l -          to read it
            kinescope man > kinescope.1       to install it below a folder of manpath
            """
    )

    func run() throws {
        print(try ManualPage(help: Kinescope._dumpHelp()).text)
    }
}
