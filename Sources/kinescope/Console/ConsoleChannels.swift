import Monitor
import Playback
import TerminalScreen

/// What the thread of the screens hands to the tasks around it.
struct ConsoleChannels: Sendable {
    /// What the service is asked for; the newest sixteen wait.
    let requests: AsyncStream<MonitorRequest>
    /// Takes what the service is asked for.
    let requestSink: AsyncStream<MonitorRequest>.Continuation
    /// Players that have been opened.
    let players: AsyncStream<Player>
    /// Takes players that have been opened.
    let playerSink: AsyncStream<Player>.Continuation
    /// Streams to make a picture of; only the newest waits.
    let previews: AsyncStream<PreviewDemand>
    /// Takes streams to make a picture of.
    let previewSink: AsyncStream<PreviewDemand>.Continuation

    init() {
        (requests, requestSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
        (players, playerSink) = AsyncStream.makeStream()
        (previews, previewSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Nothing more is handed over.
    func finish() {
        playerSink.finish()
        requestSink.finish()
        previewSink.finish()
    }

    /// Runs the players until the last can have come.
    func runPlayers(_ bell: ScreenBell) async {
        await withDiscardingTaskGroup { running in
            for await player in players {
                running.addTask { await player.run() }
                // A picture is shown when it is there, and not at the screen's next look.
                running.addTask { for await _ in player.changes { bell.ring() } }
            }
            running.cancelAll()
        }
    }

    /// Asks the service what is to be asked, until nothing more can come.
    func runRequests(_ changes: StreamChanges) async {
        for await request in requests {
            // A picture may take its time; whatever else is asked does not wait for it.
            if case .preview(let demand) = request {
                previewSink.yield(demand)
            } else {
                await changes.perform(request)
            }
        }
    }
}
