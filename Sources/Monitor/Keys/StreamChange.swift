/// What the console asks of the service to change.
package enum StreamChange: Sendable, Hashable, CustomStringConvertible {
    /// Makes a stream that keeps media for so many hours.
    case create(name: String, retentionHours: Int)
    /// Keeps media of a stream for so many hours.
    case setRetention(name: String, hours: Int)
    /// Deletes a stream and all its media.
    case delete(name: String)

    /// What has happened once it is done, as a toast says it.
    package var description: String {
        switch self {
        case .create(let name, let hours): "created \(name) · keeps \(Self.words(hours))"
        case .setRetention(let name, let hours): "\(name) keeps \(Self.words(hours))"
        case .delete(let name): "deleted \(name)"
        }
    }

    private static func words(_ hours: Int) -> String { hours == 0 ? "nothing" : "\(hours) h" }
}
