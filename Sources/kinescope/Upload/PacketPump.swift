import Dispatch
import Foundation
import Matroska
import MediaCodec

/// Reads a source on a thread of its own, as calls of libav wait for disks, servers and cameras.
///
/// ```
/// thread: open, read, read ...  ->  at most 256 packets wait  ->  next()
/// ```
final class PacketPump: Sendable {
    /// What is known of a source before its first packet.
    struct Summary: Sendable {
        var tracks: [TrackEntry]
        var unsupportedTracks: [MediaFile.UnsupportedTrack]
        /// Tracks whose pictures are encoded anew.
        var encodedTracks: [MediaFile.EncodedTrack]
        /// Milliseconds since 1970.
        var creationTime: Int64?
        var duration: Duration?

        fileprivate init(_ file: borrowing MediaFile) {
            tracks = file.tracks
            unsupportedTracks = file.unsupportedTracks
            encodedTracks = file.encodedTracks
            creationTime = file.creationTime
            duration = file.duration
        }
    }

    private static let capacity = 256

    private let interrupt: MediaInterrupt
    private let slots = DispatchSemaphore(value: PacketPump.capacity)
    private let packets: AsyncThrowingStream<MediaPacket, any Error>
    private let sink: AsyncThrowingStream<MediaPacket, any Error>.Continuation

    private init(_ interrupt: MediaInterrupt) {
        self.interrupt = interrupt
        (packets, sink) = AsyncThrowingStream.makeStream()
    }

    deinit {
        stop()
        // A semaphore must not be let go of below the value that it was made with.
        for _ in 0..<Self.capacity { slots.signal() }
    }

    /// Opens a source.
    ///
    /// - Parameters:
    ///   - timeout: how long the source may say nothing.
    ///   - open: opens it, on the pump's thread.
    /// - Returns: the pump, and what the source has.
    /// - Throws: what `open` throws; CodecError where the task is cancelled meanwhile.
    static func open(
        timeout: Duration,
        _ open: @escaping @Sendable (MediaInterrupt) throws -> MediaFile
    ) async throws -> (pump: PacketPump, summary: Summary) {
        let pump = PacketPump(MediaInterrupt(timeout: timeout))
        let (interrupt, slots, sink) = (pump.interrupt, pump.slots, pump.sink)
        let summary = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { opened in
                Thread.detachNewThread {
                    do {
                        var file = try open(interrupt)
                        opened.resume(returning: Summary(file))
                        read(&file, interrupt, slots, sink)
                    } catch {
                        opened.resume(throwing: error)
                    }
                }
            }
        } onCancel: {
            interrupt.cancel()
        }
        return (pump, summary)
    }

    /// The next packet; waits for it.
    ///
    /// - Returns: nil at the end.
    /// - Throws: CodecError where the source breaks, or says nothing for too long; `CancellationError`.
    func next() async throws -> MediaPacket? {
        for try await packet in packets {
            slots.signal()
            return packet
        }
        try Task.checkCancellation()
        return nil
    }

    /// Gives the source up.
    func stop() {
        interrupt.cancel()
        slots.signal()
    }

    private static func read(
        _ file: inout MediaFile,
        _ interrupt: MediaInterrupt,
        _ slots: DispatchSemaphore,
        _ sink: AsyncThrowingStream<MediaPacket, any Error>.Continuation
    ) {
        do {
            while true {
                slots.wait()
                guard !interrupt.isCancelled, let packet = try file.next() else { break }
                sink.yield(packet)
            }
            sink.finish()
        } catch {
            sink.finish(throwing: error)
        }
    }
}
