import KinesisVideo
import KinesisVideoProducer
import Matroska

/// The live pictures of a camera as the parts of an upload, each at its time.
actor LiveFilm {
    /// What the camera sends.
    nonisolated let track: TrackEntry

    /// Longest time that pictures may be late before the camera leaves some out.
    private static let patience: Int64 = 4000

    private let camera: DemoCamera
    private let clock: @Sendable () -> Timestamp
    private var pictures: CameraPictures
    /// Time of the next frame on the camera's clock.
    private var time: Int64
    private var hasBegunFragment = false

    /// Prepares the first picture.
    ///
    /// - Parameters:
    ///   - camera: whose pictures.
    ///   - seed: changes the scene.
    ///   - start: a fragment boundary, on the service's clock.
    ///   - clock: the service's clock.
    /// - Throws: CodecError where libav has no encoder.
    init(_ camera: DemoCamera, seed: UInt64, from start: Int64, clock: @escaping @Sendable () -> Timestamp)
        throws
    {
        self.camera = camera
        self.clock = clock
        pictures = try CameraPictures(camera, seed: seed, interval: DemoCamera.liveInterval)
        track = pictures.track
        time = start + camera.clockError
    }

    /// The next part, once it is due.
    func next() async throws -> StreamUpload.Part? {
        if time % DemoCamera.fragmentLength == 0, !hasBegunFragment {
            skipWhatIsTooLate()
            try await wait()
            hasBegunFragment = true
            return .fragmentStart(timestamp: UInt64(time))
        }
        try await wait()
        defer { (time, hasBegunFragment) = (time + DemoCamera.liveInterval, false) }
        return .frame(try pictures.frame(at: time))
    }

    private var now: Int64 { clock().milliseconds + camera.clockError }

    private func wait() async throws {
        let delay = time - now
        if delay > 0 { try await Task.sleep(for: .milliseconds(delay)) }
    }

    /// After the machine has slept the camera goes on now, as a real one would.
    private func skipWhatIsTooLate() {
        guard now - time > Self.patience else { return }
        time = now - now % DemoCamera.fragmentLength
    }
}
