public import KinesisVideo
import Matroska

/// The media of a stream from its source to the service's word that it is safe.
///
/// ```
///   oldest                                             newest
///   | sent, RECEIVED | sent | being sent | waiting | being made |
///     '- leaves at PERSISTED     '- cursor
/// ```
/// A fragment leaves when the service has it: at PERSISTED, on a stream without retention at RECEIVED. When a
/// connection ends before that, the cursor goes back to the oldest fragment that is left, so that nothing is lost and
/// nothing that is safe is sent again; each connection begins at the start of a fragment. A value without I/O.
///
/// Source: 08 Producer library, "Reconnect and rollback" and "Overflow and pressure".
public struct UploadWindow: Sendable {
    /// What was left out, for the log.
    public struct Drop: Sendable, Hashable {
        /// The fragment, as its Cluster's time in milliseconds.
        public var timecode: UInt64
        /// Frames left out.
        public var frames: Int
        /// Why.
        public var reason: DropReason

        /// Creates an entry of the log.
        public init(timecode: UInt64, frames: Int, reason: DropReason) {
            self.timecode = timecode
            self.frames = frames
            self.reason = reason
        }
    }

    /// What an acknowledgement asks of the connection that brought it.
    public enum Verdict: Sendable, Hashable {
        /// Nothing.
        case goOn
        /// A new connection, from where ``rollBack()`` leads.
        case reconnect(IngestionError)
        /// No connection will ever do.
        case giveUp(IngestionError)
    }

    /// How a fragment left the window.
    package enum Departure: Sendable, Hashable {
        /// The service has it safely.
        case safe(serial: Int)
        /// It will never be sent.
        case dropped(serial: Int)
        /// It is to be sent later, from the spool.
        case deferred(serial: Int)
    }

    private struct Entry {
        let serial: Int
        let timecode: UInt64
        /// What the fragment's tracks are; a connection has one set of them.
        let tracks: [TrackEntry]
        var parts: [StreamUpload.Part]
        var bytes = 0
        /// The latest time of a frame in milliseconds.
        var latest: Int64
        var frameCount = 0
        /// True once its last frame is there.
        var isWhole = false
        /// On any connection: each fragment counts once.
        var wasSent = false
        /// On the connection at hand.
        var isReceived = false
        /// On any connection: each fragment counts once.
        var wasReceived = false
    }

    private struct Cursor {
        var serial: Int
        var part = 0
    }

    /// True where fragments are kept until they are PERSISTED; else until they are RECEIVED.
    public let awaitsPersisted: Bool
    /// What became of the fragments so far.
    public private(set) var report = StreamUpload.Report()
    /// Bytes of the frames that are held.
    public private(set) var bytes = 0

    private var entries: [Entry] = []
    private var tracks: [TrackEntry] = []
    private var departures: [Departure] = []
    /// The number of the next fragment; each counts one up.
    private(set) var nextSerial = 0
    /// The fragment that the connection is in, and how many of its parts it has.
    private var cursor = Cursor(serial: 0)
    /// Frames of a fragment that is gone are passed over until the next begins.
    private var orphan: Drop?
    private var drops: [Drop] = []
    private var isAtEnd = false

    /// Creates an empty window.
    public init(awaitsPersisted: Bool) {
        self.awaitsPersisted = awaitsPersisted
    }

    /// True once the source has ended and everything has left.
    public var isDrained: Bool { isAtEnd && entries.isEmpty }

    /// Fragments that are held.
    public var count: Int { entries.count }

    /// True where a connection has something to do.
    public var hasWork: Bool { cursorIndex != nil }

    /// Media time from the oldest fragment that is held to the newest frame.
    public var heldDuration: Duration {
        duration(since: entries.first.map { Int64(clamping: $0.timecode) })
    }

    /// Media time from the next part to be sent to the newest frame.
    public var unsentDuration: Duration {
        let cursor = settledCursor
        guard let entry = index(from: cursor.serial).map({ entries[$0] }) else { return .zero }
        guard entry.serial == cursor.serial, cursor.part < entry.parts.count,
            case .frame(let frame) = entry.parts[cursor.part]
        else { return isSent ? .zero : duration(since: Int64(clamping: entry.timecode)) }
        return duration(since: frame.timecode)
    }

    /// True where the connection has been given all there is.
    public var isSent: Bool {
        let cursor = settledCursor
        guard let last = entries.last, last.serial >= cursor.serial else { return true }
        return last.serial == cursor.serial && cursor.part >= last.parts.count
    }

    /// The fragment at the cursor: its time, its tracks, and the time of its first frame if that is there.
    var nextFragment: (timecode: UInt64, tracks: [TrackEntry], firstTime: Int64?)? {
        let cursor = settledCursor
        guard let entry = index(from: cursor.serial).map({ entries[$0] }) else { return nil }
        guard entry.parts.count > 1, case .frame(let frame) = entry.parts[1] else {
            return (entry.timecode, entry.tracks, entry.isWhole ? Int64(clamping: entry.timecode) : nil)
        }
        return (entry.timecode, entry.tracks, frame.timecode)
    }

    private func duration(since time: Int64?) -> Duration {
        guard let time, let newest = entries.last else { return .zero }
        return .milliseconds(max(0, newest.latest - time))
    }

    /// How fragments have left since the last call.
    package mutating func takeDepartures() -> [Departure] {
        defer { departures = [] }
        return departures
    }

    /// What has been left out since the last call.
    public mutating func takeDrops() -> [Drop] {
        defer { drops = [] }
        return drops
    }

    // MARK: From the source

    /// Takes the next part.
    public mutating func append(_ part: StreamUpload.Part) {
        switch part {
        case .tracks(let tracks): self.tracks = tracks
        case .fragmentStart(let timestamp):
            endOrphan()
            if !entries.isEmpty { entries[entries.count - 1].isWhole = true }
            entries.append(
                Entry(
                    serial: nextSerial,
                    timecode: timestamp,
                    tracks: tracks,
                    parts: [part],
                    latest: Int64(clamping: timestamp)
                )
            )
            nextSerial += 1
        case .frame(let frame):
            if orphan != nil || entries.isEmpty {
                orphan?.frames += 1
                return
            }
            let index = entries.count - 1
            entries[index].parts.append(part)
            entries[index].frameCount += 1
            entries[index].latest = max(entries[index].latest, frame.timecode)
            entries[index].bytes += frame.data.count
            bytes += frame.data.count
        case .metadata, .endOfFragment:
            guard orphan == nil, let last = entries.last, !last.isWhole else { return }
            entries[entries.count - 1].parts.append(part)
            if part == .endOfFragment { entries[entries.count - 1].isWhole = true }
        }
    }

    /// Notes that the source has ended.
    public mutating func finish() {
        endOrphan()
        isAtEnd = true
        if !entries.isEmpty { entries[entries.count - 1].isWhole = true }
    }

    /// Makes room by dropping fragments, the oldest first, that no connection is in the middle of.
    ///
    /// - Parameters:
    ///   - limit: bytes of frames that may stay.
    ///   - duration: media time that may stay; nil for any.
    ///   - policy: what is dropped.
    ///   - isSpooled: true where what has to go is on disk, and only leaves memory.
    public mutating func shrink(
        to limit: Int,
        duration: Duration? = nil,
        policy: DropPolicy = .oldestFragment,
        isSpooled: Bool = false
    ) {
        while true {
            // What a connection is in the middle of stays, however old it is, and does not count.
            let isUnderWay = cursor.part > 0
            let held = self.duration(
                since: entries.first { !isUnderWay || $0.serial != cursor.serial }
                    .map { Int64(clamping: $0.timecode) }
            )
            guard bytes > limit || duration.map({ held > $0 }) ?? false else { return }
            let reason: DropReason = bytes > limit ? .storeFull : .tooOld
            let isFarTooMuch = bytes > 2 * limit || duration.map { held > $0 * 2 } ?? false
            let index = entries.firstIndex { entry in
                // What has been sent may be acknowledged any moment, and is then not to be sent again from the disk.
                let isFree =
                    isSpooled && !isFarTooMuch
                    ? entry.serial > cursor.serial : !isUnderWay || entry.serial != cursor.serial
                return isFree && entry.isWhole
            }
            guard let index else { return }
            if isSpooled {
                let entry = entries.remove(at: index)
                bytes -= entry.bytes
                departures.append(.deferred(serial: entry.serial))
                // Whoever sends it from the disk counts it.
                if entry.wasSent { report.sent -= 1 }
                if entry.wasReceived { report.received -= 1 }
            } else if policy == .lastFramesOfOldest, reason == .storeFull, thin(at: index) {
                continue
            } else {
                drop(at: index, reason)
            }
        }
    }

    /// Drops the last frame of a fragment: what is ahead of it can still be decoded.
    ///
    /// - Returns: false where a track would have no frame left, which the service does not take.
    private mutating func thin(at index: Int) -> Bool {
        let parts = entries[index].parts
        guard !entries[index].wasSent,
            let place = parts.lastIndex(where: { if case .frame = $0 { true } else { false } }),
            case .frame(let frame) = parts[place]
        else { return false }
        let others = parts[..<place].count { part in
            if case .frame(let other) = part { other.track == frame.track } else { false }
        }
        guard others > 0 else { return false }
        entries[index].parts.remove(at: place)
        entries[index].frameCount -= 1
        entries[index].bytes -= frame.data.count
        bytes -= frame.data.count
        note(Drop(timecode: entries[index].timecode, frames: 1, reason: .storeFull))
        return true
    }

    /// Counts what was left out elsewhere.
    mutating func count(_ drop: Drop) {
        report.droppedFragments += 1
        note(drop)
    }

    /// Adds what became of fragments that another window held.
    mutating func add(_ other: StreamUpload.Report) {
        report.add(other)
    }

    private mutating func endOrphan() {
        if let orphan, orphan.frames > 0 { note(orphan) }
        orphan = nil
    }

    private mutating func note(_ drop: Drop) {
        report.droppedFrames += drop.frames
        drops.append(drop)
    }

    // MARK: To the connection

    /// The next part to send; nil where the connection has all there is.
    public mutating func next() -> StreamUpload.Part? {
        cursor = settledCursor
        guard let index = cursorIndex, cursor.part < entries[index].parts.count else { return nil }
        defer { cursor.part += 1 }
        if !entries[index].wasSent { report.sent += 1 }
        entries[index].wasSent = true
        return entries[index].parts[cursor.part]
    }

    /// The cursor behind what is gone and what has been sent whole.
    private var settledCursor: Cursor {
        guard let index = cursorIndex else { return cursor }
        let entry = entries[index]
        let settled = entry.serial == cursor.serial ? cursor : Cursor(serial: entry.serial)
        guard settled.part == entry.parts.count, entry.isWhole else { return settled }
        // A whole fragment is never empty, so the next begins at its first part.
        return Cursor(serial: index + 1 < entries.count ? entries[index + 1].serial : entry.serial + 1)
    }

    /// The fragment at the cursor, or the next that is left.
    private var cursorIndex: Int? { index(from: cursor.serial) }

    private func index(from serial: Int) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].serial < serial { low = middle + 1 } else { high = middle }
        }
        return low < entries.count ? low : nil
    }

    /// True where the next part is there and begins a fragment: one connection may end here and another begin.
    public var isAtFragmentStart: Bool {
        let cursor = settledCursor
        return cursor.part == 0 && entries.last.map { $0.serial >= cursor.serial } ?? false
    }

    /// True where the connection has been given everything and nothing more will come.
    public var isExhausted: Bool {
        isAtEnd && entries.last.map { $0.serial < settledCursor.serial } ?? true
    }

    /// What is known of the service when a connection has ended.
    public enum Host: Sendable, Hashable {
        /// It ended the connection and had nothing to say against it, or said why: what it has RECEIVED is safe with
        /// it, whether it said PERSISTED or not.
        case alive
        /// Nothing: what it has RECEIVED may be lost.
        case dead
    }

    /// Goes back to the oldest fragment that is not safe, for a new connection.
    ///
    /// Source: 08 Producer library, "Reconnect and rollback", rules 2 and 3. What was never RECEIVED is sent again
    /// however old it is.
    ///
    /// - Parameters:
    ///   - host: what is known of the service.
    ///   - replay: how far back to go at most for what was RECEIVED by a service that is dead now; nil for all.
    public mutating func rollBack(_ host: Host = .dead, replay: Duration? = nil) {
        let newest = entries.last?.latest ?? 0
        while let index = entries.firstIndex(where: { entry in
            let age = Duration.milliseconds(newest - entry.latest)
            return entry.isReceived && (host == .alive || replay.map { age > $0 } ?? false)
        }) { leave(at: index) }
        report.resent += entries.count {
            $0.serial < cursor.serial || ($0.serial == cursor.serial && cursor.part > 0)
        }
        cursor = Cursor(serial: entries.first?.serial ?? nextSerial)
        for index in entries.indices { entries[index].isReceived = false }
    }

    /// Takes an acknowledgement.
    public mutating func take(_ line: Acknowledgement) -> Verdict {
        switch line.event {
        case .buffering, .idle: return .goOn
        case .received:
            guard let index = entry(of: line, where: { !$0.isReceived }) else { return .goOn }
            entries[index].isReceived = true
            if !entries[index].wasReceived { report.received += 1 }
            entries[index].wasReceived = true
            if !awaitsPersisted { leave(at: index) }
            return .goOn
        case .persisted:
            guard let index = entry(of: line, where: { _ in true }) else { return .goOn }
            report.persisted += 1
            leave(at: index)
            return .goOn
        case .error: return judge(line)
        }
    }

    private func entry(of line: Acknowledgement, where isMeant: (Entry) -> Bool) -> Int? {
        guard let timecode = line.fragmentTimecode.flatMap(UInt64.init(exactly:)) else { return nil }
        return entries.firstIndex { $0.timecode == timecode && $0.serial <= cursor.serial && isMeant($0) }
    }

    private mutating func judge(_ line: Acknowledgement) -> Verdict {
        let error = line.error ?? .internalError
        switch error.disposition {
        case .retry: return .reconnect(error)
        case .fatal:
            report.error = report.error ?? error
            report.errorTimecode = report.errorTimecode ?? line.fragmentTimecode
            return .giveUp(error)
        case .skipFragment:
            report.error = report.error ?? error
            // Without a timecode it is the first that the service has not got whole.
            let index = entry(of: line, where: { _ in true }) ?? entries.firstIndex { !$0.isReceived }
            if let index {
                report.errorTimecode = report.errorTimecode ?? Int64(clamping: entries[index].timecode)
                drop(at: index, .refused(error))
            }
            return .reconnect(error)
        }
    }

    // MARK: Leaving

    /// The service has the fragment.
    private mutating func leave(at index: Int) {
        let entry = entries.remove(at: index)
        bytes -= entry.bytes
        departures.append(.safe(serial: entry.serial))
        guard !entry.isWhole else { return }
        // A silent connection was ended, and the fragment with it.
        orphan = Drop(timecode: entry.timecode, frames: 0, reason: .endedEarly)
    }

    private mutating func drop(at index: Int, _ reason: DropReason) {
        let entry = entries.remove(at: index)
        bytes -= entry.bytes
        departures.append(.dropped(serial: entry.serial))
        report.droppedFragments += 1
        let drop = Drop(timecode: entry.timecode, frames: entry.frameCount, reason: reason)
        if entry.isWhole { note(drop) } else { orphan = drop }
    }
}
