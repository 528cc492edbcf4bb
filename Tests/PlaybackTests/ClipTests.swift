import Foundation
import KinesisVideo
import Matroska
import MediaCodec
import Playback
import Testing

/// Clips out of a stream of ten fragments of 400 ms, whose frames say when they were made.
struct ClipTests {
    private static let origin = Timestamp(milliseconds: 1_763_820_000_000)

    private static func moment(_ offset: Int64) -> Timestamp {
        origin.advanced(byMilliseconds: offset)
    }

    private static func info(_ number: Int, at start: Int64, length: Int64 = 360, size: Int = 100)
        throws -> FragmentInfo
    {
        let number = try #require(FragmentNumber(String(number)))
        let time = moment(start)
        let metadata = FragmentMetadata(number: number, serverTimestamp: time, producerTimestamp: time)
        return FragmentInfo(metadata: metadata, size: size, length: length)
    }

    // MARK: Plan

    @Test(arguments: [
        (0, 400, [1]), (399, 401, [1, 2]), (400, 800, [2]), (0, 4000, [1, 2, 3, 5]), (1200, 1900, []),
        (1150, 2001, [3, 5]),
    ])
    func planTakesWhatTheRangeTouchesAndNothingTwice(start: Int64, end: Int64, numbers: [Int]) throws {
        // 4 repeats 3, as a producer that lost its connection sends it again.
        let listing = try [
            Self.info(5, at: 2000), Self.info(1, at: 0), Self.info(2, at: 400), Self.info(4, at: 800),
            Self.info(3, at: 800),
        ]
        let order = ClipOrder(start: Self.moment(start), end: Self.moment(end))
        #expect(ClipPlan(listing, order).fragments.map(\.number.description) == numbers.map(String.init))
    }

    @Test func batchesAreBoundedByCountAndBytes() throws {
        let order = ClipOrder(start: Self.origin, end: Self.moment(2_000_000))
        let many = ClipPlan(try (0..<1500).map { try Self.info($0 + 1, at: Int64($0) * 400) }, order)
        #expect(many.batch(from: 0).count == 1000)
        #expect(many.batch(from: 1000).count == 500)
        let large = ClipPlan(
            try (0..<4).map { try Self.info($0 + 1, at: Int64($0) * 400, size: 9 << 20) },
            order
        )
        // One alone may be larger than the bound; two may not.
        #expect(large.batch(from: 0).count == 1)
        #expect(large.byteCount == 36 << 20)
    }

    // MARK: Assembly

    private static let track = TrackEntry(number: 1, type: .video, codecID: "V_MPEG4/ISO/AVC")

    /// Packets of fragments that begin at the moments given, their frames at the offsets given.
    private static func packets(_ order: ClipOrder, _ fragments: [(start: Int64, frames: [Int64])])
        throws -> (packets: [MediaPacket], report: ClipReport?)
    {
        var assembler = ClipAssembler(order)
        var packets: [MediaPacket] = []
        for (index, fragment) in fragments.enumerated() {
            try assembler.begin(info(index + 1, at: fragment.start).metadata, [track], scale: 1_000_000)
            for (place, offset) in fragment.frames.enumerated() {
                assembler.append(
                    EncodedFrame(track: 1, timecode: 7000 + offset, isKey: place == 0, data: [UInt8(place)])
                )
            }
            packets += assembler.end()
        }
        return (packets, assembler.report)
    }

    @Test func reorderedFramesGetDecodeTimesThatGrowAndNeverPassThem() throws {
        // I P B B P B B: decode order of two reordered groups.
        let frames: [Int64] = [0, 120, 40, 80, 240, 160, 200]
        let (packets, report) = try Self.packets(
            ClipOrder(start: Self.origin, end: Self.moment(10_000)),
            [(0, frames), (280, frames)]
        )
        let decode = packets.map(\.decodeTime)
        #expect(zip(decode, decode.dropFirst()).allSatisfy(<))
        #expect(packets.allSatisfy { $0.decodeTime <= $0.presentationTime })
        let shown = packets.map(\.presentationTime).sorted()
        #expect(shown == (0..<14).map { $0 * 40_000_000 })
        #expect(report?.length == 560)
    }

    @Test func gapsAreCutOutAndReported() throws {
        let frames: [Int64] = [0, 40, 80]
        let (packets, report) = try Self.packets(
            ClipOrder(start: Self.origin, end: Self.moment(100_000)),
            [(0, frames), (120, frames), (60_120, frames)]
        )
        #expect(packets.map(\.presentationTime) == (0..<9).map { $0 * 40_000_000 })
        #expect(report?.gaps == [ClipGap(start: Self.moment(240), end: Self.moment(60_120))])
        #expect(report?.length == 360)
        #expect(report?.end == Self.moment(60_240))
    }

    @Test func exactCutKeepsWhatMustBeDecodedBeforeItsStart() throws {
        let frames = (0..<10).map { Int64($0) * 40 }
        let order = ClipOrder(start: Self.moment(120), end: Self.moment(600), isPrecise: true)
        let (packets, report) = try Self.packets(order, [(0, frames), (400, frames)])
        // Three frames from the key frame on are decoded and lie before 0.
        #expect(packets.first?.presentationTime == -120_000_000)
        #expect(packets.last?.presentationTime == 440_000_000)
        #expect(packets.count == 15)
        #expect(report?.length == 480)
        #expect(report?.start == order.start)
    }

    @Test(arguments: [Int64.min, -1, 10_413_792_000_000, 253_402_300_799_999, .max])
    func timesThatNoCameraHasOverflowNowhere(milliseconds: Int64) throws {
        let time = Timestamp(milliseconds: milliseconds)
        let (start, end) = (min(time, Self.origin), max(time, Self.moment(1000)))
        let order = ClipOrder(start: start, end: end, isPrecise: true)
        var assembler = ClipAssembler(order)
        for start in [Self.origin, time] {
            let metadata = FragmentMetadata(
                number: try #require(FragmentNumber("1")),
                serverTimestamp: start,
                producerTimestamp: start
            )
            try assembler.begin(metadata, [Self.track], scale: 1_000_000)
            assembler.append(EncodedFrame(track: 1, timecode: 0, isKey: true, data: [1]))
            _ = assembler.end()
        }
        #expect(assembler.report != nil)
    }

    @Test func anotherCodecInTheMiddleIsNamed() throws {
        var assembler = ClipAssembler(ClipOrder(start: Self.origin, end: Self.moment(1000)))
        var other = Self.track
        other.codecPrivate = [1]
        let (first, second) = (try Self.info(1, at: 0).metadata, try Self.info(2, at: 400).metadata)
        try assembler.begin(first, [Self.track], scale: 1_000_000)
        #expect(throws: ClipError.codecChanged(at: Self.moment(400))) {
            try assembler.begin(second, [other], scale: 1_000_000)
        }
    }

    // MARK: Files

    private static func inFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "clip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder.path)
    }

    /// Times and bytes of a file's packets.
    private static func read(_ path: String) throws -> [MediaPacket] {
        var file = try MediaFile.open(path: path)
        var packets: [MediaPacket] = []
        while let packet = try file.next() { packets.append(packet) }
        return packets
    }

    @Test(arguments: [MediaContainer.mp4, .mkv])
    func clipHoldsTheVeryFramesOfItsFragments(container: MediaContainer) async throws {
        let camera = try SampleCamera(origin: Self.origin, firstLive: 10)
        try await Self.inFolder { folder async throws in
            let path = "\(folder)/door.\(container.rawValue)"
            let order = ClipOrder(start: Self.moment(900), end: Self.moment(2100), container: container)
            let report = try await ClipExporter(camera).export(order, to: path)
            #expect(report.fragments == 4)
            #expect(report.length == 1600)
            #expect(report.start == Self.moment(800))
            let packets = try Self.read(path)
            #expect(packets.map(\.data) == camera.fragments[2...5].flatMap { $0 }.map(\.data))
            let first = try #require(packets.first?.presentationTime)
            #expect(packets.map { $0.presentationTime - first } == (0..<40).map { $0 * 40_000_000 })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder) == ["door.\(container.rawValue)"]
            )
        }
    }

    @Test func rangeWithoutMediaLeavesNoFile() async throws {
        let camera = try SampleCamera(origin: Self.origin, firstLive: 10)
        try await Self.inFolder { folder async throws in
            let order = ClipOrder(start: Self.moment(50_000), end: Self.moment(60_000))
            await #expect(throws: ClipError.empty) {
                try await ClipExporter(camera).export(order, to: "\(folder)/door.mp4")
            }
            let precise = ClipOrder(
                start: Self.origin,
                end: Self.moment(900),
                isPrecise: true,
                container: .mkv
            )
            await #expect(throws: ClipError.preciseNeedsMP4) {
                try await ClipExporter(camera).export(precise, to: "\(folder)/door.mkv")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func clipThatIsGivenUpLeavesNoFile() async throws {
        let camera = try SampleCamera(origin: Self.origin, firstLive: 10)
        try await Self.inFolder { folder async throws in
            let order = ClipOrder(start: Self.origin, end: Self.moment(4000))
            let (written, sink) = AsyncStream.makeStream(of: ClipProgress.self)
            let source = EndlessSource(camera)
            let exporting = Task {
                _ = try await ClipExporter(source).export(order, to: "\(folder)/door.mp4") { sink.yield($0) }
            }
            for await progress in written where progress.fragments == 1 { break }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["door.mp4.part"])
            exporting.cancel()
            await #expect(throws: CancellationError.self) { try await exporting.value }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test func fragmentThatIsGoneBecomesAGap() async throws {
        let camera = try SampleCamera(origin: Self.origin, firstLive: 10)
        try await Self.inFolder { folder async throws in
            let order = ClipOrder(start: Self.origin, end: Self.moment(4000))
            let source = HoleySource(camera, missing: 3...5)
            let report = try await ClipExporter(source).export(order, to: "\(folder)/door.mp4")
            #expect(report.gaps == [ClipGap(start: Self.moment(1200), end: Self.moment(2400))])
            #expect(report.fragments == 7)
        }
    }
}

/// Gives the first fragment asked for, then nothing, and never ends.
private struct EndlessSource: MediaSource {
    private let camera: SampleCamera

    init(_ camera: SampleCamera) {
        self.camera = camera
    }

    func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error> {
        camera.live(from: selector)
    }

    func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                for try await event in camera.fragments(Array(numbers.prefix(1))) {
                    continuation.yield(event)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    func list(_ selector: FragmentSelector) async throws -> [FragmentInfo] {
        try await camera.list(selector)
    }
}

/// Lists fragments that it does not have any more.
private struct HoleySource: MediaSource {
    private let camera: SampleCamera
    private let missing: ClosedRange<Int>

    init(_ camera: SampleCamera, missing: ClosedRange<Int>) {
        self.camera = camera
        self.missing = missing
    }

    func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error> {
        camera.live(from: selector)
    }

    func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error> {
        let gone = missing.map { camera.number($0) }
        let there = numbers.prefix { !gone.contains($0) }
        return AsyncThrowingStream { continuation in
            let task = Task {
                for try await event in camera.fragments(Array(there)) { continuation.yield(event) }
                guard there.count < numbers.count else { return continuation.finish() }
                let number = numbers[there.count]
                continuation.finish(throwing: MediaSourceError(.fragmentMissing(number), "gone"))
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    func list(_ selector: FragmentSelector) async throws -> [FragmentInfo] {
        try await camera.list(selector)
    }
}
