import KinesisVideo
import Matroska

/// Joins the source of an upload, its window, its spool and its connections.
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
        /// Milliseconds that its times count from: 0 where they are absolute.
        let start: UInt64
    }

    /// Why a connection gets nothing more.
    enum ConnectionEnd: Sendable, Hashable {
        /// Its time is over, or what follows has other tracks; the next goes on.
        case timeIsOver(number: Int)
        /// It is to be given up, with what it has not acknowledged.
        case reset(String)
        /// It ended for another reason.
        case other
    }

    private let configuration: StreamUpload.Configuration
    private let spool: FragmentSpool?
    private let observe: @Sendable (StreamUpload.Event) -> Void
    private var window: UploadWindow
    private var newest = 0
    /// The last connection whose time was over.
    private var rotated = 0
    /// What the newest connection has begun to carry, and the latest time of it.
    private var carried: (tracks: [TrackEntry], latest: Int64)?
    /// True where fragments wait on disk.
    private var hasBacklog = false
    private var isInterrupted = false
    private var resetReason: String?
    /// The spool's number of each fragment of the window.
    private var spooled: [Int: FragmentSpool.Number] = [:]
    /// Woken where there is something for the connection, or its end.
    private var work = Wakeup()
    /// Woken where the window has become smaller, or the connection has caught up.
    private var space = Wakeup()

    init(
        _ configuration: StreamUpload.Configuration,
        spool: FragmentSpool? = nil,
        _ observe: @escaping @Sendable (StreamUpload.Event) -> Void
    ) {
        self.configuration = configuration
        self.spool = spool
        self.observe = observe
        window = UploadWindow(awaitsPersisted: configuration.awaitsPersisted)
    }

    var report: StreamUpload.Report { window.report }
    var isDrained: Bool { window.isDrained }
    /// What is held: bytes, media time, and media time not sent yet.
    var load: UploadLoad {
        UploadLoad(bytes: window.bytes, held: window.heldDuration, unsent: window.unsentDuration)
    }

    // MARK: Source

    /// Takes the next part; waits for room where the source is one that waits.
    ///
    /// - Throws: `CancellationError`; SpoolError where the spool cannot be written.
    func append(_ part: StreamUpload.Part) async throws {
        // On disk first: what has been sent and is lost with the service can then be sent again by whoever comes next.
        if let spool {
            let number = try await spool.append(part)
            if case .fragmentStart = part, let number { spooled[window.nextSerial] = number }
            for drop in await spool.takeDrops() { window.count(drop) }
        }
        if configuration.isRealtime {
            window.append(part)
            if configuration.dropPolicy != .refuseNewest || spool != nil { shrink() }
        } else {
            // A window of one fragment takes that, however large: the service judges its size.
            while window.bytes > configuration.windowBytes, window.count > 1 {
                try await space.change().wait()
            }
            window.append(part)
        }
        reportDrops()
        await settleDepartures()
        work.wake()
    }

    /// Takes a fragment that is in the spool.
    ///
    /// - Throws: `CancellationError`.
    func append(_ parts: [StreamUpload.Part], stored number: FragmentSpool.Number) async throws {
        while window.bytes > configuration.windowBytes { try await space.change().wait() }
        spooled[window.nextSerial] = number
        for part in parts { window.append(part) }
        work.wake()
    }

    private func shrink() {
        window.shrink(
            to: configuration.windowBytes,
            duration: configuration.bufferDuration,
            policy: configuration.dropPolicy,
            isSpooled: spool != nil
        )
    }

    /// Notes that the source has ended.
    func finish() {
        window.finish()
        work.wake()
        space.wake()
    }

    private func reportDrops() {
        for drop in window.takeDrops() { observe(.dropped(drop)) }
    }

    /// Takes what has left the window off the disk.
    private func settleDepartures() async {
        for departure in window.takeDepartures() {
            switch departure {
            case .safe(let serial), .dropped(let serial):
                if let number = spooled.removeValue(forKey: serial) { await spool?.remove(number) }
            case .deferred(let serial):
                guard let number = spooled.removeValue(forKey: serial) else { continue }
                await spool?.putBack(number)
                hasBacklog = true
                space.wake()
            }
        }
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
    ///
    /// - Parameter lifetime: how long its credentials are good for; nil for ever.
    /// - Returns: the connection.
    func open(lifetime: Duration?) -> Connection {
        newest += 1
        carried = nil
        resetReason = nil
        work.wake()
        // Three seconds ahead, as the connection ends at a fragment's start.
        let longest = min(
            configuration.rotation,
            lifetime.map { max(.zero, $0 - .seconds(3)) } ?? .seconds(1 << 40)
        )
        return Connection(
            number: newest,
            deadline: configuration.time.now() + longest,
            start: configuration.isRelative ? window.nextFragment?.timecode ?? 0 : 0
        )
    }

    /// What comes next on a connection; waits for it.
    func next(on connection: Connection) async throws -> Step {
        while connection.number == newest {
            if window.isAtFragmentStart, let fragment = window.nextFragment {
                guard let first = fragment.firstTime else {
                    try await work.change().wait()
                    continue
                }
                guard let carried else {
                    carried = (fragment.tracks, .min)
                    return .part(.tracks(fragment.tracks))
                }
                // The service refuses a fragment that begins no later than the one before ends, in one connection.
                let goesOn = carried.tracks == fragment.tracks && first > carried.latest
                guard goesOn, configuration.time.now() < connection.deadline else {
                    rotated = connection.number
                    work.wake()
                    return .end
                }
            }
            if let part = window.next() {
                if case .frame(let frame) = part, let latest = carried?.latest {
                    carried?.latest = max(latest, frame.timecode)
                }
                return .part(part)
            }
            space.wake()
            if window.isExhausted { return .end }
            try await work.change().wait()
        }
        return .end
    }

    /// Waits until a connection's time is over in the middle of the media, or it is given up.
    func waitForEnd(of connection: Connection) async -> ConnectionEnd {
        while connection.number == newest, rotated != connection.number {
            if let resetReason { return .reset(resetReason) }
            guard (try? await work.change().wait()) != nil else { return .other }
        }
        return rotated == connection.number ? .timeIsOver(number: connection.number) : .other
    }

    /// Gives the connection up, as one that does not get on.
    func reset(_ reason: String) {
        resetReason = reason
        work.wake()
    }

    // MARK: Beside the backlog

    /// Notes how it stands with what waits on disk.
    func noteBacklog(_ hasBacklog: Bool) {
        self.hasBacklog = hasBacklog
        space.wake()
    }

    /// Waits until the connection has got all there is: then there is room for what waits on disk.
    func waitUntilSent() async throws {
        while !window.isDrained, isInterrupted || !window.isSent { try await space.change().wait() }
    }

    /// Waits until something waits on disk and there is room for it.
    ///
    /// - Returns: false where nothing is left and nothing more will come.
    func waitForBacklog() async throws -> Bool {
        while !window.isDrained {
            if hasBacklog, !isInterrupted, window.isSent { return true }
            try await space.change().wait()
        }
        return hasBacklog
    }

    /// Adds what became of fragments from the disk.
    func add(_ report: StreamUpload.Report) {
        window.add(report)
    }

    // MARK: Acknowledgements

    /// Takes an acknowledgement from any connection.
    func take(_ line: Acknowledgement, from connection: Connection) async -> UploadWindow.Verdict {
        if isInterrupted, line.event != .error {
            isInterrupted = false
            observe(.resumed)
        }
        var line = line
        line.fragmentTimecode = line.fragmentTimecode.map { $0 + Int64(clamping: connection.start) }
        observe(.acknowledged(line))
        let verdict = window.take(line)
        reportDrops()
        await settleDepartures()
        space.wake()
        if window.isDrained { work.wake() }
        return verdict
    }

    /// Ends all connections for good.
    func close() {
        newest += 1
        work.wake()
        space.wake()
    }

    /// Ends all connections and goes back to the oldest fragment that is not safe.
    ///
    /// - Parameters:
    ///   - host: what is known of the service.
    ///   - isInterruption: true where the next connection is made after a while.
    func rollBack(_ host: UploadWindow.Host, isInterruption: Bool) async {
        newest += 1
        isInterrupted = isInterruption
        window.rollBack(host, replay: configuration.replayDuration)
        await settleDepartures()
        work.wake()
        space.wake()
    }
}

/// What an upload holds.
package struct UploadLoad: Sendable, Hashable {
    /// Bytes of frames.
    package var bytes: Int
    /// Media time of all fragments.
    package var held: Duration
    /// Media time that no connection has taken.
    package var unsent: Duration

    /// Creates a load.
    package init(bytes: Int = 0, held: Duration = .zero, unsent: Duration = .zero) {
        (self.bytes, self.held, self.unsent) = (bytes, held, unsent)
    }
}
