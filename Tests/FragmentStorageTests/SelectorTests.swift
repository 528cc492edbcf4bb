import FragmentStorage
import KinescopeTesting
import KinesisVideo
import Testing

/// Where readers begin, with fragments in the archive only, in memory only, and in both.
struct SelectorTests {
    enum Place: String, CaseIterable, Sendable {
        case archive, memory, both
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let selector: @Sendable ([FragmentInfo]) -> StartSelector
        /// Index of the fragment that comes first.
        let first: Int
        var testDescription: String { name }
    }

    /// Six fragments: a second apart by the server's clock, each 1.5 s long, so that they overlap; by the
    /// producer's clock 100 s apart, 0, 1, 2 and again 0, 1, 2.
    private func filled(_ place: Place) async throws -> (StoreFixture, [FragmentInfo]) {
        var configuration = StoreConfiguration()
        configuration.liveWindow = place == .archive ? -1 : 2_500
        let fixture = try await StoreFixture(
            retentionHours: place == .memory ? 0 : 24,
            configuration: configuration
        )
        let connection = try await fixture.stream.openConnection()
        var infos: [FragmentInfo] = []
        for index in 0..<6 {
            fixture.clock.advance(milliseconds: 1_000)
            let receipt = try await connection.send(producer: Int64(index % 3) * 100_000, length: 1_500)
            try await receipt.persisted()
            infos.append(receipt.info)
        }
        return (fixture, infos)
    }

    static let cases: [Case] = [
        Case(name: "earliest", selector: { _ in .earliest }, first: 0),
        Case(name: "after a known number", selector: { .afterFragment($0[1].number) }, first: 2),
        Case(name: "after token", selector: { .continuationToken($0[3].number.padded) }, first: 4),
        Case(name: "after zero", selector: { _ in .afterFragment(number("0")) }, first: 0),
        Case(
            name: "after an unknown number",
            selector: { _ in .afterFragment(FragmentNumber(counter: 3, serverMilliseconds: 0, random: 0)) },
            first: 2
        ),
        Case(name: "server, exact start", selector: { .serverTimestamp($0[2].serverTimestamp) }, first: 2),
        Case(
            name: "server, the last that covers",
            selector: { .serverTimestamp($0[2].serverTimestamp.advanced(byMilliseconds: 300)) },
            first: 2
        ),
        Case(
            name: "server, before all",
            selector: { _ in .serverTimestamp(Timestamp(milliseconds: 0)) },
            first: 0
        ),
        Case(
            name: "server, covered by the last",
            selector: { .serverTimestamp($0[5].serverTimestamp.advanced(byMilliseconds: 1_499)) },
            first: 5
        ),
        Case(
            name: "producer, lowest number of two that start there",
            selector: { _ in .producerTimestamp(Timestamp(milliseconds: 100_000)) },
            first: 1
        ),
        Case(
            name: "producer, lowest number of two that cover",
            selector: { _ in .producerTimestamp(Timestamp(milliseconds: 201_499)) },
            first: 2
        ),
        Case(
            name: "producer, in a gap",
            selector: { _ in .producerTimestamp(Timestamp(milliseconds: 50_000)) },
            first: 1
        ),
    ]

    @Test(arguments: Place.allCases, cases)
    func beginsAt(place: Place, row: Case) async throws {
        let (fixture, infos) = try await filled(place)
        let cursor = try fixture.stream.openCursor(row.selector(infos))
        #expect(try await cursor.numbers(6 - row.first) == infos[row.first...].map(\.number))
        await fixture.store.close()
    }

    @Test(arguments: [Place.memory, .both])
    func nowBeginsAtTheNewestInMemory(place: Place) async throws {
        let (fixture, infos) = try await filled(place)
        #expect(try await fixture.stream.openCursor(.now).numbers(1) == [infos[5].number])
        await fixture.store.close()
    }

    @Test func nowWaitsWhereMemoryIsEmpty() async throws {
        let (fixture, _) = try await filled(.archive)
        await fixture.store.close()
        let store = try await StoreFixture.open(fixture.folder, clock: fixture.clock)
        let stream = try #require(store.stream(named: "camera"))
        let cursor = try stream.openCursor(.now)
        async let numbers = cursor.numbers(1)
        let added = try await stream.openConnection().send()
        #expect(try await numbers == [added.info.number])
        await store.close()
    }

    @Test(arguments: [FragmentClock.server, .producer])
    func aMomentToComeIsWaitedFor(clock: FragmentClock) async throws {
        let fixture = try await StoreFixture()
        let moment = fixture.clock.now.advanced(byMilliseconds: 2_500)
        let connection = try await fixture.stream.openConnection()
        let cursor = try fixture.stream.openCursor(
            clock == .server ? .serverTimestamp(moment) : .producerTimestamp(moment)
        )
        async let numbers = cursor.numbers(1)
        var sent: [FragmentInfo] = []
        for _ in 0..<4 {
            fixture.clock.advance(milliseconds: 1_000)
            sent.append(try await connection.send(producer: fixture.clock.now.milliseconds, length: 100).info)
        }
        #expect(try await numbers == [sent[2].number])
        await fixture.store.close()
    }

    @Test func aTokenThatIsNoNumberIsRefused() async throws {
        let fixture = try await StoreFixture()
        #expect(throws: StoreError.self) { try fixture.stream.openCursor(.continuationToken("abc")) }
        await fixture.store.close()
    }

    private static func number(_ text: String) -> FragmentNumber {
        guard let number = FragmentNumber(text) else { preconditionFailure("'\(text)' is no number") }
        return number
    }
}
