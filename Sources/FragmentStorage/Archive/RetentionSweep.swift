import Glibc
import KinesisVideo
import Logging

/// Removes whole segments: those past the retention, then the oldest of each stream that has too many bytes,
/// then the oldest of all while there are too many together.
///
/// Runs on the writer's thread, so that no file is removed while it is appended to. Readers that have a file
/// open read on.
struct RetentionSweep {
    let streams: [StoredStream]
    let environment: StoreEnvironment

    /// Removes what is due at `now`.
    ///
    /// - Returns: number of segments removed.
    func run(_ lanes: inout ArchiveLanes, now: Timestamp) throws -> Int {
        let byKey = Dictionary(streams.map { ($0.indexKey, $0) }) { first, _ in first }
        let segments = try environment.index.segments().filter { byKey[$0.stream] != nil }
        let limits = byKey.compactMapValues { environment.configuration.streamBytes[$0.name] }
        let due = due(segments, edges: byKey.mapValues { $0.retentionEdge(at: now) }, limits: limits)
        for segment in due {
            lanes.seal(segment)
            try environment.index.remove(segment)
            guard let stream = byKey[segment.stream] else { continue }
            try stream.segments.unlink(SegmentFile.name(segment.sequence))
        }
        for stream in Set(due.map(\.stream)).compactMap({ byKey[$0] }) where !stream.isDeleted {
            try stream.segments.synchronize()
        }
        try refresh(touched: Set(due.map(\.stream)), now: now)
        return due.count
    }

    private func due(
        _ segments: [FragmentIndex.Segment],
        edges: [Int64: Timestamp],
        limits: [Int64: Int]
    ) -> [FragmentIndex.Segment] {
        var due: [FragmentIndex.Segment] = []
        var kept: [FragmentIndex.Segment] = []
        for segment in segments {
            let isExpired = edges[segment.stream].map { segment.latestServerTimestamp < $0 } ?? false
            if isExpired { due.append(segment) } else { kept.append(segment) }
        }
        for (stream, segments) in Dictionary(grouping: kept, by: \.stream) {
            guard let limit = limits[stream] else { continue }
            let surplus = Self.surplus(of: segments, above: limit)
            due += surplus
            kept.removeAll { surplus.contains($0) }
        }
        guard let limit = environment.configuration.archiveBytes else { return due }
        return due + Self.surplus(of: kept, above: limit)
    }

    /// The oldest segments, as many as keep the others within `limit` bytes.
    private static func surplus(of segments: [FragmentIndex.Segment], above limit: Int)
        -> [FragmentIndex.Segment]
    {
        var bytes = segments.reduce(0) { $0 + $1.length }
        let oldestFirst = segments.sorted { $0.latestServerTimestamp < $1.latestServerTimestamp }
        return Array(
            oldestFirst.prefix { segment in
                defer { bytes -= segment.length }
                return bytes > limit
            }
        )
    }

    /// Counts anew what has changed, or begins with a fragment that is past the retention.
    private func refresh(touched: Set<Int64>, now: Timestamp) throws {
        for stream in streams {
            let view = ArchiveView(stream: stream.indexKey, edge: stream.retentionEdge(at: now))
            let isOutdated = stream.read { $0.archive.first.map { $0.serverTimestamp < view.edge } ?? false }
            guard touched.contains(stream.indexKey) || isOutdated else { continue }
            let figures = try environment.index.figures(view)
            stream.update { $0.archive = figures }
        }
    }
}
