import Foundation
import KinesisVideo
import KinesisVideoClient
import Matroska
import NIOCore

/// A producer in a process of its own, so that its processor time is not the service's.
enum Upload {
    /// Makes this program a producer: `--upload URL FRAGMENTS SIZE`.
    static let argument = "--upload"

    /// Starts a producer and waits for its end.
    ///
    /// - Returns: the seconds from its request to the last acknowledgement.
    static func start(_ url: String, fragments: Int, size: Int) async throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [argument, url, String(fragments), String(size)]
        let output = Pipe()
        process.standardOutput = output
        let (ends, sink) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in sink.finish() }
        try process.run()
        for await _ in ends {}
        let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard process.terminationStatus == 0, let seconds = Double(text) else {
            preconditionFailure("the producer failed")
        }
        return seconds
    }

    /// Uploads one document and prints how many seconds that took.
    static func run(_ arguments: ArraySlice<String>) async throws {
        let words = Array(arguments)
        guard words.count == 3, let fragments = Int(words[1]), let size = Int(words[2]) else {
            preconditionFailure("\(argument) takes URL, FRAGMENTS and SIZE")
        }
        let client = ServiceClient(endpoint: Endpoint(url: words[0]))
        let clock = ContinuousClock()
        let begin = clock.now
        let acknowledgements = try await client.putMedia(
            StreamReference(name: MeasuredStore.streamName),
            startTimestamp: MeasuredStore.now(),
            isAbsolute: false,
            at: words[0],
            body: UploadBody(fragments: fragments, size: size)
        )
        var persisted = 0
        for try await line in acknowledgements {
            if line.event == .persisted { persisted += 1 }
            precondition(line.error == nil, "the service refused a fragment")
        }
        let seconds = begin.duration(to: clock.now).seconds
        precondition(persisted == fragments, "\(persisted) of \(fragments) fragments are durable")
        print(seconds, terminator: "")
        await client.shutdown()
    }
}

/// A document whose fragments last a second, with frames of about 20 kB.
struct UploadBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private static let frameSize = 20_000

    let fragments: Int
    let size: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        let fragments: Int
        let writer: SegmentWriter
        let frames: [EncodedFrame]
        var sent = 0

        /// The header first, then a fragment at a time.
        mutating func next() async throws -> ByteBuffer? {
            defer { sent += 1 }
            guard sent > 0 else { return ByteBuffer(bytes: writer.header()) }
            guard sent <= fragments else { return nil }
            let start = UInt64(sent - 1) * 1000
            var buffer = ByteBuffer(bytes: writer.clusterStart(timestamp: start))
            for var frame in frames {
                frame.timecode += Int64(start)
                buffer.writeBytes(try writer.block(frame, clusterTimestamp: start))
            }
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        let count = size / Self.frameSize
        let data = [UInt8](repeating: 7, count: Self.frameSize)
        return AsyncIterator(
            fragments: fragments,
            writer: .oneVideoTrack(),
            frames: (0..<count).map {
                EncodedFrame(track: 1, timecode: Int64($0 * 1000 / count), isKey: $0 == 0, data: data)
            }
        )
    }
}
