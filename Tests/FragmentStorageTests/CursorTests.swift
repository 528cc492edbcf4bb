import FragmentStorage
import KinescopeTesting
import KinesisVideo
import NIOCore
import Testing

struct CursorTests {
    @Test func readersGetArchiveThenLiveWithoutGapOrRepeatWhileFragmentsCome() async throws {
        var configuration = StoreConfiguration()
        configuration.liveWindow = 50
        configuration.segmentBytes = 20_000
        let fixture = try await StoreFixture(configuration: configuration)
        let stream = fixture.stream
        let count = 600
        let sent = try await withThrowingTaskGroup(of: [FragmentNumber].self) { group in
            for _ in 0..<24 {
                group.addTask { try await stream.openCursor(.earliest).numbers(count) }
            }
            let connection = try await stream.openConnection()
            var sent: [FragmentNumber] = []
            for index in 0..<count {
                fixture.clock.advance(milliseconds: 10)
                let receipt = try await connection.send(length: 9)
                sent.append(receipt.info.number)
                if index % 50 == 0 { try await receipt.persisted() }
                if index == count / 2 {
                    for _ in 0..<24 {
                        group.addTask { try await stream.openCursor(.earliest).numbers(count) }
                    }
                }
            }
            for try await numbers in group { #expect(numbers == sent) }
            return sent
        }
        #expect(sent.count == count)
        #expect(stream.statistics().bufferMilliseconds.map { $0 < 100 } == true)
        await fixture.store.close()
    }

    @Test func aReaderOvertakenByEvictionGoesOnInTheArchive() async throws {
        var configuration = StoreConfiguration()
        configuration.liveWindow = 2_000
        let fixture = try await StoreFixture(configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.earliest)
        var infos: [FragmentInfo] = [try await connection.archive()]
        #expect(try await cursor.numbers(1) == infos.map(\.number))
        for _ in 0..<10 {
            fixture.clock.advance(milliseconds: 1000)
            infos.append(try await connection.archive())
        }
        #expect(fixture.stream.statistics().bufferMilliseconds == 2_900)
        let chunks = try await cursor.chunks(10)
        #expect(chunks.map(\.info) == Array(infos[1...]))
        #expect(chunks.allSatisfy { $0.bytes.readableBytes == $0.info.size && $0.headerLength == 6 })
        await fixture.store.close()
    }

    @Test func withoutRetentionAnOvertakenReaderSkipsToTheOldestLeft() async throws {
        let fixture = try await StoreFixture(retentionHours: 0)
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.earliest)
        let first = try await connection.send().info.number
        #expect(try await cursor.numbers(1) == [first])
        var numbers: [FragmentNumber] = []
        for _ in 0..<8 {
            fixture.clock.advance(milliseconds: 60_000)
            numbers.append(try await connection.send().info.number)
        }
        #expect(try await cursor.numbers(6) == Array(numbers.suffix(6)))
        await fixture.store.close()
    }

    @Test func theByteLimitEvictsTheOldest() async throws {
        var configuration = StoreConfiguration()
        configuration.liveBytes = 10_000
        let fixture = try await StoreFixture(retentionHours: 0, configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        for _ in 0..<20 { try await connection.send(size: 1_000) }
        let size = 1_000 + 6 + 5 + 47
        #expect(fixture.stream.statistics().bufferBytes == 10_000 / size * size)
        await fixture.store.close()
    }

    @Test func aWaitingReaderEndsWhenItsTaskIsCancelled() async throws {
        let fixture = try await StoreFixture()
        let stream = fixture.stream
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await stream.openCursor(.now).next() }
                group.cancelAll()
                try await group.next()
            }
        }
        await fixture.store.close()
    }

    @Test func readersAreCountedWhileTheyLive() async throws {
        let fixture = try await StoreFixture()
        do {
            let cursor = try fixture.stream.openCursor(.now)
            #expect(fixture.stream.statistics().readers == 1)
            withExtendedLifetime(cursor) {}
        }
        #expect(fixture.stream.statistics().readers == 0)
        await fixture.store.close()
    }

    @Test func deletingTheStreamEndsItsReadersAndProducers() async throws {
        let fixture = try await StoreFixture()
        let (store, stream) = (fixture.store, fixture.stream)
        let connection = try await stream.openConnection()
        let open = try await connection.beginFragment()
        open.announce()
        let cursor = try stream.openCursor(.now)
        async let event = cursor.next()
        try await store.deleteStream(stream)
        #expect(try await event == nil)
        #expect(throws: StoreError.self) { try open.complete(length: 0, frameCount: 1) }
        await #expect(throws: StoreError.self) { try await connection.beginFragment() }
        #expect(throws: StoreError.self) { try stream.openCursor(.now) }
        #expect(store.stream(named: "camera") == nil)
        #expect(try fixture.folder.files(ending: ".mkv").isEmpty)
        await store.close()
    }
}

struct ConnectionOrderTests {
    /// Two connections with one announced fragment each; the second one is complete.
    private func interleaved(
        _ delivery: LiveDelivery
    ) async throws -> (StoreFixture, IngestConnection, OpenFragment, FragmentInfo, FragmentCursor) {
        let fixture = try await StoreFixture()
        let first = try await fixture.stream.openConnection()
        let second = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.earliest, delivery: delivery)
        let open = try await first.beginFragment()
        open.announce()
        open.append(ByteBuffer(repeating: 1, count: 10))
        let receipt = try await second.send()
        try await receipt.persisted()
        return (fixture, first, open, receipt.info, cursor)
    }

    @Test func aCompleteFragmentWaitsForAnOpenOneWithALowerNumber() async throws {
        let (fixture, first, open, later, cursor) = try await interleaved(.fragment)
        async let numbers = cursor.numbers(2)
        fixture.clock.advance(milliseconds: 4_999)
        fixture.store.tick()
        _ = try open.complete(length: 1, frameCount: 1)
        #expect(try await numbers == [open.number, later.number])
        first.close()
        await fixture.store.close()
    }

    @Test func afterFiveSecondsItWaitsNoLongerAndTheLateOneIsInTheArchiveOnly() async throws {
        let (fixture, first, open, later, cursor) = try await interleaved(.fragment)
        async let number = cursor.numbers(1)
        fixture.clock.advance(milliseconds: 5_000)
        fixture.store.tick()
        #expect(try await number == [later.number])
        let late = try open.complete(length: 1, frameCount: 1)
        try await late.persisted()
        let next = try await first.archive()
        #expect(try await cursor.numbers(1) == [next.number])
        #expect(
            try await fixture.stream.everything().map(\.number) == [open.number, later.number, next.number]
        )
        await fixture.store.close()
    }

    @Test func anAbortedFragmentHoldsNothingUp() async throws {
        let (fixture, first, open, later, cursor) = try await interleaved(.fragment)
        first.close()
        #expect(try await cursor.numbers(1) == [later.number])
        #expect(throws: StoreError.self) { try open.complete(length: 1, frameCount: 1) }
        await fixture.store.close()
    }
}

struct FrameDeliveryTests {
    @Test func aReaderFollowsTheFragmentThatArrives() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.now, delivery: .frame)
        let fragment = try await connection.beginFragment()
        async let begin = cursor.next()
        fragment.announce(producer: 7)
        guard case .begin(let metadata, let head)? = try await begin else {
            Issue.record("no begin")
            return
        }
        #expect(metadata.number == fragment.number)
        #expect(metadata.producerTimestamp.milliseconds == 7)
        var bytes = head
        for count in 1...5 {
            async let media = cursor.next()
            fragment.append(ByteBuffer(repeating: UInt8(count), count: count))
            guard case .media(var part)? = try await media else {
                Issue.record("no media")
                return
            }
            bytes.writeBuffer(&part)
        }
        let receipt = try fragment.complete(length: 900, frameCount: 5)
        guard case .end(let info)? = try await cursor.next() else {
            Issue.record("no end")
            return
        }
        #expect(info == receipt.info)
        try await receipt.persisted()
        #expect(try await fixture.stream.chunk(info.number)?.bytes == bytes)
        await fixture.store.close()
    }

    @Test func aReaderThatComesLateGetsWhatIsThereInOnePiece() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let fragment = try await connection.beginFragment()
        fragment.announce()
        for _ in 0..<40 { fragment.append(ByteBuffer(repeating: 1, count: 100)) }
        let cursor = try fixture.stream.openCursor(.earliest, delivery: .frame)
        guard case .begin? = try await cursor.next(), case .media(let media)? = try await cursor.next() else {
            Issue.record("no begin and media")
            return
        }
        #expect(media.readableBytes == 4_000)
        await fixture.store.close()
    }

    @Test func readersOfABrokenFragmentAreTold() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.now, delivery: .frame)
        let fragment = try await connection.beginFragment()
        fragment.announce()
        guard case .begin? = try await cursor.next() else {
            Issue.record("no begin")
            return
        }
        connection.close()
        guard case .broken? = try await cursor.next() else {
            Issue.record("not broken")
            return
        }
        await fixture.store.close()
    }

    @Test func aReaderOfWholeFragmentsSeesNoneOfIt() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(.now)
        let fragment = try await connection.beginFragment()
        async let event = cursor.next()
        fragment.announce()
        fragment.append(ByteBuffer(repeating: 1, count: 10))
        let receipt = try fragment.complete(length: 1, frameCount: 1)
        guard case .chunk(let chunk)? = try await event else {
            Issue.record("no chunk")
            return
        }
        #expect(chunk.info == receipt.info)
        await fixture.store.close()
    }
}
