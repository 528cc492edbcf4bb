/// What the console asks of the service to change.
package enum StreamChange: Sendable, Hashable, CustomStringConvertible {
    /// Makes a stream that keeps media for so many hours.
    case create(name: String, retentionHours: Int)
    /// Keeps media of a stream for so many hours.
    case setRetention(name: String, hours: Int)
    /// Sets a tag of a stream.
    case tag(name: String, key: String, value: String)
    /// Takes a tag of a stream away.
    case untag(name: String, key: String)
    /// Deletes a stream and all its media.
    case delete(name: String)

    /// What has happened once it is done, as a toast says it.
    package var description: String {
        switch self {
        case .create(let name, let hours): "created \(name) · keeps \(Self.words(hours))"
        case .setRetention(let name, let hours): "\(name) keeps \(Self.words(hours))"
        case .tag(let name, let key, let value): "\(name) has tag \(key)=\(value)"
        case .untag(let name, let key): "\(name) has no tag \(key) any more"
        case .delete(let name): "deleted \(name)"
        }
    }

    /// The stream whose tags it changes; nil where it changes none.
    var taggedStream: String? {
        switch self {
        case .tag(let name, _, _), .untag(let name, _): name
        case .create, .setRetention, .delete: nil
        }
    }

    /// Reads `KEY=VALUE`, which sets a tag, or `-KEY`, which takes it away; nil for anything else.
    static func tagChange(_ text: some StringProtocol, of name: String) -> StreamChange? {
        if text.hasPrefix("-") {
            return text.count > 1 ? .untag(name: name, key: String(text.dropFirst())) : nil
        }
        guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
        let value = String(text[text.index(after: sign)...])
        return .tag(name: name, key: String(text[..<sign]), value: value)
    }

    private static func words(_ hours: Int) -> String { hours == 0 ? "nothing" : "\(hours) h" }
}
