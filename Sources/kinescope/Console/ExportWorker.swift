import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import MediaCodec
import Monitor
import Pixels
import Playback
import Synchronization

/// Writes the clips and snapshots that the screens order.
final class ExportWorker: Sendable {
    private let client: ServiceClient
    private let inbox: MonitorInbox
    private let folder: URL
    private let clips: AsyncStream<Clip>
    private let clipSink: AsyncStream<Clip>.Continuation
    private let snapshots: AsyncStream<Snapshot>
    private let snapshotSink: AsyncStream<Snapshot>.Continuation
    /// Ends when the clip under way is to be given up.
    private let cancellation = Mutex<AsyncStream<Never>.Continuation?>(nil)

    private struct Clip: Sendable {
        var job: ClipJob
        /// Ends when the clip is to be given up, begun or not.
        var cancelled: AsyncStream<Never>
    }

    private struct Snapshot: Sendable {
        var player: any VideoPlayer
        var fileName: String
    }

    /// Creates a worker.
    ///
    /// - Parameters:
    ///   - client: Calls the service.
    ///   - inbox: Told of progress and ends.
    ///   - folder: Where files go; `~` at its beginning is the home folder, a relative path begins in the working
    ///     directory.
    init(client: ServiceClient, inbox: MonitorInbox, folder: String) {
        self.client = client
        self.inbox = inbox
        self.folder = URL(filePath: (folder as NSString).expandingTildeInPath, directoryHint: .isDirectory)
        (clips, clipSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (snapshots, snapshotSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4))
    }

    /// What the screens may ask for.
    var exports: PlayerExports {
        PlayerExports(
            startClip: { [self] job in
                let (cancelled, cancel) = AsyncStream.makeStream(of: Never.self)
                cancellation.withLock { $0 = cancel }
                clipSink.yield(Clip(job: job, cancelled: cancelled))
            },
            cancelClip: { [self] in cancellation.withLock { $0?.finish() } },
            saveSnapshot: { [snapshotSink] player, name in
                snapshotSink.yield(Snapshot(player: player, fileName: name))
            }
        )
    }

    /// Works until the task is cancelled, which also gives up the clip under way.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in for await clip in clips { await write(clip) } }
            group.addTask { [self] in for await snapshot in snapshots { await write(snapshot) } }
        }
    }

    private func write(_ clip: Clip) async {
        let outcome = await withTaskGroup(of: ClipOutcome.self) { group in
            group.addTask { [self] in await export(clip.job) }
            group.addTask {
                for await _ in clip.cancelled {}
                return .cancelled
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .cancelled
        }
        inbox.post(.clipEnded(outcome))
    }

    private func export(_ job: ClipJob) async -> ClipOutcome {
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: job.stream))
        do {
            let path = path(of: job.fileName)
            let report = try await ClipExporter(ServiceMedia(consumer)).export(job.order, to: path) {
                [inbox] in inbox.post(.clipProgress($0))
            }
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            return .saved(path: path, bytes: size ?? report.bytes, report)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .failed("\((error as? MediaSourceError)?.message ?? "\(error)")")
        }
    }

    /// Where a file goes, told as shortly as the working directory allows.
    private func path(of name: String) -> String {
        let url = name.hasPrefix("/") ? URL(filePath: name) : folder.appending(path: name)
        let path = url.standardizedFileURL.path
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private func write(_ snapshot: Snapshot) async {
        guard let image = await snapshot.player.fullSizePicture() else {
            return inbox.post(.toast("there is no picture to save", isError: true))
        }
        do {
            let png = try PNGImage(image)
            let path = path(of: snapshot.fileName)
            try Data(png.bytes).write(to: URL(filePath: path), options: .atomic)
            let size = "\(image.size.width)×\(image.size.height)"
            inbox.post(.toast("✓ saved \(path) · \(size)", isError: false))
        } catch {
            inbox.post(.toast("snapshot: \(error)", isError: true))
        }
    }
}
