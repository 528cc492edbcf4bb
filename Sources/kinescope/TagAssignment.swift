import ArgumentParser

/// A tag as it is typed: `site=yard`.
struct TagAssignment: ExpressibleByArgument {
    let key: String
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        (key, value) = (String(parts[0]), String(parts[1]))
    }

    /// The last value of each key counts.
    static func map(_ tags: [TagAssignment]) -> [String: String] {
        Dictionary(tags.map { ($0.key, $0.value) }) { $1 }
    }
}
