import Foundation
import Glibc
import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import Matroska
import NIOCore
import Synchronization

/// How late things are on the built `kinescope serve --live-delivery frame`: RECEIVED behind the Cluster that ends a
/// fragment, and each frame at a reader of the live edge.
enum LiveLatency {
    private static let frameMilliseconds = 40

    static func run() async throws {
        let folder = try TemporaryFolder()
        let program = BuiltProgram.url.path
        guard access(program, X_OK) == 0 else { return show("no \(program)", "build the program first") }
        let service = Process()
        service.executableURL = BuiltProgram.url
        service.arguments = [
            "serve", "--port", "0", "--data-dir", folder.path("data"), "--live-delivery", "frame",
        ]
        let output = Pipe()
        service.standardOutput = output
        service.standardError = FileHandle.nullDevice
        try service.run()
        defer { service.terminate() }
        let greeting = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let url = greeting.trimmingPrefix("listening on ").trimmingCharacters(in: .whitespacesAndNewlines)
        let client = ServiceClient(endpoint: Endpoint(url: url))
        for (name, framesPerFragment) in [("short", 2), ("long", 50)] {
            _ = try await client.call(
                CreateStream.self,
                CreateStream.Input(streamName: name, dataRetentionInHours: 1)
            )
            try await measure(client, url, name, framesPerFragment)
        }
        await client.shutdown()
    }

    private static func measure(
        _ client: ServiceClient,
        _ url: String,
        _ name: String,
        _ framesPerFragment: Int
    ) async throws {
        let stream = StreamReference(name: name)
        let camera = PacedCamera(framesPerFragment: framesPerFragment, frames: 500)
        let media = try await client.media(
            GetMedia.self,
            GetMedia.Input(stream, from: .now),
            at: url
        )
        let reading = Task { try await readAges(media, camera) }
        let acknowledgements = try await client.putMedia(
            stream,
            startTimestamp: MeasuredStore.now(),
            isAbsolute: false,
            at: url,
            body: camera
        )
        var late: [Double] = []
        for try await line in acknowledgements where line.event == .received {
            let now = ContinuousClock.now
            // The next Cluster begins with the frame behind the fragment's last one; the end of the body has none.
            let next = Int(line.fragmentTimecode ?? 0) / frameMilliseconds + framesPerFragment
            if let sent = camera.instant(of: next) { late.append(sent.duration(to: now).seconds * 1000) }
        }
        let ages = try await reading.value
        let length = figure(Double(framesPerFragment * frameMilliseconds) / 1000)
        show("fragments of \(length) s, RECEIVED behind the next Cluster", "\(Series(late).tail) ms")
        show("fragments of \(length) s, age of a frame at the reader", "\(Series(ages).tail) ms")
    }

    /// Milliseconds from the moment a frame was handed out until its last byte was read.
    private static func readAges(_ media: MediaBody, _ camera: PacedCamera) async throws -> [Double] {
        var reader = ChunkReader()
        var ages: [Double] = []
        for try await part in media {
            for case .frame(let frame) in reader.read(part.readableBytesUInt8Span) {
                let now = ContinuousClock.now
                guard let sent = camera.instant(of: Int(frame.timecode) / frameMilliseconds) else { continue }
                ages.append(sent.duration(to: now).seconds * 1000)
            }
            if ages.count == camera.frames { break }
        }
        return ages
    }
}

/// A camera of 25 frames a second that notes when it hands each frame out.
private final class PacedCamera: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let frames: Int
    private let framesPerFragment: Int
    private let instants = Mutex<[ContinuousClock.Instant]>([])

    init(framesPerFragment: Int, frames: Int) {
        self.framesPerFragment = framesPerFragment
        self.frames = frames
    }

    /// When a frame was handed out, by its place; nil where it was not.
    func instant(of frame: Int) -> ContinuousClock.Instant? {
        instants.withLock { $0.indices.contains(frame) ? $0[frame] : nil }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let camera: PacedCamera
        let writer: SegmentWriter
        let begin = ContinuousClock.now
        var sent = -1

        /// The header first, then a frame at a time, the first of a fragment behind its Cluster's head.
        mutating func next() async throws -> ByteBuffer? {
            defer { sent += 1 }
            guard sent >= 0 else { return ByteBuffer(bytes: writer.header()) }
            guard sent < camera.frames else { return nil }
            let time = sent * 40
            try await Task.sleep(until: begin + .milliseconds(time))
            let first = sent - sent % camera.framesPerFragment
            var buffer = ByteBuffer()
            if first == sent { buffer.writeBytes(writer.clusterStart(timestamp: UInt64(time))) }
            let frame = EncodedFrame(
                track: 1,
                timecode: Int64(time),
                isKey: first == sent,
                data: [UInt8](repeating: 7, count: 8000)
            )
            buffer.writeBytes(try writer.block(frame, clusterTimestamp: UInt64(first * 40)))
            camera.instants.withLock { $0.append(.now) }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        let track = TrackEntry(
            number: 1,
            type: .video,
            codecID: "V_MPEG4/ISO/AVC",
            codecPrivate: [1, 66, 0, 30]
        )
        return AsyncIterator(
            camera: self,
            writer: SegmentWriter(tracks: [track], uid: [UInt8](repeating: 1, count: 16))
        )
    }
}
