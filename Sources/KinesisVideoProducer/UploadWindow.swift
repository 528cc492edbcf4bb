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
    /// Why a fragment or a part of it was left out.
    public enum DropReason: Hashable, Sendable, CustomStringConvertible {
        /// The window was full and the oldest had to go.
        case windowFull
        /// The service refuses it, and would refuse it again.
        case refused(IngestionError)
        /// The service ended the fragment while it was being made: what followed has no key frame to stand on.
        case endedEarly

        /// The reason in a few words.
        public var description: String {
            switch self {
            case .windowFull: "no room while the service is away"
            case .refused(let error): "the service refuses it: \(error)"
            case .endedEarly: "the service ended the fragment ahead of them"
            }
        }
    }

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

    private struct Entry {
        let serial: Int
        let timecode: UInt64
        var parts: [StreamUpload.Part]
        var bytes = 0
        /// True once its last frame is there.
        var isWhole = false
        /// On any connection: each fragment counts once.
        var wasSent = false
        /// On the connection at hand.
        var isReceived = false
        /// On any connection: each fragment counts once.
        var wasReceived = false
        var frameCount: Int { parts.count - 1 }
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
    private var nextSerial = 0
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

    /// What has been left out since the last call.
    public mutating func takeDrops() -> [Drop] {
        defer { drops = [] }
        return drops
    }

    // MARK: From the source

    /// Takes the next part.
    public mutating func append(_ part: StreamUpload.Part) {
        switch part {
        case .fragmentStart(let timestamp):
            endOrphan()
            if !entries.isEmpty { entries[entries.count - 1].isWhole = true }
            entries.append(Entry(serial: nextSerial, timecode: timestamp, parts: [part]))
            nextSerial += 1
        case .frame(let frame):
            if orphan != nil || entries.isEmpty {
                orphan?.frames += 1
                return
            }
            entries[entries.count - 1].parts.append(part)
            entries[entries.count - 1].bytes += frame.data.count
            bytes += frame.data.count
        }
    }

    /// Notes that the source has ended.
    public mutating func finish() {
        endOrphan()
        isAtEnd = true
        if !entries.isEmpty { entries[entries.count - 1].isWhole = true }
    }

    /// Makes room by dropping the oldest fragments that no connection is in the middle of.
    public mutating func shrink(to limit: Int) {
        while bytes > limit,
            let index = entries.firstIndex(where: { $0.serial != cursor.serial && $0.isWhole })
        {
            drop(at: index, .windowFull)
        }
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
    private var cursorIndex: Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].serial < cursor.serial { low = middle + 1 } else { high = middle }
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

    /// Goes back to the oldest fragment that is not safe, for a new connection.
    ///
    /// - Parameter wasOrderly: true where the service ended the connection without an error: what it has received
    ///   then is safe with it, whether it said PERSISTED or not.
    public mutating func rollBack(wasOrderly: Bool = false) {
        if wasOrderly {
            while let index = entries.firstIndex(where: \.isReceived) { leave(at: index) }
        }
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
        guard !entry.isWhole else { return }
        // A silent connection was ended, and the fragment with it.
        orphan = Drop(timecode: entry.timecode, frames: 0, reason: .endedEarly)
    }

    private mutating func drop(at index: Int, _ reason: DropReason) {
        let entry = entries.remove(at: index)
        bytes -= entry.bytes
        report.droppedFragments += 1
        let drop = Drop(timecode: entry.timecode, frames: entry.frameCount, reason: reason)
        if entry.isWhole { note(drop) } else { orphan = drop }
    }
}

extension IngestionError {
    /// What a producer does about an error.
    enum Disposition {
        /// The same fragment again, on a new connection.
        case retry
        /// The next fragment, on a new connection.
        case skipFragment
        /// Nothing helps.
        case fatal
    }

    /// Source: 03 PutMedia, "Error ids"; 08 Producer library, "Reconnect and rollback", rule 4.
    var disposition: Disposition {
        switch id {
        case 4001, 4002, 4004, 4006, 4009, 4011: .skipFragment
        // The producer's clock, its tracks, the stream or its key: every fragment would fail alike.
        case 4007, 4008, 4010, 4012, 4500...4507: .fatal
        default: .retry
        }
    }
}
