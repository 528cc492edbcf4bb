import ArgumentParser
import KinesisVideo
import KinesisVideoClient
import Monitor

/// The screens on one service after the other, for as long as `:endpoint` and `:demo` lead on.
struct ConsoleJourney: Sendable {
    /// How services are connected to.
    let connection: ConnectionOptions
    /// What the user has set.
    let settings: Settings

    /// Shows the streams of a service, and whatever follows.
    ///
    /// A service that cannot be gone to leads back to the one before, which tells why.
    ///
    /// - Parameters:
    ///   - destination: Where to begin; nil for the service that the options name.
    ///   - commands: Commands of the palette to run at once.
    /// - Throws: What the first service throws; of a later one only what is no reason to go back.
    func run(from destination: ConsoleDestination? = nil, commands: String = "") async throws {
        var place = destination
        // Where to go back to: nothing before the first service was shown.
        var before: ConsoleDestination??
        var commands = commands
        var failure: String?
        while true {
            do {
                let next = try await show(place, commands: commands, failure: failure)
                guard let next else { return }
                (before, place, commands, failure) = (.some(place), next, "", nil)
            } catch let error as CommandFailure {
                guard let last = before else { throw error }
                (place, before, failure) = (last, nil, error.message ?? "\(error)")
            }
        }
    }

    private func show(_ place: ConsoleDestination?, commands: String, failure: String?) async throws
        -> ConsoleDestination?
    {
        var options = connection
        switch place {
        case .demo?: return try await Demo.parse([]).show(settings, commands: commands, failure: failure)
        case .endpoint(let name)?: options.endpoint = name
        case nil: break
        }
        let settings = settings
        return try await options.withClient { client in
            let console = Console(
                client: client,
                clock: systemClock,
                settings: settings,
                commands: commands,
                failure: failure
            )
            return try await console.run()
        }
    }
}
