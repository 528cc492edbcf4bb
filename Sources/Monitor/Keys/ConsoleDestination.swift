/// Where the screens go on when they leave the service that they show.
package enum ConsoleDestination: Sendable, Hashable {
    /// Another service: `local`, `aws`, a URL, or a name under `[endpoints]` of the settings.
    case endpoint(String)
    /// The sample cameras.
    case demo
}
