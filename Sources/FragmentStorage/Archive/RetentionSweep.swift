import Glibc
import KinesisVideo
import Logging

/// Removes whole segments: those past the retention, then the oldest while there are too many bytes.
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
        let due = due(segments, edges: byKey.mapValues { $0.retentionEdge(at: now) })
        for segment in due {
            lanes.seal(segment)
            try environment.index.remove(segment)
            guard let stream = byKey[segment.stream] else { continue }
            let path = stream.segments.file(SegmentFile.name(segment.sequence))
            // A file that is gone already is what was wanted.
            guard unlink(path) == 0 || errno == ENOENT else { throw StoreError(errno: errno, path: path) }
        }
        try refresh(touched: Set(due.map(\.stream)), now: now)
        return due.count
    }

    private func due(
        _ segments: [FragmentIndex.Segment],
        edges: [Int64: Timestamp]
    ) -> [FragmentIndex.Segment] {
        var due: [FragmentIndex.Segment] = []
        var kept: [FragmentIndex.Segment] = []
        for segment in segments {
            let isExpired = edges[segment.stream].map { segment.latestServerTimestamp < $0 } ?? false
            if isExpired { due.append(segment) } else { kept.append(segment) }
        }
        guard let limit = environment.configuration.archiveBytes else { return due }
        var bytes = kept.reduce(0) { $0 + $1.length }
        for segment in kept.sorted(by: { $0.latestServerTimestamp < $1.latestServerTimestamp }) {
            guard bytes > limit else { break }
            due.append(segment)
            bytes -= segment.length
        }
        return due
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
