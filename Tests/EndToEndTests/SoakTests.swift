import Foundation
import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import KinesisVideoProducer
import Matroska
import Synchronization
import Testing

/// How long the soak takes.
private let soakSeconds =
    ProcessInfo.processInfo.environment["KINESCOPE_SOAK_SECONDS"].flatMap { Int($0) } ?? 10

/// Producer and consumer library for a while against a service that fails every few seconds.
///
/// `KINESCOPE_SOAK_SECONDS` is how long, ten by default. Prints what was sent and read, what was dropped, and how
/// memory grew.
@Suite(.timeLimit(.minutes(soakSeconds / 60 + 5))) struct SoakTests {
    private static let faults = """
        {"fault": "reset", "operation": "putMedia", "byte": 1000000, "every": 2}
        {"fault": "error", "error": 5000, "operation": "putMedia", "fragment": 9, "every": 5, "skip": 1}
        {"fault": "error", "error": 5001, "operation": "putMedia", "fragment": 6, "every": 7, "skip": 3}
        {"fault": "stall", "operation": "putMedia", "byte": 200000, "milliseconds": 1500, "every": 3}
        {"fault": "throttle", "operation": "putMedia", "every": 4, "skip": 3}
        {"fault": "reset", "operation": "getMedia", "byte": 700000, "every": 2}
        {"fault": "end", "operation": "getMedia", "byte": 300001, "every": 3}
        {"fault": "stall", "operation": "getMedia", "byte": 100000, "milliseconds": 5000, "every": 5}
        {"fault": "throttle", "operation": "getMedia", "every": 4}
        {"fault": "refuse", "operation": "getDataEndpoint", "every": 3, "skip": 1}
        """

    @Test func whatGoesInComesOutWhateverHappensBetween() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Array(Self.faults.utf8), to: "faults.jsonl")
        try await ServiceProcess.with("--faults", file, "--live-buffer", "5", in: folder) { service in
            try await service.createStream("soak")
            let client = ServiceClient(endpoint: Endpoint(url: await service.url))
            let outcome = try await Self.run(service, client)
            await client.shutdown()
            print(outcome.text)
            let report = try #require(outcome.report)
            #expect(report.droppedFragments == 0 && report.droppedFrames == 0)
            #expect(report.persisted == report.sent)
            #expect(outcome.framesIn > 0 && outcome.framesOut == outcome.framesIn)
            #expect(outcome.bytesOut == outcome.bytesIn && outcome.differing == 0)
            #expect(outcome.interruptions > 0 && outcome.restarts > 0)
        }
    }

    private static func run(_ service: ServiceProcess, _ client: ServiceClient) async throws -> Outcome {
        let stream = StreamReference(name: "soak")
        let memory = MemoryLog()
        let interruptions = Mutex(0)
        // On a machine that is too slow for its time the camera goes on until what is to be outlived has happened.
        let source = SoakSource(until: .now + .seconds(soakSeconds)) {
            memory.lives > 0 && interruptions.withLock { $0 > 0 }
        }
        let url = await service.url
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let pause = Duration.seconds(max(4, min(20, soakSeconds / 3)))
                try await restart(service, memory, every: pause, until: source)
            }
            // Goes on until the media has come out; only then is it told to end.
            group.addTask { try await memory.watch(url) }
            async let reading = read(StreamConsumer(client: client, stream: stream), source)
            var configuration = StreamUpload.Configuration()
            // What renewed credentials would ask for: a new connection while the old one is owed acknowledgements.
            configuration.rotation = .seconds(7)
            // Faults are the rule here: waits of 16 s between half megabytes would never catch up with the camera.
            configuration.retry.first = .milliseconds(200)
            configuration.retry.longest = .seconds(1)
            let upload = StreamUpload(
                client: client,
                stream: stream,
                tracks: [ProducerBody.video],
                configuration: configuration
            )
            let report = try await upload.run {
                try await source.next()
            } observe: { event in
                if case .interrupted = event { interruptions.withLock { $0 += 1 } }
            }
            let read = try await reading
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
            var outcome = read
            outcome.report = report
            (outcome.framesIn, outcome.bytesIn) = await source.sent
            outcome.interruptions = interruptions.withLock { $0 }
            outcome.restarts = memory.lives
            outcome.memory = memory.text
            return outcome
        }
    }

    /// Kills the service and asks it to end by turns, and starts it again where it was, while the camera runs.
    ///
    /// What is left of its media then comes out however slow the machine is: the other faults leave time between them.
    private static func restart(
        _ service: ServiceProcess,
        _ memory: MemoryLog,
        every pause: Duration,
        until source: SoakSource
    ) async throws {
        var isCrash = true
        while true {
            try await Task.sleep(for: pause)
            guard await !source.hasEnded else { return }
            if isCrash { await service.kill() } else { _ = await service.terminate() }
            isCrash.toggle()
            memory.beginLife()
            try await service.start(isSamePort: true)
        }
    }

    /// Reads until the source has ended and its last fragment has come; compares each frame with what was sent.
    private static func read(
        _ consumer: StreamConsumer,
        _ source: SoakSource
    ) async throws -> Outcome {
        var outcome = Outcome()
        var seen: Set<Timestamp> = []
        var options = ReadingOptions()
        options.silence = .seconds(3)
        for try await fragment in consumer.follow(from: .earliest, options: options) {
            let time = fragment.metadata.producerTimestamp
            let expected = SoakSource.frames(at: UInt64(time.milliseconds))
            if fragment.frames != expected { outcome.differing += 1 }
            // What was not yet acknowledged when a connection broke may be kept twice.
            if seen.insert(time).inserted {
                outcome.framesOut += fragment.frames.count
                outcome.bytesOut += fragment.frames.reduce(0) { $0 + $1.data.count }
            } else {
                outcome.repeated += 1
            }
            if seen.count.isMultiple(of: 300) { print("soak: \(seen.count) fragments read") }
            if await source.isOver(at: seen.count) { break }
        }
        return outcome
    }
}

/// What a soak came to.
private struct Outcome: Sendable {
    var framesIn = 0, framesOut = 0
    var bytesIn = 0, bytesOut = 0
    /// Fragments whose frames are not those that were sent.
    var differing = 0
    /// Fragments that are kept twice, each under a number of its own.
    var repeated = 0
    var interruptions = 0, restarts = 0
    var report: StreamUpload.Report?
    var memory = ""

    var text: String {
        guard let report else { return "soak: the upload has not ended" }
        return """
            soak: frames in \(framesIn), out \(framesOut); bytes in \(bytesIn), out \(bytesOut); differing \(differing)
            soak: fragments sent \(report.sent), persisted \(report.persisted), resent \(report.resent), \
            kept twice \(repeated), dropped \(report.droppedFragments), frames dropped \(report.droppedFrames)
            soak: \(restarts) restarts of the service, \(interruptions) interruptions of the upload
            soak: \(memory)
            """
    }
}

/// A camera of five frames each 200 ms, whose bytes follow from their times.
private actor SoakSource {
    private let end: ContinuousClock.Instant
    private let mayEnd: @Sendable () -> Bool
    private let begin = ContinuousClock.now
    private let start = UInt64(Date().timeIntervalSince1970 * 1000) / 200 * 200
    private var fragments = 0
    private var pending: [EncodedFrame] = []
    private(set) var hasEnded = false
    private(set) var sent = (frames: 0, bytes: 0)

    /// Runs until a moment, and on for as long as `mayEnd` says no.
    init(until end: ContinuousClock.Instant, onlyIf mayEnd: @escaping @Sendable () -> Bool) {
        (self.end, self.mayEnd) = (end, mayEnd)
    }

    static func frames(at time: UInt64) -> [EncodedFrame] {
        (0..<5).map { index in
            let time = Int64(time) + Int64(index) * 40
            return ProducerBody.frame(1, time, isKey: index == 0, size: 4000 + Int(time / 40 * 7919 % 9000))
        }
    }

    func next() async throws -> StreamUpload.Part? {
        if !pending.isEmpty {
            let frame = pending.removeFirst()
            sent.frames += 1
            sent.bytes += frame.data.count
            return .frame(frame)
        }
        try await Task.sleep(until: begin + .milliseconds(200 * fragments), clock: .continuous)
        guard ContinuousClock.now < end || !mayEnd() else {
            hasEnded = true
            return nil
        }
        let time = start + UInt64(fragments) * 200
        fragments += 1
        pending = Self.frames(at: time)
        return .fragmentStart(timestamp: time)
    }

    /// Whether so many fragments are all there are.
    func isOver(at count: Int) -> Bool { hasEnded && count >= fragments }
}

/// Memory of the service, life by life, and of this process, once a second.
private final class MemoryLog: Sendable {
    private struct Sample {
        var seconds: Double
        var megabytes: Double
    }

    private struct State {
        var service: [[Sample]] = [[]]
        var own: [Sample] = []
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    var lives: Int { state.withLock { $0.service.count - 1 } }

    func beginLife() { state.withLock { $0.service.append([]) } }

    func watch(_ url: String) async throws {
        while true {
            try await Task.sleep(for: .seconds(1))
            let seconds = start.duration(to: .now) / .seconds(1)
            let own = Self.own()
            state.withLock { $0.own.append(Sample(seconds: seconds, megabytes: own)) }
            // It may just be gone.
            guard let (_, body) = try? await RawConnection.get(url, "/metrics") else { continue }
            let line = String(decoding: body, as: UTF8.self).split(separator: "\n").first {
                $0.hasPrefix("process_resident_memory_bytes ")
            }
            guard let bytes = line?.split(separator: " ").last.flatMap({ Double($0) }) else { continue }
            state.withLock { state in
                state.service[state.service.count - 1].append(
                    Sample(seconds: seconds, megabytes: bytes / 1e6)
                )
            }
        }
    }

    private static func own() -> Double {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * 4096 / 1e6
    }

    var text: String {
        let state = state.withLock { $0 }
        let service = state.service.flatMap(\.self).map(\.megabytes)
        // The first half is warming up.
        let own = Array(state.own.suffix(max(2, state.own.count / 2)))
        return """
            memory of the service at most \(Self.figure(service.max())) MB, growing \
            \(Self.figure(Self.slope(state.service.map { Array($0.dropFirst(5)) }))) MB a minute behind the first \
            five seconds of each life, \
            of this process at last \(Self.figure(state.own.last?.megabytes)) MB, \
            growing \(Self.figure(Self.slope([own]))) MB a minute in its second half
            """
    }

    /// Megabytes a minute by least squares, each run of samples around its own mean.
    private static func slope(_ runs: [[Sample]]) -> Double? {
        var (above, below) = (0.0, 0.0)
        for run in runs where run.count > 1 {
            let x = run.reduce(0) { $0 + $1.seconds } / Double(run.count)
            let y = run.reduce(0) { $0 + $1.megabytes } / Double(run.count)
            above += run.reduce(0) { $0 + ($1.seconds - x) * ($1.megabytes - y) }
            below += run.reduce(0) { $0 + ($1.seconds - x) * ($1.seconds - x) }
        }
        return below > 0 ? above / below * 60 : nil
    }

    private static func figure(_ value: Double?) -> String {
        value.map { $0.formatted(.number.precision(.fractionLength(1)).grouping(.never)) } ?? "–"
    }
}
