import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Testing

struct ListingTests {
    /// Rounds of fragments that repeat the producer's clock, with the server's set back an hour in between.
    private func filled(_ rounds: Int, of count: Int) async throws -> (StoreFixture, [FragmentInfo]) {
        var configuration = StoreConfiguration()
        configuration.segmentBytes = 50_000
        let fixture = try await StoreFixture(configuration: configuration)
        let connection = try await fixture.stream.openConnection()
        var infos: [FragmentInfo] = []
        for _ in 0..<rounds {
            var receipts: [FragmentReceipt] = []
            for index in 0..<count {
                fixture.clock.advance(milliseconds: 1_000)
                receipts.append(try await connection.send(producer: Int64(index) * 1_000, size: 20))
            }
            for receipt in receipts { try await receipt.persisted() }
            infos += receipts.map(\.info)
            fixture.clock.advance(milliseconds: -3_600_000)
        }
        fixture.clock.advance(milliseconds: 3_600_000)
        return (fixture, infos)
    }

    private static func start(_ info: FragmentInfo, _ clock: FragmentClock) -> Timestamp {
        clock == .server ? info.serverTimestamp : info.producerTimestamp
    }

    @Test(arguments: [FragmentClock.server, .producer])
    func pagesHoldWhatStartsInTheRangeByNumber(clock: FragmentClock) async throws {
        let (fixture, infos) = try await filled(3, of: 1_000)
        let starts = infos.map { Self.start($0, clock) }.sorted()
        // Few matches and many are looked up in different ways.
        for (from, through) in [(0, 0), (10, 90), (700, 2_000), (0, 2_999), (2_990, 2_999)] {
            let selector = FragmentSelector(clock: clock, start: starts[from], end: starts[through])
            let expected = infos.filter { (selector.start...selector.end).contains(Self.start($0, clock)) }
            var listed: [FragmentInfo] = []
            while true {
                let page = try await fixture.stream.listFragments(
                    selector,
                    after: listed.last?.number,
                    limit: 97
                )
                listed += page
                if page.count < 97 { break }
            }
            #expect(listed == expected)
        }
        await fixture.store.close()
    }

    @Test func rangesIncludeBothEndsAndCompareStartsOnly() async throws {
        let fixture = try await StoreFixture()
        let info = try await fixture.stream.openConnection().archive(length: 5_000)
        let start = info.serverTimestamp
        for (from, through, isListed) in [
            (0, 0, true), (-1, 0, true), (0, 1, true), (1, 10, false), (-9, -1, false),
        ] {
            let selector = FragmentSelector(
                clock: .server,
                start: start.advanced(byMilliseconds: Int64(from)),
                end: start.advanced(byMilliseconds: Int64(through))
            )
            #expect(try await fixture.stream.listFragments(selector, limit: 10).isEmpty == !isListed)
        }
        await fixture.store.close()
    }

    @Test func aNumberOfMoreDigitsThanAnyHasIsFoundNowhere() async throws {
        let fixture = try await StoreFixture()
        try await fixture.stream.openConnection().archive()
        let long = try #require(FragmentNumber(String(repeating: "1", count: 128)))
        #expect(try await fixture.stream.chunk(long) == nil)
        let selector = FragmentSelector(
            clock: .server,
            start: Timestamp(milliseconds: 0),
            end: Timestamp(milliseconds: .max)
        )
        #expect(try await fixture.stream.listFragments(selector, after: long, limit: 10).isEmpty)
        await fixture.store.close()
    }

    @Test func theNewestComeOldestFirst() async throws {
        let (fixture, infos) = try await filled(1, of: 10)
        #expect(try await fixture.stream.newestFragments(3) == Array(infos.suffix(3)))
        await fixture.store.close()
    }

    @Test func aStreamWithoutRetentionListsNothing() async throws {
        let fixture = try await StoreFixture(retentionHours: 0)
        let receipt = try await fixture.stream.openConnection().send()
        #expect(!receipt.isArchived)
        try await receipt.persisted()
        #expect(try await fixture.stream.everything().isEmpty)
        #expect(try await fixture.stream.chunk(receipt.info.number) == nil)
        await fixture.store.close()
    }
}

struct GroupCommitTests {
    @Test func whatIsPersistedIsListedAndReadableInTheOrderSent() async throws {
        let fixture = try await StoreFixture()
        let stream = fixture.stream
        let connection = try await stream.openConnection()
        let receipts = try await withThrowingTaskGroup(of: Void.self) { group in
            var receipts: [FragmentReceipt] = []
            for index in 0..<300 {
                let receipt = try await connection.send(size: 1_000 + index)
                receipts.append(receipt)
                group.addTask {
                    try await receipt.persisted()
                    let chunk = try await stream.chunk(receipt.info.number)
                    #expect(chunk?.info == receipt.info)
                }
            }
            try await group.waitForAll()
            return receipts
        }
        #expect(try await stream.everything() == receipts.map(\.info))
        await fixture.store.close()
    }

    @Test func manyStreamsShareABatch() async throws {
        let fixture = try await StoreFixture()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let stream = try await fixture.store.createStream(.sample("stream-\(index)"))
                    let connection = try await stream.openConnection()
                    var infos: [FragmentInfo] = []
                    for _ in 0..<20 { infos.append(try await connection.archive()) }
                    #expect(try await stream.everything() == infos)
                }
            }
            try await group.waitForAll()
        }
        await fixture.store.close()
    }

    @Test func closingWritesWhatWaits() async throws {
        let fixture = try await StoreFixture()
        let connection = try await fixture.stream.openConnection()
        var receipts: [FragmentReceipt] = []
        for _ in 0..<100 { receipts.append(try await connection.send(size: 10_000)) }
        await fixture.store.close()
        for receipt in receipts { try await receipt.persisted() }
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        #expect(try await store.stream(named: "camera")?.everything() == receipts.map(\.info))
        await store.close()
    }

    @Test func aCancelledWaitLeavesTheFragmentOnItsWay() async throws {
        let fixture = try await StoreFixture()
        let receipt = try await fixture.stream.openConnection().send()
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await receipt.persisted()
                    try Task.checkCancellation()
                }
                try await group.waitForAll()
            }
        }
        try await receipt.persisted()
        #expect(try await fixture.stream.everything() == [receipt.info])
        await fixture.store.close()
    }
}
