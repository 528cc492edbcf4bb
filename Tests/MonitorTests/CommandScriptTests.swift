import Monitor
import Playback
import Testing

/// The commands after `-c`, one after the other.
@Suite struct CommandScriptTests {
    /// What the player says, and after how many milliseconds.
    private typealias Look = (status: PlayerStatus?, milliseconds: Int)

    private let start = ContinuousClock.now
    private let empty = PlayerStatus(stream: "front-door")

    /// A player whose picture is there, or on its way.
    private func status(isExact: Bool = true) -> PlayerStatus {
        var status = SamplePlayer.shifted()
        status.isExact = isExact
        if !isExact { status.target = status.position }
        return status
    }

    /// What the script answers to each look, one after the other.
    private func answers(_ line: String, _ looks: [Look]) -> [String?] {
        var script = CommandScript(line)
        return looks.map { script.next($0.status, at: start + .milliseconds($0.milliseconds)) }
    }

    @Test func whatNeedsNoPictureRunsAtOnce() {
        let found = answers("theme paper; ;seek 14:03", [(empty, 0), (empty, 0), (empty, 0)])
        #expect(found == ["theme paper", "seek 14:03", nil])
    }

    @Test func allRunsAtOnceWhereNoPlayerIsOpen() {
        #expect(answers("mark in;snapshot", [(nil, 0), (nil, 0)]) == ["mark in", "snapshot"])
    }

    @Test(arguments: ["mark in", "mark out", "snapshot", "export", "seek -30", "seek-fragment +1"])
    func whatCountsFromAPictureWaitsForTheFirst(command: String) {
        let looks: [Look] = [(empty, 0), (status(isExact: false), 100), (status(), 200)]
        #expect(answers(command, looks) == [nil, nil, command])
    }

    @Test func eachCommandBehindASeekWaitsForItsPicture() {
        // What the player says at first is from before the seek.
        let looks: [Look] = [
            (status(), 0), (status(), 10), (status(isExact: false), 50), (status(), 100), (status(), 100),
        ]
        let found = answers("seek 14:03;mark in;zone local", looks)
        #expect(found == ["seek 14:03", nil, nil, "mark in", "zone local"])
    }

    @Test func aSeekThatArrivedUnseenHoldsNothingUp() {
        let found = answers("seek 14:03;mark in", [(status(), 0), (status(), 10), (status(), 520)])
        #expect(found == ["seek 14:03", nil, "mark in"])
    }

    @Test func aPictureThatNeverComesIsNotWaitedForForEver() {
        let coming = status(isExact: false)
        let looks: [Look] = [(status(), 0), (coming, 0), (coming, 9900), (coming, 10_000)]
        #expect(answers("seek 14:03;mark in", looks) == ["seek 14:03", nil, nil, "mark in"])
    }
}
