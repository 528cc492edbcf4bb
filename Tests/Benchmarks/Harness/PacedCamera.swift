import Foundation
import KinesisVideo
import KinesisVideoClient
import Matroska
import NIOCore
import Synchronization

/// A camera of 25 frames a second that notes when it hands each frame out.
final class PacedCamera: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Milliseconds from one frame to the next.
    static let interval = 40

    let frames: Int
    let framesPerFragment: Int
    private let instants = Mutex<[ContinuousClock.Instant]>([])

    init(framesPerFragment: Int, frames: Int) {
        self.framesPerFragment = framesPerFragment
        self.frames = frames
    }

    /// When a frame was handed out, by its place; nil where it was not.
    func instant(of frame: Int) -> ContinuousClock.Instant? {
        instants.withLock { $0.indices.contains(frame) ? $0[frame] : nil }
    }

    /// Milliseconds from the frame that ends a fragment to the word that it has been received.
    func waits(for acknowledgements: AcknowledgementSequence) async throws -> [Double] {
        var waits: [Double] = []
        for try await line in acknowledgements where line.event == .received {
            let now = ContinuousClock.now
            // The next Cluster begins with the frame behind the fragment's last one; the end of the body has none.
            let next = Int(line.fragmentTimecode ?? 0) / Self.interval + framesPerFragment
            if let sent = instant(of: next) { waits.append(sent.duration(to: now).seconds * 1000) }
        }
        return waits
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
            let time = sent * PacedCamera.interval
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
            buffer.writeBytes(try writer.block(frame, clusterTimestamp: UInt64(first * PacedCamera.interval)))
            camera.instants.withLock { $0.append(.now) }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        return AsyncIterator(
            camera: self,
            writer: .oneVideoTrack()
        )
    }
}
