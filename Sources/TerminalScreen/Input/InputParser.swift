/// Turns the bytes of a terminal into input, however they are cut.
///
/// A value without I/O: bytes and the time in, events out. `ESC` alone is told from the beginning of a
/// sequence by time: what is not complete by `deadline` is taken as it stands by `expire(at:)`. Sources:
/// ECMA-48, 5.4; xterm control sequences, "PC-Style Function Keys", "Mouse Tracking" (SGR), "Bracketed Paste
/// Mode".
package struct InputParser: Sendable {
    /// How long a sequence may stay incomplete.
    package let patience: Duration
    /// When `expire(at:)` is to be called; nil where nothing is incomplete.
    package private(set) var deadline: ContinuousClock.Instant?

    private var pending: [UInt8] = []
    private var paste: [UInt8]?

    /// A paste is cut off here, a sequence is dropped.
    private static let (pasteLimit, sequenceLimit) = (65_536, 4096)
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// Creates a parser.
    package init(patience: Duration = .milliseconds(50)) {
        self.patience = patience
    }

    /// Takes bytes as they came.
    package mutating func feed(_ bytes: some Sequence<UInt8>, at now: ContinuousClock.Instant) -> [InputEvent]
    {
        var events: [InputEvent] = []
        for byte in bytes {
            if paste != nil {
                if let event = takePasted(byte) { events.append(event) }
            } else {
                pending.append(byte)
                drain(&events)
            }
        }
        deadline = pending.isEmpty ? nil : now + patience
        return events
    }

    /// Gives up waiting for the rest of a sequence once its time is over.
    package mutating func expire(at now: ContinuousClock.Instant) -> [InputEvent] {
        guard let deadline, now >= deadline else { return [] }
        self.deadline = nil
        defer { pending = [] }
        switch pending.count {
        case 1 where pending[0] == 0x1B: return [.key(KeyPress(.escape))]
        case 2 where pending[0] == 0x1B && pending[1] < 0x80:
            return [.key(KeyPress(Character(Unicode.Scalar(pending[1])), .alt))]
        default: return []
        }
    }

    private mutating func drain(_ events: inout [InputEvent]) {
        while !pending.isEmpty {
            switch InputSequence.read(pending) {
            case .incomplete:
                if pending.count > Self.sequenceLimit { pending = [] }
                return
            case .pasteBegins(let count):
                pending.removeFirst(count)
                paste = []
                return
            case .complete(let event, let count):
                pending.removeFirst(count)
                if let event { events.append(event) }
            }
        }
    }

    private mutating func takePasted(_ byte: UInt8) -> InputEvent? {
        pending.append(byte)
        guard !Self.pasteEnd.starts(with: pending) else {
            guard pending.count == Self.pasteEnd.count else { return nil }
            let text = String(decoding: paste ?? [], as: UTF8.self)
            (paste, pending) = (nil, [])
            return .paste(text)
        }
        // The longest end of what was held back that can still begin the closing sequence stays held back.
        while !pending.isEmpty, !Self.pasteEnd.starts(with: pending) {
            let first = pending.removeFirst()
            if (paste?.count ?? 0) < Self.pasteLimit { paste?.append(first) }
        }
        return nil
    }
}
