import KinesisVideo
import Matroska
import NIOCore

/// Joins the source of an upload, its window and its connections.
///
/// The source runs ahead of the connections as far as the window holds; a connection takes what is at the cursor.
actor UploadFeed {
    /// What a connection finds.
    enum Step: Sendable {
        case part(StreamUpload.Part)
        /// The connection's body ends here.
        case end
    }

    /// A connection by its number; only the newest gets anything.
    struct Connection: Sendable, Hashable {
        let number: Int
        let deadline: ContinuousClock.Instant
    }

    private let configuration: StreamUpload.Configuration
    private var window: UploadWindow
    private var newest = 0
    /// The last connection whose time was over.
    private var rotated = 0
    private var isInterrupted = false
    /// Woken where there is something for the connection, or its end.
    private var work = Wakeup()
    /// Woken where the window has become smaller.
    private var space = Wakeup()

    init(_ configuration: StreamUpload.Configuration) {
        self.configuration = configuration
        window = UploadWindow(awaitsPersisted: configuration.awaitsPersisted)
    }

    var report: StreamUpload.Report { window.report }
    var isDrained: Bool { window.isDrained }

    // MARK: Source

    /// Fills the window until the source ends.
    func fill(
        from next: @Sendable () async throws -> StreamUpload.Part?,
        _ observe: @Sendable (StreamUpload.Event) -> Void
    ) async throws {
        while let part = try await next() {
            if configuration.isRealtime {
                window.append(part)
                window.shrink(to: configuration.windowBytes)
                for drop in window.takeDrops() { observe(.dropped(drop)) }
            } else {
                // A window of one fragment takes that, however large: the service judges its size.
                while window.bytes > configuration.windowBytes, window.count > 1 {
                    try await space.change().wait()
                }
                window.append(part)
            }
            work.wake()
        }
        window.finish()
        work.wake()
    }

    // MARK: Connections

    /// Waits until a connection is worth making.
    ///
    /// - Returns: false where nothing is left and nothing more will come.
    func needsConnection() async throws -> Bool {
        while !window.hasWork {
            if window.isDrained { return false }
            try await work.change().wait()
        }
        return true
    }

    /// Makes a connection the one that is served; the one before gets its end.
    func open() -> Connection {
        newest += 1
        work.wake()
        return Connection(number: newest, deadline: .now + configuration.rotation)
    }

    /// What comes next on a connection; waits for it.
    func next(on connection: Connection) async throws -> Step {
        while connection.number == newest {
            if window.isAtFragmentStart, ContinuousClock.now >= connection.deadline {
                rotated = connection.number
                work.wake()
                return .end
            }
            if let part = window.next() { return .part(part) }
            if window.isExhausted { return .end }
            try await work.change().wait()
        }
        return .end
    }

    /// Waits until a connection's time is over in the middle of the media.
    ///
    /// - Returns: false where it ended for another reason first.
    func waitForRotation(of connection: Connection) async -> Bool {
        while connection.number == newest, rotated != connection.number {
            guard (try? await work.change().wait()) != nil else { return false }
        }
        return rotated == connection.number
    }

    /// Takes an acknowledgement from any connection.
    func take(_ line: Acknowledgement, _ observe: @Sendable (StreamUpload.Event) -> Void)
        -> UploadWindow.Verdict
    {
        if isInterrupted, line.event != .error {
            isInterrupted = false
            observe(.resumed)
        }
        observe(.acknowledged(line))
        let verdict = window.take(line)
        for drop in window.takeDrops() { observe(.dropped(drop)) }
        space.wake()
        if window.isDrained { work.wake() }
        return verdict
    }

    /// Ends all connections for good.
    func close() {
        newest += 1
        work.wake()
    }

    /// Ends all connections and goes back to the oldest fragment that is not safe.
    func rollBack(wasOrderly: Bool) {
        newest += 1
        isInterrupted = !wasOrderly
        window.rollBack(wasOrderly: wasOrderly)
        work.wake()
        space.wake()
    }
}

/// Lets tasks wait for a change without looking again and again.
///
/// A value inside an actor: whoever waits has looked at the actor's state before, in the same turn.
private struct Wakeup {
    /// One for each that waits: to cancel one must not wake the others, who would look again for ever.
    private var waiting: [AsyncStream<Never>.Continuation] = []

    /// The next change, for one task to wait for.
    mutating func change() -> Change {
        let (stream, sink) = AsyncStream.makeStream(of: Never.self)
        waiting.append(sink)
        return Change(stream: stream)
    }

    /// Tells all that wait.
    mutating func wake() {
        for sink in waiting { sink.finish() }
        waiting = []
    }

    struct Change {
        let stream: AsyncStream<Never>

        /// Returns when it has happened.
        ///
        /// - Throws: CancellationError.
        func wait() async throws {
            for await _ in stream {}
            try Task.checkCancellation()
        }
    }
}
