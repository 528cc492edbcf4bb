import KinesisVideo
import Monitor
import Synchronization
import TerminalScreen
import TerminalVideo
import Testing

@Suite struct StatisticsPollerTests {
    private struct Refused: Error, CustomStringConvertible {
        let description = "connection refused"
    }

    /// What the poller left after so many answers, read off the first frame.
    private static func screen(
        after answers: Int,
        fetch: @escaping @Sendable (Int) throws -> ServiceStatistics
    ) async throws -> String {
        let inbox = MonitorInbox()
        let count = Mutex(0)
        let task = Task {
            let poller = StatisticsPoller(inbox: inbox, interval: .zero) {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number > answers { throw CancellationError() }
                return try fetch(number)
            }
            await poller.run()
        }
        await task.value
        let screen = MemoryScreen(
            size: ScreenSize(rows: 24, columns: 80),
            script: [[], [.key(KeyPress("q"))]]
        )
        let app = MonitorApp(
            screen: screen,
            configuration: MonitorState.Configuration(endpoint: "local:7070"),
            options: MonitorApp.Options(theme: .colorless, depth: .none),
            inbox: inbox,
            now: { SampleStreams.now },
            makePlayer: { _, _, _ in fatalError("nothing opens a player here") }
        )
        try app.run()
        return screen.frames.first?.buffer.textDump ?? ""
    }

    @Test func reportsReachTheScreen() async throws {
        let text = try await Self.screen(after: 3) { _ in SampleStreams.current }
        #expect(text.contains("Streams 6 of 6"))
    }

    @Test func aFailureIsShownAndTheLastOneCounts() async throws {
        let failed = try await Self.screen(after: 2) { number in
            if number == 2 { throw Refused() }
            return SampleStreams.current
        }
        #expect(failed.contains("✕ connection refused"))
        let recovered = try await Self.screen(after: 2) { number in
            if number == 1 { throw Refused() }
            return SampleStreams.current
        }
        #expect(!recovered.contains("connection refused"))
    }
}
