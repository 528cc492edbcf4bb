public import KinesisVideo

/// A part of a batch: fragments of one stream that one worker reads, wherever it runs.
///
/// The members are what any engine needs to fetch it again: splits are written as JSON, one a line.
///
/// Source: 05 Archived media.
public struct FragmentSplit: Codable, Sendable, Hashable {
    /// Its place in the plan, from 0.
    public var split: Int
    /// Name of the stream.
    public var stream: String
    /// URL of the service.
    public var endpoint: String
    /// Region that calls are signed for.
    public var region: String
    /// Numbers of the fragments, ascending.
    public var fragments: [String]
    /// Sum of their sizes as they are listed.
    public var bytes: Int
    /// Start of the first in time, RFC 3339, on the producer's clock.
    public var start: String
    /// Start of the last in time, likewise.
    public var end: String
    /// When the service began to receive the first of them, RFC 3339.
    public var serverStart: String?

    /// The numbers as values; what is none is left out.
    public var numbers: [FragmentNumber] { fragments.compactMap { FragmentNumber($0) } }
}

/// A listing, divided for workers.
public struct BatchPlan: Sendable, Hashable {
    /// The splits in the order of their fragments.
    public let splits: [[FragmentInfo]]

    /// Divides fragments into runs of about the same number of bytes.
    ///
    /// No split is larger than its fair share by more than one fragment, and none is empty.
    ///
    /// - Parameters:
    ///   - fragments: in ascending order of their numbers.
    ///   - count: splits wanted, at least 1; fewer come where there are fewer fragments.
    public init(_ fragments: [FragmentInfo], count: Int) {
        let total = fragments.reduce(0) { $0 + max($1.size, 1) }
        let count = max(1, min(count, fragments.count))
        var splits: [[FragmentInfo]] = []
        var before = 0
        for (index, fragment) in fragments.enumerated() {
            // The boundary at which this fragment begins decides; a fragment for each split has to be left.
            let share = min(before * count / max(total, 1), count - 1)
            let isDue = splits.count <= share || fragments.count - index <= count - splits.count
            if splits.isEmpty || (isDue && splits.count < count) { splits.append([]) }
            splits[splits.count - 1].append(fragment)
            before += max(fragment.size, 1)
        }
        self.splits = splits
    }

    /// The splits as they are written.
    ///
    /// - Parameters:
    ///   - stream: name of the stream.
    ///   - endpoint: URL of the service.
    ///   - region: region of the service.
    /// - Returns: one for each split, in order.
    public func written(stream: String, endpoint: String, region: String) -> [FragmentSplit] {
        splits.enumerated().map { index, fragments in
            let times = fragments.map(\.producerTimestamp)
            let none = Timestamp(milliseconds: 0)
            return FragmentSplit(
                split: index,
                stream: stream,
                endpoint: endpoint,
                region: region,
                fragments: fragments.map(\.number.padded),
                bytes: fragments.reduce(0) { $0 + $1.size },
                start: (times.min() ?? none).rfc3339,
                end: (times.max() ?? none).rfc3339,
                serverStart: fragments.map(\.serverTimestamp).min()?.rfc3339
            )
        }
    }
}
