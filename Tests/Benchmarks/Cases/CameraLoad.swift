import Foundation
import FragmentStorage
import KinesisVideo
import KinesisVideoClient
import NIOCore

/// 100 cameras of 1.5 Mb/s whose fragments of a second are all persisted, on the built `kinescope serve`.
///
/// Processor time and memory are those of the service's process, read from `/proc`.
enum CameraLoad {
    /// Makes this program a set of cameras: `--cameras URL COUNT SECONDS`.
    static let argument = "--cameras"

    private static let cameras = 100
    private static let seconds = 20
    private static let fragmentBytes = 1_500_000 / 8
    private static let bufferSeconds = 5

    static func run() async throws {
        guard let service = try ServedProgram("--live-buffer", "\(bufferSeconds)") else { return }
        defer { service.end() }
        let url = service.url

        let before = service.processorSeconds
        let begin = ContinuousClock.now
        let persisted = try await drive(url)
        let wall = begin.duration(to: .now).seconds
        let processor = service.processorSeconds - before
        let buffers = cameras * bufferSeconds * fragmentBytes
        show(
            "\(cameras) cameras of 1.5 Mb/s for \(seconds) s",
            "\(persisted) of \(cameras * seconds) fragments persisted in \(figure(wall)) s, the service used "
                + "\(figure(processor / wall)) cores, largest resident size "
                + "\(figure(service.peakMegabytes)) MB with \(buffers / 1_000_000) MB of live buffers"
        )
    }

    /// Starts the cameras in a process of their own.
    private static func drive(_ url: String) async throws -> Int {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [argument, url, String(cameras), String(seconds)]
        let output = Pipe()
        process.standardOutput = output
        let (ends, sink) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in sink.finish() }
        try process.run()
        for await _ in ends {}
        let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard process.terminationStatus == 0, let persisted = Int(text) else {
            preconditionFailure("the cameras failed")
        }
        return persisted
    }

    /// Sends in real time from all cameras and prints how many fragments were persisted.
    static func run(_ arguments: ArraySlice<String>) async throws {
        let words = Array(arguments)
        guard words.count == 3, let count = Int(words[1]), let seconds = Int(words[2]) else {
            preconditionFailure("\(argument) takes URL, COUNT and SECONDS")
        }
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<count {
                group.addTask { try await camera("camera-\(index)", words[0], seconds, index) }
            }
            return try await group.reduce(0, +)
        }
        print(total, terminator: "")
    }

    private static func camera(
        _ name: String,
        _ url: String,
        _ seconds: Int,
        _ index: Int
    ) async throws -> Int {
        // One each: a client opens no more than so many connections to a host.
        let client = ServiceClient(endpoint: Endpoint(url: url))
        _ = try await client.call(
            CreateStream.self,
            CreateStream.Input(streamName: name, dataRetentionInHours: 1)
        )
        let acknowledgements = try await client.putMedia(
            StreamReference(name: name),
            startTimestamp: MeasuredStore.now(),
            isAbsolute: false,
            at: url,
            body: CameraBody(
                upload: UploadBody(fragments: seconds, size: fragmentBytes),
                delay: .milliseconds(10 * index)
            )
        )
        var persisted = 0
        for try await line in acknowledgements where line.event == .persisted { persisted += 1 }
        await client.shutdown()
        return persisted
    }
}

/// A document whose fragments come one a second.
private struct CameraBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let upload: UploadBody
    let delay: Duration

    struct AsyncIterator: AsyncIteratorProtocol {
        var upload: UploadBody.AsyncIterator
        var due: ContinuousClock.Instant

        mutating func next() async throws -> ByteBuffer? {
            try await Task.sleep(until: due)
            due += .seconds(1)
            return try await upload.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(upload: upload.makeAsyncIterator(), due: .now + delay)
    }
}
