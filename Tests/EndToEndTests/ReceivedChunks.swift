import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska

/// Chunks of recorded or arriving media: their numbers and frames.
struct ReceivedChunks {
    /// A chunk that was whole.
    struct Chunk: Equatable {
        var number: String
        var producerTimestamp: Timestamp?
        var frames: [EncodedFrame] = []
    }

    private(set) var chunks: [Chunk] = []
    private var reader = ChunkReader()
    private var frames: [EncodedFrame] = []

    /// Takes more of the media.
    mutating func take(_ bytes: [UInt8]) {
        for event in reader.read(bytes.span) { take(event) }
    }

    /// Reads media to its end.
    static func reading(_ media: [UInt8]) -> [Chunk] {
        var received = ReceivedChunks()
        received.take(media)
        for event in received.reader.finish() { received.take(event) }
        return received.chunks
    }

    private mutating func take(_ event: ChunkEvent) {
        switch event {
        case .began: frames = []
        case .frame(let frame): frames.append(frame)
        case .completed(let summary, _), .ended(let summary):
            guard let metadata = summary.metadata, summary.isComplete,
                chunks.last?.number != metadata.number.padded
            else { return }
            chunks.append(
                Chunk(
                    number: metadata.number.padded,
                    producerTimestamp: metadata.producerTimestamp,
                    frames: frames
                )
            )
        case .mediaBegan, .warning, .damage: break
        }
    }
}

/// A line of `kinescope fragments --json`.
struct FragmentLine: Decodable, Equatable {
    var fragmentNumber: String
    var producerTimestamp: String
    var lengthMilliseconds: Int64
    var sizeBytes: Int
}

/// A line of `kinescope inspect --json`.
struct InspectedChunk: Decodable {
    var fragmentNumber: String?
    var complete: Bool
    var frames: [FrameDigest]
}

extension BuiltProgram.Result {
    /// The output as one value a line.
    func decoded<Value: Decodable>(_ type: Value.Type) throws -> [Value] {
        try lines.map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}

extension ServiceProcess {
    /// Makes a stream.
    func createStream(_ name: String, hours: Int = 24) async throws {
        let (head, body) = try await RawConnection.post(
            url,
            "/createStream",
            #"{"StreamName":"\#(name)","DataRetentionInHours":\#(hours)}"#
        )
        guard head.status == 200 else {
            throw RawConnection.Closed(description: String(decoding: body, as: UTF8.self))
        }
    }

    /// Archived fragments of a stream.
    func fragments(_ stream: String) async throws -> [FragmentLine] {
        try await run("fragments", stream, "--json").decoded(FragmentLine.self)
    }

    /// Everything a stream keeps.
    func media(_ stream: String) async throws -> [ReceivedChunks.Chunk] {
        let result = try await run("get", stream, "-o", "-")
        guard result.status == 0 else {
            throw RawConnection.Closed(description: "get ended with \(result.status): \(result.errors)")
        }
        return ReceivedChunks.reading(result.output)
    }

    /// Asks the service again and again until something is so; the suite's limit ends it otherwise.
    func wait(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// What the service reports of a stream.
    func statistics(_ stream: String) async throws -> StreamStatistics? {
        let (_, body) = try await RawConnection.get(url, ServiceStatistics.path)
        return try JSONDecoder().decode(ServiceStatistics.self, from: Data(body)).streams.first {
            $0.name == stream
        }
    }
}
