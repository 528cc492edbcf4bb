import KinesisVideo
import Matroska

/// What the service is asked to do with a fragment.
///
/// Source: 03 PutMedia, "Fragment metadata (tags)"; 08 Producer library, "Objects".
public enum FragmentEvent: Sendable, Hashable {
    /// Make stills of it; their names begin with the prefix, where there is one.
    case imageGeneration(prefix: String?)
    /// Tell whoever the stream's notification configuration names.
    case notification

    /// The tags that say so; they do not count towards the ten of a fragment.
    var tags: [Tag] {
        switch self {
        case .imageGeneration(let prefix):
            [Tag(ServiceTags.imageGeneration, "")]
                + (prefix.map { [Tag(ServiceTags.imagePrefix, $0)] } ?? [])
        case .notification: [Tag(ServiceTags.notification, "")]
        }
    }
}

/// The metadata of the fragment that is being made, and what stays for those that follow.
///
/// A value without I/O. Source: 08 Producer library, "Fragment metadata"; 09 Limits and quotas.
struct MetadataQueue: Sendable, Hashable {
    private var persistent: [Tag] = []
    private var once: [Tag] = []
    private var events: Set<FragmentEvent> = []

    /// Takes an item.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 bytes, not beginning with `AWS`.
    ///   - value: at most 256 bytes; empty takes a persistent item away.
    ///   - isPersistent: true where every fragment from now on has it.
    /// - Throws: `ProducerError.badMetadata` for what the service would refuse with error 4009.
    mutating func put(_ name: String, _ value: String, isPersistent: Bool) throws(ProducerError) {
        guard (1...ServiceLimits.metadataNameBytes).contains(name.utf8.count) else {
            throw .badMetadata(
                "a name of \(name.utf8.count) bytes, wanted 1 to \(ServiceLimits.metadataNameBytes)"
            )
        }
        guard !name.hasPrefix("AWS") else {
            throw .badMetadata("the name '\(name)' begins with AWS, which is the service's own")
        }
        guard value.utf8.count <= ServiceLimits.metadataValueBytes else {
            throw .badMetadata(
                "a value of \(value.utf8.count) bytes, wanted at most \(ServiceLimits.metadataValueBytes)"
            )
        }
        let place = persistent.firstIndex { $0.name == name }
        if isPersistent, value.isEmpty {
            if let place { persistent.remove(at: place) }
            return
        }
        if isPersistent, let place {
            persistent[place] = Tag(name, value)
            return
        }
        guard persistent.count + once.count < ServiceLimits.metadataItems else {
            throw .badMetadata(
                "the fragment has \(ServiceLimits.metadataItems) items already, as many as it may"
            )
        }
        if isPersistent { persistent.append(Tag(name, value)) } else { once.append(Tag(name, value)) }
    }

    /// Takes an event; the same one twice on a fragment is one.
    ///
    /// - Throws: `ProducerError.badMetadata` for a prefix of more than 256 bytes.
    mutating func put(_ event: FragmentEvent) throws(ProducerError) {
        if case .imageGeneration(let prefix?) = event, prefix.utf8.count > ServiceLimits.metadataValueBytes {
            throw .badMetadata(
                "an image prefix of \(prefix.utf8.count) bytes, wanted at most \(ServiceLimits.metadataValueBytes)"
            )
        }
        events.insert(event)
    }

    /// The items of a fragment that ends; those for once are gone with it.
    mutating func take() -> [Tag] {
        defer { (once, events) = ([], []) }
        return persistent + once + events.flatMap(\.tags).sorted { $0.name < $1.name }
    }
}
