import KinesisVideo

/// The streams of a store by name and by ARN.
struct StreamCatalog {
    private var sorted: [StoredStream] = []
    private var byARN: [String: StoredStream] = [:]

    /// All streams, by name.
    var streams: [StoredStream] { sorted }

    mutating func insert(_ stream: StoredStream) {
        sorted.insert(stream, at: position(of: stream.name))
        byARN[stream.arn] = stream
    }

    mutating func remove(_ stream: StoredStream) {
        sorted.removeAll { $0 === stream }
        if byARN[stream.arn] === stream { byARN[stream.arn] = nil }
    }

    func stream(named name: String) -> StoredStream? {
        let index = position(of: name)
        return index < sorted.count && sorted[index].name == name ? sorted[index] : nil
    }

    func stream(arn: String) -> StoredStream? { byARN[arn] }

    /// The first streams whose names begin with `prefix` and come behind `name`.
    func streams(after name: String?, prefix: String, limit: Int) -> [StoredStream] {
        var index = position(of: max(name ?? "", prefix))
        if let name, index < sorted.count, sorted[index].name == name { index += 1 }
        return Array(sorted[index...].prefix { $0.name.hasPrefix(prefix) }.prefix(limit))
    }

    private func position(of name: String) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
