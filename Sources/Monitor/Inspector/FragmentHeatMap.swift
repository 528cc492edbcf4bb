package import KinesisVideo

/// Gaps, latencies and acknowledgements of many fragments over time: a column a stretch of time.
///
/// ```
/// gaps        ▒                 how much of the column has no media
/// ≥5 s
/// ≥1 s      ░                   latency: fragments in that class
/// ≥0.2 s  ███░██
/// <0.2 s     █
/// ```
package struct FragmentHeatMap: Sendable, Hashable {
    /// A stretch of time.
    package struct Column: Sendable, Hashable {
        /// Part of it without media, 0 to 1; nil where nothing is listed that tells.
        package var gap: Double?
        /// Fragments of each class of latency, the quickest first.
        package var latencies: [Int]
        /// Fragments of each class of time to PERSISTED, the quickest first.
        package var acknowledgements: [Int]
        /// Fragments whose producer's clock is beyond all reason.
        package var skewed = 0
        /// Fragments that were refused.
        package var refused = 0
    }

    /// Bounds between the classes, in milliseconds, for so many classes.
    package static func bounds(classes: Int) -> [Int64] {
        switch classes {
        case ..<2: []
        case 2: [1000]
        case 3: [200, 1000]
        case 4: [200, 1000, 5000]
        case 5: [100, 200, 1000, 5000]
        case 6: [100, 200, 500, 1000, 5000]
        default: [100, 200, 500, 1000, 2000, 5000]
        }
    }

    /// First moment, on the producer's clock.
    package let start: Timestamp
    /// The moment behind the last.
    package let end: Timestamp
    /// The columns, from left to right.
    package private(set) var columns: [Column]
    private let latencyBounds: [Int64]
    private let acknowledgementBounds: [Int64]

    /// Sorts fragments into columns; nil where no fragment tells a time.
    package init?(
        _ lines: [InspectorLine],
        _ record: AcknowledgementRecord?,
        columns count: Int,
        latencyClasses: Int,
        acknowledgementClasses: Int
    ) {
        let fragments = lines.compactMap(\.fragment).compactMap { fragment in
            fragment.metadata.map { (metadata: $0, duration: max(1, fragment.duration ?? 1)) }
        }
        let starts = fragments.map(\.metadata.producerTimestamp.milliseconds)
        let ends = zip(starts, fragments).map { $0 + $1.duration }
        guard count > 0, let first = starts.min(), let last = ends.max(), last > first else { return nil }
        (start, end) = (Timestamp(milliseconds: first), Timestamp(milliseconds: last))
        latencyBounds = Self.bounds(classes: latencyClasses)
        acknowledgementBounds = Self.bounds(classes: acknowledgementClasses)
        let empty = Column(
            gap: nil,
            latencies: [Int](repeating: 0, count: latencyBounds.count + 1),
            acknowledgements: [Int](repeating: 0, count: acknowledgementBounds.count + 1)
        )
        columns = [Column](repeating: empty, count: count)
        addCoverage(zip(starts, ends).map { $0..<$1 })
        for fragment in fragments { add(fragment.metadata, record?.latest(of: fragment.metadata.number)) }
    }

    /// The column of a moment; nil outside.
    package func column(of time: Timestamp) -> Int? {
        guard time >= start, time < end else { return nil }
        let part =
            Double(time.milliseconds - start.milliseconds) / Double(end.milliseconds - start.milliseconds)
        return min(columns.count - 1, Int(part * Double(columns.count)))
    }

    /// The first moment of a column.
    package func time(of column: Int) -> Timestamp {
        let length = Double(end.milliseconds - start.milliseconds)
        return start.advanced(byMilliseconds: Int64(length * Double(column) / Double(columns.count)))
    }

    /// Most fragments of one class in one column: what the darkest cell stands for.
    package var mostFragments: Int {
        columns.flatMap { $0.latencies + $0.acknowledgements }.max() ?? 0
    }

    private mutating func add(_ metadata: FragmentMetadata, _ entry: AcknowledgementLog.Entry?) {
        guard let column = column(of: metadata.producerTimestamp) else { return }
        let latency = metadata.latency
        if latency < -1000 || latency > 3_600_000 {
            columns[column].skewed += 1
        } else {
            columns[column].latencies[latencyBounds.count { latency >= $0 }] += 1
        }
        switch entry?.event {
        case .error: columns[column].refused += 1
        case .persisted:
            guard let delay = entry?.milliseconds else { break }
            columns[column].acknowledgements[acknowledgementBounds.count { delay >= $0 }] += 1
        case .buffering, .received, .idle, nil: break
        }
    }

    /// Marks how much of each column no fragment covers.
    private mutating func addCoverage(_ ranges: [Range<Int64>]) {
        let width = Double(end.milliseconds - start.milliseconds) / Double(columns.count)
        var covered = [Double](repeating: 0, count: columns.count)
        var reached = start.milliseconds
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > reached {
            let from = Double(max(reached, range.lowerBound) - start.milliseconds)
            let to = Double(range.upperBound - start.milliseconds)
            reached = range.upperBound
            for column in Int(from / width)...Int(to / width) where column < columns.count {
                let (low, high) = (Double(column) * width, Double(column + 1) * width)
                covered[column] += max(0, min(to, high) - max(from, low))
            }
        }
        for column in columns.indices { columns[column].gap = max(0, 1 - covered[column] / width) }
    }
}
