import Foundation
import KinesisVideo
import KinesisVideoConsumer
import Matroska
import MediaCodec
import Pixels

/// Cuts clips out of the archive into files, without encoding anything anew.
///
/// ```swift
/// let report = try await ClipExporter(source).export(order, to: "door.mp4") { print($0.part) }
/// ```
/// The file grows under its name with `.part` behind it and gets its name when it is whole; a clip that fails or
/// whose task is cancelled leaves no file.
public struct ClipExporter: Sendable {
    private let source: any MediaSource

    /// Cuts out of a stream.
    public init(_ source: any MediaSource) {
        self.source = source
    }

    /// Makes a clip.
    ///
    /// - Parameters:
    ///   - order: What to cut out.
    ///   - path: Name of the file; one that is there is replaced.
    ///   - progress: Told of each fragment written.
    /// - Returns: What the clip holds.
    /// - Throws: ClipError, MediaSourceError, CodecError, `CancellationError`.
    public func export(
        _ order: ClipOrder,
        to path: String,
        progress: @Sendable (ClipProgress) -> Void = { _ in }
    ) async throws -> ClipReport {
        guard !order.isPrecise || order.container == .mp4 else { throw ClipError.preciseNeedsMP4 }
        let plan = ClipPlan(try await listing(order), order)
        guard !plan.fragments.isEmpty else { throw ClipError.empty }
        let part = path + ".part"
        do {
            let report = try await write(plan, order, to: part, progress)
            guard rename(part, path) == 0 else {
                throw MediaSourceError(.denied, "cannot write \(path): \(String(cString: strerror(errno)))")
            }
            return report
        } catch {
            unlink(part)
            throw error
        }
    }

    /// What may lie in the range: a fragment that began before it may reach into it.
    private func listing(_ order: ClipOrder) async throws -> [FragmentInfo] {
        let earliest = order.start.advanced(byMilliseconds: -ServiceLimits.fragmentMilliseconds)
        let selector = FragmentSelector(
            clock: .producer,
            start: max(earliest, Timestamp(milliseconds: 0)),
            end: order.end
        )
        var failures = 0
        while true {
            do {
                return try await source.list(selector)
            } catch let error as MediaSourceError where error.kind == .retryable && failures < Self.tries {
                failures += 1
                try await Task.sleep(for: CallSchedule.delay(after: failures))
            }
        }
    }

    /// Failures in a row after which a clip is given up.
    private static let tries = 5

    private func write(
        _ plan: ClipPlan,
        _ order: ClipOrder,
        to path: String,
        _ progress: (ClipProgress) -> Void
    ) async throws -> ClipReport {
        var file = ClipFile(plan: plan, order: order, path: path)
        var failures = 0
        let clock = ContinuousClock()
        while !file.isComplete {
            let next = clock.now + CallSchedule.spacing
            let before = file.fragments
            do {
                for try await event in source.fragments(file.nextBatch) where try file.take(event) {
                    progress(file.progress)
                }
                // A body whose task is cancelled ends quietly.
                try Task.checkCancellation()
                failures = file.fragments > before ? 0 : failures + 1
            } catch let error as MediaSourceError {
                failures = file.fragments > before ? 1 : failures + 1
                switch error.kind {
                case .fragmentMissing:
                    file.skip()
                    failures = 0
                case .retryable where failures <= Self.tries:
                    try await Task.sleep(for: CallSchedule.delay(after: failures))
                case .retryable, .denied, .notFound: throw error
                }
            }
            // Bodies that end without a word, time and again, lack what is asked for.
            if failures >= 3, !file.isComplete { file.skip() }
            if !file.isComplete { try await clock.sleep(until: next) }
        }
        return try file.finish()
    }
}

/// The file of a clip while it is written.
private struct ClipFile: ~Copyable, Sendable {
    let plan: ClipPlan
    let order: ClipOrder
    let path: String
    /// Fragments done, those that are gone among them.
    private(set) var fragments = 0

    private var assembler: ClipAssembler
    private var writer: MediaFileWriter?
    private var bytes = 0

    init(plan: ClipPlan, order: ClipOrder, path: String) {
        self.plan = plan
        self.order = order
        self.path = path
        assembler = ClipAssembler(order)
    }

    var isComplete: Bool { fragments >= plan.fragments.count }

    var nextBatch: [FragmentNumber] { plan.batch(from: fragments) }

    var progress: ClipProgress {
        ClipProgress(
            fragments: fragments,
            fragmentCount: plan.fragments.count,
            bytes: bytes,
            byteCount: plan.byteCount
        )
    }

    /// Takes what came; true where a fragment is complete.
    mutating func take(_ event: MediaEvent) throws -> Bool {
        switch event {
        case .fragmentBegan(let metadata, let tracks, let scale):
            try assembler.begin(metadata, tracks, scale: scale)
            return false
        case .frame(let frame):
            assembler.append(frame)
            return false
        case .fragmentEnded(isComplete: true, _):
            try write(assembler.end())
            skip()
            return true
        case .fragmentEnded: return false
        }
    }

    /// Goes on behind the next fragment: it is written, or it is gone.
    mutating func skip() {
        guard !isComplete else { return }
        bytes += max(0, plan.fragments[fragments].size)
        fragments += 1
    }

    mutating func finish() throws -> ClipReport {
        guard let report = assembler.report, let writer = writer.take() else { throw ClipError.undecodable }
        try writer.finish()
        return report
    }

    private mutating func write(_ packets: [MediaPacket]) throws {
        guard !packets.isEmpty else { return }
        if writer == nil {
            let tracks = try assembler.tracks.map { try Self.sized($0, packets) }
            if let track = tracks.first(where: { !order.container.accepts([$0]) }) {
                throw ClipError.unsuitable(codec: track.codecID, order.container)
            }
            writer = try MediaFileWriter.create(path: path, container: order.container, tracks: tracks)
        }
        for packet in packets { try writer?.write(packet) }
    }

    /// A track of pictures whose description leaves the size out gets that of its first picture.
    private static func sized(_ track: TrackEntry, _ packets: [MediaPacket]) throws -> TrackEntry {
        guard track.type == .video, (track.video?.width ?? 0) == 0 || (track.video?.height ?? 0) == 0,
            let packet = packets.first(where: { $0.track == track.number && $0.isKey })
        else { return track }
        var decoder = try VideoDecoder(track: track)
        try decoder.send(packet.data, timecode: 0, isKey: true)
        try decoder.drain()
        guard let picture = try decoder.receive() else { return track }
        var track = track
        track.video = .init(width: UInt64(picture.size.width), height: UInt64(picture.size.height))
        return track
    }
}
