import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    /// Mouse, rates and gaps on the built program.
    struct ScrubberTests {
        @Test(arguments: TerminalSize.both)
        func draggingPreviewsAndReleasingSeeksExactly(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 420)
                try await demo.openLive()
                try await demo.goTo("-5m")
                _ = try await demo.pause()
                // The stretch around has to be listed, or a drag over it could not know where it is.
                let listed = try await demo.terminal.wait(until: "listed rail") { screen in
                    !screen.row(size.rail).contains("┄")
                }
                let scale = try #require(TimelineScale(listed, size))
                let before = try demo.calls().count
                let clock = ContinuousClock()
                let pressed = clock.now
                try demo.terminal.mouse(.press, row: size.rail, column: 10)
                var previews = 0
                for column in stride(from: 12, through: 50, by: 2) {
                    try demo.terminal.mouse(.drag, row: size.rail, column: column)
                    if try demo.terminal.capture().title.contains("≈") { previews += 1 }
                }
                try demo.terminal.mouse(.release, row: size.rail, column: 50)
                let screen = try await demo.terminal.wait(until: "exact picture") { demo.isExact($0) }
                let took = clock.now - pressed
                #expect(previews > 0)
                let time = try #require(demo.pictureTime(screen)).timeOfDay
                #expect(abs(time - scale.time(atColumn: 50)) <= scale.millisecondsPerColumn + 200)
                #expect(screen.row(size.rail).map { $0 }.firstIndex(of: "┃") == 50)
                let calls = try demo.calls().dropFirst(before).filter { $0 != "getDataEndpoint" }
                let seconds = Double(took.components.seconds) + 1
                print("drag: \(calls.count) calls in \(took), \(previews) of 20 looks inexact")
                for name in ["listFragments", "getMediaForFragmentList"] {
                    #expect(Double(calls.filter { $0 == name }.count) <= 5 * seconds)
                }
                #expect(!calls.contains("getMedia"))
            }
        }

        @Test(arguments: TerminalSize.both)
        func escapeWhileDraggingGoesBackToWhereItBegan(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 420)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let place = try await demo.pause()
                try demo.terminal.mouse(.press, row: size.rail, column: 20)
                try await demo.terminal.wait(for: "preview") { $0.title.contains("≈") ? true : nil }
                try await demo.press("Escape", landsOn: place)
            }
        }

        @Test(arguments: TerminalSize.both)
        func theTimeUnderThePointerStandsInTheRuler(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 420)
                try await demo.openLive()
                try await demo.goTo("-5m")
                _ = try await demo.pause()
                let scale = try #require(TimelineScale(try demo.terminal.capture(), size))
                try demo.terminal.mouse(.move, row: size.rail, column: 30)
                let wanted = scale.time(atColumn: 30) / 1000
                try await demo.terminal.wait(for: "time under the pointer") { screen in
                    let times = screen.row(size.ruler).matches(of: #/(\d\d):(\d\d):(\d\d)/#)
                    return times.contains { match in
                        let parts = [match.output.1, match.output.2, match.output.3].compactMap { Int64($0) }
                        return abs((parts[0] * 60 + parts[1]) * 60 + parts[2] - wanted) <= 2
                    } ? true : nil
                }
            }
        }

        @Test(arguments: TerminalSize.both)
        func fasterThanLiveEndsAtTheLiveEdgeAndReverseGoesByKeyFrames(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 640)
                try await demo.openLive()
                try await demo.goTo("-10m")
                try demo.terminal.press(">", times: 4)
                try await demo.terminal.wait(for: "16×") { $0.title.contains("16×") ? true : nil }
                let live = try await demo.terminal.wait(until: "live edge", limit: .seconds(120)) { screen in
                    screen.title.contains(#/● LIVE .* 1×/#)
                }
                #expect(!live.title.contains("16×"))
                try await demo.goTo("-2m")
                try demo.terminal.press("r")
                var times: [Int64] = []
                try await demo.terminal.wait(for: "four key frames back") { screen in
                    guard screen.title.contains("−1×"), let time = demo.pictureTime(screen)?.milliseconds,
                        time != times.last
                    else { return times.count >= 5 ? true : nil }
                    times.append(time)
                    return nil
                }
                #expect(zip(times, times.dropFirst()).allSatisfy(>), "\(times)")
                // The first one is the frame at which playback turned round; a fragment of the archive has 2 s.
                #expect(times.dropFirst(2).allSatisfy { (times[1] - $0) % 2000 == 0 }, "\(times)")
            }
        }

        @Test(arguments: TerminalSize.both)
        func bracesAndPlaybackGoOverAGap(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 940)
                try await demo.openLive()
                // The gap is from 892 s to 640 s before the start.
                let gapStart = DemoTerminal.start.milliseconds - 892_000
                let gapEnd = DemoTerminal.start.milliseconds - 640_000
                try await demo.goTo("13:48:20")
                let before = try await demo.pause()
                #expect(before < gapStart)
                try await demo.press("}", landsOn: gapEnd)
                try await demo.goTo("13:48:20")
                try demo.terminal.press("Space")
                let named = try await demo.terminal.wait(until: "gap by name", limit: .seconds(40)) {
                    screen in
                    screen.rows.contains { $0.contains("gap 4 m 12 s → 13:52:42") }
                }
                #expect(named.title.contains("■ ARCHIVE"))
                try await demo.terminal.wait(for: "far side") { screen in
                    demo.pictureTime(screen).map { (gapEnd..<gapEnd + 5_000).contains($0.milliseconds) }
                        == true
                        ? true : nil
                }
            }
        }
    }
}

/// Which time stands at which column of a window of two minutes, read off a tick of the ruler.
private struct TimelineScale {
    var millisecondsPerColumn: Int64 { Self.window / columns }
    private static let window: Int64 = 120_000
    private let columns: Int64
    private let column: Int
    private let time: Int64

    init?(_ screen: ScreenCapture, _ size: TerminalSize) {
        let ruler = Array(screen.row(size.ruler))
        let playhead = Array(screen.row(size.rail)).firstIndex(of: "┃")
        var ticks: [(column: Int, time: Int64)] = []
        for index in ruler.indices.dropLast(7) {
            let text = String(ruler[index..<index + 8])
            guard let match = text.wholeMatch(of: #/(\d\d):(\d\d):(\d[05])/#) else { continue }
            let parts = [match.output.1, match.output.2, match.output.3].compactMap { Int64($0) }
            // The playhead's own time is centred below it and no tick.
            guard parts[2] % 30 == 0, index != playhead.map({ $0 - 4 }) else { continue }
            ticks.append((index, ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000))
        }
        guard let first = ticks.first, let last = ticks.last, last.column > first.column else { return nil }
        columns = Int64(size.trackCount)
        (column, time) = first
    }

    /// Milliseconds since midnight.
    func time(atColumn column: Int) -> Int64 {
        time + Int64(column - self.column) * Self.window / columns
    }
}
