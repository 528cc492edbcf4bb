import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Testing

/// Where a reader goes on, and when it gives up.
@Suite struct ReadingPositionTests {
    private static let throttled = ClientError.service(.clientLimit("too many calls"))
    private static let denied = ClientError.service(
        ServiceError(name: "NotAuthorizedException", status: 401, message: "no")
    )

    private static func metadata(_ number: UInt64, producer: Int64 = 0) throws -> FragmentMetadata {
        FragmentMetadata(
            number: try #require(FragmentNumber("\(number)")),
            serverTimestamp: Timestamp(milliseconds: 0),
            producerTimestamp: Timestamp(milliseconds: producer)
        )
    }

    @Test func aConnectionBeginsBehindTheLastWholeFragment() throws {
        var position = ReadingPosition(.earliest, ReadingOptions())
        #expect(position.selector == .earliest)
        _ = position.end(chance: 0)
        #expect(position.selector == .earliest && position.isInterrupted)
        #expect(position.take(try Self.metadata(7)))
        #expect(position.selector == .afterFragment(try Self.metadata(7).number))
        #expect(!position.isInterrupted)
    }

    @Test func whatCameBeforeIsNotHandedOnAgain() throws {
        var position = ReadingPosition(.now, ReadingOptions())
        #expect(
            try [5, 5, 4, 6, 5, 7].map { position.take(try Self.metadata($0)) } == [
                true, false, false, true, false, true,
            ]
        )
    }

    @Test func theLastFragmentWantedEndsReading() throws {
        var options = ReadingOptions()
        options.lastNumber = try Self.metadata(6).number
        var position = ReadingPosition(.earliest, options)
        #expect(try position.take(Self.metadata(5)) && !position.isOver)
        #expect(try position.take(Self.metadata(6)) && position.isOver)

        options = ReadingOptions()
        options.lastTime = Timestamp(milliseconds: 1000)
        position = ReadingPosition(.earliest, options)
        #expect(try position.take(Self.metadata(5, producer: 1000)) && !position.isOver)
        position.begin(try Self.metadata(6, producer: 1001))
        #expect(position.isOver)
    }

    @Test func throttlingIsWaitedOutForEverAndLonger() {
        var position = ReadingPosition(.earliest, ReadingOptions())
        var pauses: [Duration] = []
        for _ in 0..<500 {
            guard case .retry(let pause) = position.fail(Self.throttled, chance: 0) else {
                Issue.record("gave up")
                return
            }
            pauses.append(pause)
        }
        #expect(Array(pauses[..<6]) == [200, 400, 800, 1600, 3200, 5000].map { .milliseconds($0) })
        #expect(pauses.last == .seconds(5))
        guard case .retry(let short) = position.fail(Self.throttled, chance: 1) else { return }
        #expect(short == .milliseconds(2500))
    }

    @Test func aRefusalAtTheFirstCallIsFinal() {
        var position = ReadingPosition(.earliest, ReadingOptions())
        guard case .giveUp = position.fail(Self.denied, chance: 0) else {
            Issue.record("goes on")
            return
        }
    }

    @Test func aRefusalLaterMayBeThatOfAnOldAddress() throws {
        var position = ReadingPosition(.earliest, ReadingOptions())
        _ = position.take(try Self.metadata(1))
        guard case .retry = position.fail(Self.denied, chance: 0) else {
            Issue.record("gives up at the old address")
            return
        }
        guard case .giveUp = position.fail(Self.denied, chance: 0) else {
            Issue.record("goes on at the new one")
            return
        }
        _ = position.take(try Self.metadata(2))
        guard case .retry = position.fail(Self.denied, chance: 0) else {
            Issue.record("remembers a refusal that is over")
            return
        }
    }

    @Test func aFragmentThatCannotBeReadIsPassedOverAtTheThirdTry() throws {
        let error = InBandError(id: 5000, code: "INTERNAL_ERROR", fragmentNumber: try Self.metadata(9).number)
        var position = ReadingPosition(.earliest, ReadingOptions())
        for _ in 0..<2 {
            guard case .retry = position.fail(error, chance: 0) else {
                Issue.record("no retry")
                return
            }
            #expect(position.selector == .earliest)
        }
        guard case .skip(let number, _) = position.fail(error, chance: 0) else {
            Issue.record("no skip")
            return
        }
        #expect(position.selector == .afterFragment(number))
    }

    @Test func troubleWithAKeyIsFinal() {
        var position = ReadingPosition(.earliest, ReadingOptions())
        guard case .giveUp = position.fail(InBandError(id: 4500, code: "KMS"), chance: 0) else {
            Issue.record("goes on")
            return
        }
    }

    @Test func attemptsAreCountedInARow() throws {
        var options = ReadingOptions()
        options.attempts = 2
        var position = ReadingPosition(.earliest, options)
        for _ in 0..<2 { _ = position.fail(Self.throttled, chance: 0) }
        _ = position.take(try Self.metadata(1))
        for _ in 0..<2 {
            guard case .retry = position.fail(Self.throttled, chance: 0) else {
                Issue.record("counted what is over")
                return
            }
        }
        guard case .giveUp = position.fail(Self.throttled, chance: 0) else {
            Issue.record("goes on")
            return
        }
    }
}
