import ArgumentParser

/// `kinescope completions`: what a shell needs to complete the command line.
struct Completions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a completion script for a shell.",
        discussion: """
            bash: kinescope completions bash > ~/.local/share/bash-completion/completions/kinescope
            zsh:  kinescope completions zsh > a folder of $fpath, as _kinescope
            fish: kinescope completions fish > ~/.config/fish/completions/kinescope.fish
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() {
        let script =
            switch shell {
            case .bash: Kinescope.completionScript(for: .bash)
            case .zsh: Kinescope.completionScript(for: .zsh)
            case .fish: Kinescope.completionScript(for: .fish)
            }
        print(script)
    }
}
