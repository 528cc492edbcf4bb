import KinescopeTesting
import KinesisVideo
import KinesisVideoProducer
import Matroska
import Synchronization
import Testing

/// Frames in, fragments out, over whatever happens to the connections.
@Suite(.serialized, .timeLimit(.minutes(1))) struct StreamProducerTests {
    private static let track = TrackEntry(number: 1, uid: 1, type: .video, codecID: "V_MJPEG")

    private static func definition(_ change: (inout StreamDefinition) -> Void = { _ in }) -> StreamDefinition
    {
        var definition = StreamDefinition(name: "test", tracks: [track])
        definition.retry.first = .zero
        definition.retry.longest = .zero
        definition.retry.jitter = .zero
        change(&definition)
        return definition
    }

    /// One frame each 100 ms, a key frame each second.
    private static func frame(_ index: Int, from start: Int64 = 1_000_000) -> MediaFrame {
        MediaFrame(
            presentationTime: .milliseconds(start + Int64(index) * 100),
            isKey: index % 10 == 0,
            data: [UInt8(index % 256), UInt8(index / 256), 7]
        )
    }

    /// What was stored, each fragment once, as the numbers of its frames.
    private static func stored(_ service: SampleService) -> [Int] {
        var seen: Set<Int64> = []
        return service.fragments.sorted { $0.time < $1.time }
            .filter { seen.insert($0.time).inserted }
            .flatMap(\.frames).map { Int($0.data[0]) + Int($0.data[1]) * 256 }
    }

    private static func run(
        _ service: SampleService,
        _ definition: StreamDefinition = definition(),
        frames: Int,
        time: ProducerTime = .system,
        retentionHours: Int = 2
    ) async throws -> StreamUpload.Report {
        try await StreamProducer.run(
            definition,
            transport: service,
            retentionHours: retentionHours,
            time: time
        ) { producer in
            for index in 0..<frames { try await producer.put(frame(index)) }
        }
    }

    @Test(arguments: [0, 2])
    func whatIsPutIsStoredOnceAndTheEndAwaitsTheLastAcknowledgement(retention: Int) async throws {
        let service = SampleService()
        let report = try await Self.run(service, frames: 55, retentionHours: retention)
        #expect(Self.stored(service) == Array(0..<55))
        #expect(report.sent == 6 && report.received == 6)
        #expect(service.connections == 1 && report.droppedFrames == 0)
    }

    @Test(arguments: [1, 9, 10, 11, 25, 54])
    func aConnectionThatBreaksLosesNothing(frames: Int) async throws {
        let service = SampleService(faults: [1: .breaks(afterFrames: frames)])
        let report = try await Self.run(service, frames: 55)
        #expect(Self.stored(service) == Array(0..<55))
        #expect(service.connections == 2 && report.resent >= 1)
    }

    @Test(arguments: [4000, 4003, 4004, 5000, 5001])
    func anErrorThatIsNoFaultOfTheMediaLosesNothingButWhatIsRefused(id: Int) async throws {
        let error = IngestionError(id: id, code: "X")
        let service = SampleService(faults: [1: .error(error, atFragment: 2)])
        let report = try await Self.run(service, frames: 55)
        let refused = id == 4004 ? 20..<30 : 0..<0
        #expect(Self.stored(service) == (0..<55).filter { !refused.contains($0) })
        #expect(report.droppedFrames == refused.count)
    }

    @Test func anErrorThatNothingHelpsAgainstEndsTheProducer() async throws {
        let error = IngestionError(id: 4012, code: "X")
        let service = SampleService(faults: [1: .error(error, atFragment: 0)])
        let report = try await Self.run(service, frames: 15)
        #expect(report.error == error && service.connections == 1)
    }

    @Test func relativeTimesCountFromTheFirstFragmentOfEachConnection() async throws {
        let service = SampleService(faults: [1: .breaks(afterFrames: 25)])
        let report = try await Self.run(service, Self.definition { $0.fragmentTimes = .relative }, frames: 55)
        #expect(Self.stored(service) == Array(0..<55))
        #expect(service.starts.first == 1_000_000)
        #expect(service.starts.last.map { $0 > 1_000_000 } ?? false)
        #expect(service.fragments.first?.frames.first?.timecode == 0)
        #expect(report.persisted == 6)
    }

    @Test func framesWithoutTimesHaveThoseOfTheProducersClock() async throws {
        let clock = ManualTime()
        let service = SampleService()
        try await StreamProducer.run(
            Self.definition { $0.usesFrameTimes = false },
            transport: service,
            retentionHours: 2,
            time: clock.time
        ) { producer in
            for index in 0..<15 {
                try await producer.put(Self.frame(index))
                clock.advance(by: .milliseconds(100))
            }
        }
        let times = service.fragments.flatMap(\.frames).map(\.timecode).sorted()
        #expect(times.count == 15)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 100 })
        #expect(service.fragments.first?.time == 1_700_000_000_000)
    }

    @Test func connectionsAreReplacedEveryFortyMinutesWithoutLossOrRepetition() async throws {
        let clock = ManualTime()
        let service = SampleService()
        let definition = Self.definition { $0.bufferDuration = .seconds(10_000) }
        let report = try await StreamProducer.run(
            definition,
            transport: service,
            retentionHours: 2,
            time: clock.time
        ) { producer in
            for index in 0..<1000 {
                // A frame each 9 s by the clock: a fragment takes 90 s and all of them two and a half hours.
                var frame = Self.frame(index)
                frame.presentationTime = .seconds(1000 + index * 9 / 5)
                frame.decodeTime = frame.presentationTime
                try await producer.put(frame)
                // The connection takes what there is before time goes on.
                try await service.wait { $0.frames > index }
                clock.advance(by: .seconds(9))
            }
        }
        #expect(Self.stored(service) == Array(0..<1000))
        #expect(service.fragments.count == 100 && report.resent == 0 && report.droppedFrames == 0)
        #expect(service.connections == 4)
    }

    @Test func credentialsThatEndReplaceTheConnectionThreeSecondsAhead() async throws {
        let clock = ManualTime()
        let service = SampleService(lifetimes: [.seconds(33), .seconds(63), nil])
        let report = try await StreamProducer.run(
            Self.definition(),
            transport: service,
            retentionHours: 2,
            time: clock.time
        ) { producer in
            for index in 0..<200 {
                try await producer.put(Self.frame(index))
                try await service.wait { $0.frames > index }
                clock.advance(by: .seconds(1))
            }
        }
        #expect(Self.stored(service) == Array(0..<200))
        #expect(report.resent == 0)
        let first = service.fragments.filter { $0.connection == 1 }.count
        let second = service.fragments.filter { $0.connection == 2 }.count
        #expect(first == 3 && second == 6 && service.connections == 3)
    }

    @Test func aFullStoreDropsWholeFragmentsAndEveryFrameIsAccountedFor() async throws {
        let service = SampleService(faults: [1: .silence])
        let definition = Self.definition {
            $0.bufferDuration = .seconds(20); $0.stopTimeout = .zero
        }
        let clock = ManualTime()
        let counted = Counted()
        let ticking = Mutex<Task<Void, any Error>?>(nil)
        await #expect(throws: ProducerError.stopTimedOut(.zero)) {
            try await StreamProducer.run(
                definition,
                transport: service,
                retentionHours: 2,
                time: clock.time
            ) { producer in
                for index in 0..<400 {
                    try await producer.put(Self.frame(index))
                    // The connection keeps up, so that what is under way is never the oldest.
                    try await service.wait { $0.frames >= index }
                }
                await counted.note(await producer.metrics)
                for await event in producer.events {
                    if case .dropped = event { break }
                }
                // The end is not acknowledged, and is not waited for.
                ticking.withLock {
                    $0 = Task {
                        while true { try await clock.advanceOverASleep(by: .seconds(5)) }
                    }
                }
            }
        }
        ticking.withLock { $0?.cancel() }
        let metrics = await counted.metrics
        #expect(metrics.frames == 400 && metrics.dropped[.tooOld] ?? 0 > 100)
        #expect(metrics.storedDuration <= .seconds(21))
    }

    @Test func aFullStoreRefusesWhatIsNewestWhereThatIsThePolicy() async throws {
        let service = SampleService(faults: [1: .silence])
        let definition = Self.definition {
            $0.dropPolicy = .refuseNewest
            $0.bufferDuration = .seconds(20)
        }
        await #expect(throws: ProducerError.self) {
            try await Self.run(service, definition, frames: 400)
        }
    }

    @Test func anIdleFragmentIsEndedAndTheStreamGoesOnAtTheNextKeyFrame() async throws {
        let clock = ManualTime()
        let service = SampleService()
        try await StreamProducer.run(
            Self.definition(),
            transport: service,
            retentionHours: 2,
            time: clock.time
        ) { producer in
            for index in 0..<5 { try await producer.put(Self.frame(index)) }
            let ticking = Task { while true { try await clock.advanceOverASleep(by: .seconds(5)) } }
            defer { ticking.cancel() }
            try await service.wait { !$0.fragments.isEmpty }
            for index in 5..<15 { try await producer.put(Self.frame(index)) }
            #expect(await producer.metrics.dropped[.noKeyFrame] == 5)
        }
        #expect(Self.stored(service) == Array(0..<5) + Array(10..<15))
    }

    @Test func tracksThatChangeGetAConnectionOfTheirOwn() async throws {
        let service = SampleService()
        var definition = StreamDefinition(name: "test", tracks: [.h264()])
        definition.retry.first = .zero
        try await StreamProducer.run(definition, transport: service, retentionHours: 2) { producer in
            for (index, level) in [UInt8(30), 30, 31].enumerated() {
                let sps: [UInt8] = [0x67, 0x42, 0xC0, level, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0x84]
                let data = [0, 0, 0, 1] + sps + [0, 0, 1, 0x68, 0xCE, 0x3C, 0x80, 0, 0, 1, 0x65, 0x88, 0x84]
                let time = Duration.seconds(1000 + index)
                try await producer.put(MediaFrame(presentationTime: time, isKey: true, data: data))
            }
        }
        let fragments = service.fragments.sorted { $0.time < $1.time }
        #expect(fragments.map(\.connection) == [1, 1, 2])
        #expect(fragments.map { $0.tracks[0].codecPrivate[3] } == [30, 30, 31])
    }

    @Test func metadataReachesTheFragmentThatItWasPutOn() async throws {
        let service = SampleService(faults: [1: .breaks(afterFrames: 12)])
        try await StreamProducer.run(Self.definition(), transport: service, retentionHours: 2) { producer in
            try await producer.putMetadata("place", "yard", isPersistent: true)
            for index in 0..<25 {
                if index == 15 { try await producer.putMetadata("event", "door") }
                try await producer.put(Self.frame(index))
            }
        }
        var latest: [Int64: [String]] = [:]
        for fragment in service.fragments { latest[fragment.time] = fragment.tags.map(\.name) }
        #expect(
            latest.sorted { $0.key < $1.key }.map(\.value) == [["place"], ["place", "event"], ["place"]]
        )
    }

    @Test func anOfflineProducerNeedsRetentionAndWaitsForRoom() async throws {
        let definition = Self.definition { $0.mode = .offline }
        await #expect(throws: ProducerError.self) {
            try await Self.run(SampleService(), definition, frames: 5, retentionHours: 0)
        }
        let service = SampleService()
        let report = try await Self.run(service, definition, frames: 555)
        #expect(Self.stored(service) == Array(0..<555) && report.droppedFrames == 0)
    }

    @Test func whatASpoolHoldsIsSentBesideWhatComes() async throws {
        let folder = try TemporaryFolder()
        // The first producer is cut off in the middle: its service never answers.
        let away = SampleService(faults: [1: .silence])
        do {
            let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
            await #expect(throws: CancellationError.self) {
                try await StreamProducer.run(
                    Self.definition(),
                    transport: away,
                    retentionHours: 2,
                    spool: spool
                ) { producer in
                    for index in 0..<35 { try await producer.put(Self.frame(index)) }
                    try await away.wait { $0.fragments.count >= 3 }
                    throw CancellationError()
                }
            }
        }
        let service = SampleService()
        let spool = try await FragmentSpool.reopened(folder.path("spool"), capacity: 1 << 20)
        let report = try await StreamProducer.run(
            Self.definition(),
            transport: service,
            retentionHours: 2,
            spool: spool
        ) { producer in
            for index in 40..<65 { try await producer.put(Self.frame(index)) }
        }
        #expect(Self.stored(service) == Array(0..<35) + Array(40..<65))
        #expect(report.persisted == 7)
        #expect(await spool.waiting == 0)
        #expect(await spool.bytes == 0)
        let old = service.fragments.filter { $0.time < 1_004_000 }
        #expect(Set(old.map(\.connection)).count == 1 && old.map(\.time) == old.map(\.time).sorted())
    }

    @Test func aSpoolTakesWhatTheStoreCannotHold() async throws {
        let folder = try TemporaryFolder()
        let spool = try FragmentSpool(folder: folder.path("spool"), capacity: 1 << 20)
        let service = SampleService(faults: [1: .breaks(afterFrames: 400)])
        let report = try await StreamProducer.run(
            Self.definition { $0.bufferDuration = .seconds(20) },
            transport: service,
            retentionHours: 2,
            spool: spool
        ) { producer in
            for index in 0..<600 { try await producer.put(Self.frame(index)) }
        }
        #expect(Self.stored(service) == Array(0..<600))
        #expect(report.droppedFrames == 0)
        #expect(await spool.bytes == 0)
    }

    private actor Counted {
        var metrics = ProducerMetrics()
        func note(_ metrics: ProducerMetrics) { self.metrics = metrics }
    }
}
