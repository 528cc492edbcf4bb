import KinescopeTesting
import KinesisVideo
import KinesisVideoProducer
import Matroska
import Testing

/// What is kept, sent, sent again and given up.
@Suite struct UploadWindowTests {
    /// Appends a fragment of two frames of 10 bytes.
    private static func add(_ timecode: UInt64, to window: inout UploadWindow) {
        window.append(.fragmentStart(timestamp: timecode))
        for index in 0..<2 {
            let time = Int64(timecode) + Int64(index) * 40
            window.append(.frame(ProducerBody.frame(1, time, isKey: index == 0, size: 10)))
        }
    }

    private static func filled(_ timecodes: [UInt64], awaitsPersisted: Bool = true) -> UploadWindow {
        var window = UploadWindow(awaitsPersisted: awaitsPersisted)
        for timecode in timecodes { add(timecode, to: &window) }
        return window
    }

    /// Sends all there is; the Cluster times that went out.
    private static func send(_ window: inout UploadWindow) -> [UInt64] {
        var sent: [UInt64] = []
        while let part = window.next() {
            if case .fragmentStart(let timestamp) = part { sent.append(timestamp) }
        }
        return sent
    }

    private static func line(
        _ event: Acknowledgement.Event,
        _ timecode: Int64?,
        _ error: IngestionError? = nil
    ) -> Acknowledgement {
        Acknowledgement(event, timecode: timecode, error: error)
    }

    @Test func whatIsPersistedLeavesAndIsNeverSentAgain() {
        var window = Self.filled([0, 100, 200])
        window.finish()
        #expect(Self.send(&window) == [0, 100, 200])
        for event in [Acknowledgement.Event.buffering, .received, .persisted] {
            #expect(window.take(Self.line(event, 0)) == .goOn)
        }
        #expect(window.take(Self.line(.received, 100)) == .goOn)
        window.rollBack()
        #expect(Self.send(&window) == [100, 200])
        for timecode: Int64 in [100, 200] {
            _ = window.take(Self.line(.received, timecode))
            _ = window.take(Self.line(.persisted, timecode))
        }
        #expect(window.isDrained && window.bytes == 0)
        #expect(window.report.sent == 3 && window.report.received == 3 && window.report.persisted == 3)
        #expect(window.report.resent == 2)
    }

    @Test func withoutAnArchiveReceivedIsEnough() {
        var window = Self.filled([0, 100], awaitsPersisted: false)
        window.finish()
        _ = Self.send(&window)
        _ = window.take(Self.line(.received, 0))
        window.rollBack()
        #expect(Self.send(&window) == [100])
    }

    @Test func anOrderlyEndLeavesNothingReceivedBehind() {
        var window = Self.filled([0, 100])
        _ = Self.send(&window)
        _ = window.take(Self.line(.received, 0))
        window.rollBack(.alive)
        #expect(Self.send(&window) == [100])
    }

    @Test func aFragmentUnderWayGoesOutFromItsStartAgain() {
        var window = Self.filled([0])
        #expect(Self.send(&window) == [0])
        window.rollBack()
        window.append(.frame(ProducerBody.frame(1, 80, size: 10)))
        var frames = 0
        while let part = window.next() { if case .frame = part { frames += 1 } }
        #expect(frames == 3)
        #expect(!window.isExhausted)
        window.finish()
        #expect(window.isExhausted && !window.isDrained)
    }

    @Test(arguments: [4001, 4002, 4004, 4006, 4009, 4011])
    func aFragmentThatIsRefusedIsLeftOutAndCounted(id: Int) {
        var window = Self.filled([0, 100, 200])
        _ = Self.send(&window)
        for event in [Acknowledgement.Event.received, .persisted] { _ = window.take(Self.line(event, 0)) }
        let error = IngestionError(id: id, code: "X")
        #expect(window.take(Self.line(.error, 100, error)) == .reconnect(error))
        #expect(
            window.takeDrops() == [UploadWindow.Drop(timecode: 100, frames: 2, reason: .refused(error))]
        )
        window.rollBack()
        #expect(Self.send(&window) == [200])
        #expect(window.report.droppedFrames == 2 && window.report.droppedFragments == 1)
        #expect(window.report.error == error && window.report.errorTimecode == 100)
    }

    @Test func anErrorWithoutATimecodeIsAboutTheFirstThatIsNotReceived() {
        var window = Self.filled([0, 100, 200])
        _ = Self.send(&window)
        _ = window.take(Self.line(.received, 0))
        _ = window.take(Self.line(.error, nil, .invalidMedia))
        window.rollBack()
        #expect(Self.send(&window) == [0, 200])
    }

    @Test(arguments: [4000, 4003, 5000, 5001, 9999])
    func otherErrorsAskForTheSameAgain(id: Int) {
        var window = Self.filled([0, 100])
        _ = Self.send(&window)
        let error = IngestionError(id: id, code: "X")
        #expect(window.take(Self.line(.error, 0, error)) == .reconnect(error))
        window.rollBack()
        #expect(Self.send(&window) == [0, 100])
        #expect(window.report.error == nil)
    }

    @Test(arguments: [4007, 4008, 4010, 4012, 4500, 4507])
    func whatEveryFragmentWouldFailByEndsTheUpload(id: Int) {
        var window = Self.filled([0])
        _ = Self.send(&window)
        let error = IngestionError(id: id, code: "X")
        #expect(window.take(Self.line(.error, 0, error)) == .giveUp(error))
    }

    @Test func aRefusedFragmentThatIsStillBeingMadeIsPassedOverToItsEnd() {
        var window = Self.filled([0])
        _ = Self.send(&window)
        _ = window.take(Self.line(.error, 0, .fragmentTooLong))
        window.rollBack()
        window.append(.frame(ProducerBody.frame(1, 80, size: 10)))
        #expect(Self.send(&window) == [])
        Self.add(100, to: &window)
        #expect(Self.send(&window) == [100])
        #expect(window.takeDrops().map(\.frames) == [3])
    }

    @Test func aFullWindowDropsTheOldestThatNoConnectionIsIn() {
        var window = Self.filled([0, 100, 200, 300])
        _ = window.next()
        window.shrink(to: 45)
        #expect(window.takeDrops().map(\.timecode) == [100, 200])
        #expect(Self.send(&window) == [300])
        #expect(window.bytes == 40)
    }

    @Test func aConnectionMayEndBetweenFragmentsOnly() {
        var window = Self.filled([0, 100])
        #expect(window.isAtFragmentStart)
        for _ in 0..<3 {
            _ = window.next()
        }
        #expect(window.isAtFragmentStart)
        _ = window.next()
        #expect(!window.isAtFragmentStart)
    }

    @Test func waitsDoubleToALimitAndBeginAnewAfterAQuietTime() {
        var delay = RetryDelay()
        let start = ContinuousClock.now
        let waits = (0..<7).map { _ in delay.next(at: start, chance: 0) }
        #expect(waits == [1, 2, 4, 8, 16, 16, 16].map { .seconds($0) })
        #expect(delay.next(at: start + .seconds(91), chance: 1) == .milliseconds(1300))
    }
}
