import Foundation
import FragmentStorage
import Glibc
import KinescopeTesting
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
        let folder = try TemporaryFolder()
        let program = BuiltProgram.url.path
        guard access(program, X_OK) == 0 else { return show("no \(program)", "build the program first") }
        let service = Process()
        service.executableURL = BuiltProgram.url
        service.arguments = [
            "serve", "--port", "0", "--data-dir", folder.path("data"), "--live-buffer", "\(bufferSeconds)",
        ]
        let output = Pipe()
        service.standardOutput = output
        service.standardError = FileHandle.nullDevice
        try service.run()
        defer { service.terminate() }
        let greeting = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let url = greeting.trimmingPrefix("listening on ").trimmingCharacters(in: .whitespacesAndNewlines)

        let before = processorSeconds(service.processIdentifier)
        let begin = ContinuousClock.now
        let persisted = try await drive(url)
        let wall = begin.duration(to: .now).seconds
        let processor = processorSeconds(service.processIdentifier) - before
        let buffers = cameras * bufferSeconds * fragmentBytes
        show(
            "\(cameras) cameras of 1.5 Mb/s for \(seconds) s",
            "\(persisted) of \(cameras * seconds) fragments persisted in \(figure(wall)) s, the service used "
                + "\(figure(processor / wall)) cores, largest resident size "
                + "\(figure(peakMegabytes(service.processIdentifier))) MB with \(buffers / 1_000_000) MB of live buffers"
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

    private static func processorSeconds(_ id: Int32) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        // Behind the name in parentheses the state is field 3; user and system time are fields 14 and 15.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            return 0
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func peakMegabytes(_ id: Int32) -> Double {
        let text = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0) * 1024 / 1e6
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
