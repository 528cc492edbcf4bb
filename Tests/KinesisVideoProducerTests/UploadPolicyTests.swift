import KinescopeTesting
import KinesisVideo
import KinesisVideoProducer
import Matroska
import Testing

/// What a window goes back to, and what it lets go of where it is full.
@Suite struct UploadPolicyTests {
    /// A window of fragments of three frames of 10 bytes, 40 ms apart, a fragment each second.
    private static func filled(_ count: Int, sent: Int = 0) -> UploadWindow {
        var window = UploadWindow(awaitsPersisted: true)
        for second in 0..<count {
            window.append(.fragmentStart(timestamp: UInt64(second) * 1000))
            for index in 0..<3 {
                let time = Int64(second) * 1000 + Int64(index) * 40
                window.append(.frame(ProducerBody.frame(1, time, isKey: index == 0, size: 10)))
            }
        }
        for _ in 0..<sent * 4 { _ = window.next() }
        return window
    }

    private static func receive(_ window: inout UploadWindow, _ seconds: Range<Int64>) {
        for second in seconds { _ = window.take(Acknowledgement(.received, timecode: second * 1000)) }
    }

    private static func starts(_ window: inout UploadWindow) -> [UInt64] {
        var starts: [UInt64] = []
        while let part = window.next() {
            if case .fragmentStart(let time) = part { starts.append(time) }
        }
        return starts
    }

    private static let rollBacks: [(UploadWindow.Host, Duration?, UInt64)] = [
        (.alive, nil, 3),
        (.dead, nil, 0),
        // The newest frame is at 4.08 s: what ended more than 2 s ahead of that is not sent again.
        (.dead, .seconds(2), 2),
        (.dead, .zero, 3),
        (.dead, .seconds(40), 0),
    ]

    @Test(arguments: rollBacks)
    func whatWasReceivedIsSafeWithAServiceThatIsAlive(
        host: UploadWindow.Host,
        replay: Duration?,
        first: UInt64
    ) {
        var window = Self.filled(5, sent: 4)
        Self.receive(&window, 0..<3)
        window.rollBack(host, replay: replay)
        #expect(Self.starts(&window) == (first..<5).map { $0 * 1000 })
    }

    @Test func whatWasNeverReceivedIsSentAgainHoweverOldItIs() {
        var window = Self.filled(5, sent: 5)
        Self.receive(&window, 1..<3)
        window.rollBack(.dead, replay: .zero)
        #expect(Self.starts(&window) == [0, 3000, 4000])
    }

    @Test(arguments: [
        (4000, UploadWindow.Host.alive), (4003, .alive), (4004, .alive), (4008, .alive), (4500, .alive),
        (5000, .dead), (5001, .dead), (9999, .dead),
    ])
    func anErrorTellsWhetherTheServiceIsAlive(id: Int, expected: UploadWindow.Host) {
        #expect(IngestionError(id: id, code: "X").host == expected)
    }

    @Test func theEndOfTheOldestGoesFirstWhereThatIsThePolicy() {
        var window = Self.filled(3)
        _ = window.next()
        window.shrink(to: 75, policy: .lastFramesOfOldest)
        #expect(window.bytes == 70)
        #expect(window.takeDrops().map(\.timecode) == [1000, 1000])
        // The start of the first one has been taken already.
        #expect(Self.starts(&window) == [1000, 2000])
        #expect(window.report.droppedFrames == 2 && window.report.droppedFragments == 0)
    }

    @Test func aFragmentOfOneFrameATrackIsDroppedWhole() {
        var window = Self.filled(4)
        _ = window.next()
        window.shrink(to: 80, policy: .lastFramesOfOldest)
        #expect(window.takeDrops().map(\.frames) == [1, 1, 1, 1])
        #expect(window.report.droppedFragments == 1 && window.bytes == 80)
    }

    @Test func mediaThatIsTooOldGoesWithItsReason() {
        var window = Self.filled(10, sent: 10)
        window.shrink(to: 1 << 20, duration: .seconds(5))
        let drops = window.takeDrops()
        #expect(drops.map(\.timecode) == [0, 1000, 2000, 3000, 4000])
        #expect(drops.allSatisfy { $0.reason == .tooOld && $0.frames == 3 })
        #expect(window.heldDuration == .milliseconds(4080))
    }

    @Test func whatIsOnDiskOnlyLeavesMemoryAndNothingThatIsUnderWay() {
        var window = Self.filled(6, sent: 2)
        _ = window.next()
        window.shrink(to: 120, isSpooled: true)
        // 0 and 1 are sent and 2 is being sent.
        #expect(window.takeDepartures() == [.deferred(serial: 3), .deferred(serial: 4)])
        #expect(window.takeDrops().isEmpty && window.report.droppedFragments == 0)
        #expect(Self.starts(&window) == [5000])
    }

    @Test func theLoadTellsWhatIsHeldAndWhatIsNotSent() {
        var window = Self.filled(3, sent: 1)
        #expect(window.heldDuration == .milliseconds(2080) && window.unsentDuration == .milliseconds(1080))
        #expect(!window.isSent)
        _ = Self.starts(&window)
        #expect(window.unsentDuration == .zero && window.isSent)
    }

    @Test func anEndOfFragmentMakesAFragmentWhole() {
        var window = Self.filled(1)
        window.append(.metadata(Tag("place", "yard")))
        window.append(.endOfFragment)
        // Neither belongs to anything any more.
        window.append(.metadata(Tag("place", "roof")))
        window.append(.endOfFragment)
        var parts: [StreamUpload.Part] = []
        while let part = window.next() { parts.append(part) }
        #expect(parts.count == 6 && parts.last == .endOfFragment)
        #expect(!window.isExhausted)
        window.finish()
        #expect(window.isExhausted)
    }
}
