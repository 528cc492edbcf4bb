import FragmentStorage
import KinesisVideo
import KinesisVideoClient
import KinesisVideoProducer
import KinesisVideoServer
import Logging

/// The streams, cameras and archives of the demo on one store.
struct DemoFixture: Sendable {
    let store: FragmentStore
    let client: ServiceClient
    let clock: @Sendable () -> Timestamp
    let seed: UInt64
    let logger: Logger

    private static let tag = "kinescope-demo"

    /// Runs cameras and import while `body` runs.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        // Live begins with the fragment under way; the archive ends where it began.
        let now = clock().milliseconds
        let start = now - now % DemoCamera.fragmentLength
        let imported = try await makeStreams(at: Timestamp(milliseconds: start))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for camera in DemoCamera.all where camera.isLive {
                group.addTask { await film(camera, from: start) }
            }
            group.addTask {
                let importer = ArchiveImport(cameras: imported, start: start, seed: seed, logger: logger)
                try await importer.run()
                // The group ends with `body`, not with the import.
                await Interruption.cancellation()
            }
            group.addTask {
                throw Finished(value: try await body())
            }
            do {
                while try await group.next() != nil {}
            } catch let end as Finished<Result> {
                group.cancelAll()
                return end.value
            }
            throw CancellationError()
        }
    }

    private struct Finished<Value: Sendable>: Error {
        var value: Value
    }

    /// Makes the streams that are missing.
    ///
    /// - Returns: the new ones that want an archive.
    private func makeStreams(at start: Timestamp) async throws -> [(DemoCamera, StoredStream)] {
        var imported: [(DemoCamera, StoredStream)] = []
        for camera in DemoCamera.all {
            if let stream = store.stream(named: camera.stream) {
                guard stream.record.tags[Self.tag] != nil else {
                    throw CommandFailure(
                        .failed,
                        "the data folder holds a stream '\(camera.stream)' that is not the demo's (try another --data-dir)"
                    )
                }
                // The start of a service ends every transition.
                if stream.record.info.status != camera.status {
                    try await stream.updateRecord { $0.info.status = camera.status }
                }
                stream.fault = camera.fault(at: start)
                continue
            }
            let input = CreateStream.Input(
                streamName: camera.stream,
                mediaType: "video/h264",
                dataRetentionInHours: camera.retentionHours,
                tags: [Self.tag: "1"]
            )
            let count = Int(camera.archive / DemoCamera.fragmentLength)
            var record = StreamRecord(creating: input, configuration: ServiceConfiguration(), at: start)
            record.info.status = camera.status
            let stream = try await store.createStream(record, importCapacity: count)
            stream.fault = camera.fault(at: start)
            if count > 0 { imported.append((camera, stream)) }
        }
        return imported
    }

    /// Sends a camera's pictures until the task is cancelled; begins anew after a failure.
    private func film(_ camera: DemoCamera, from start: Int64) async {
        var begin = start
        while !Task.isCancelled {
            do {
                let film = try LiveFilm(camera, seed: seed, from: begin, clock: clock)
                var configuration = StreamUpload.Configuration()
                configuration.awaitsPersisted = camera.retentionHours > 0
                configuration.isRealtime = true
                let upload = StreamUpload(
                    client: client,
                    stream: StreamReference(name: camera.stream),
                    tracks: [film.track],
                    configuration: configuration
                )
                let report = try await upload.run { try await film.next() }
                logger.error(
                    "camera stopped",
                    metadata: ["stream": "\(camera.stream)", "error": "\(report.error?.description ?? "-")"]
                )
            } catch is CancellationError {
                return
            } catch {
                logger.error("camera failed", metadata: ["stream": "\(camera.stream)", "error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(1))
            let now = clock().milliseconds
            begin = now - now % DemoCamera.fragmentLength + DemoCamera.fragmentLength
        }
    }
}

extension DemoCamera {
    /// The fault of its stream, for a demo that begins at a moment.
    fileprivate func fault(at start: Timestamp) -> StreamStatistics.Fault? {
        fault.map { fault in
            StreamStatistics.Fault(reason: fault.reason, since: start.advanced(byMilliseconds: -fault.age))
        }
    }
}
