package import KinesisVideo

/// What has happened since the console was opened: the newest lines, the oldest go.
package struct EventLog: Sendable, Hashable {
    /// How much a line matters.
    package enum Level: Int, Sendable, Hashable, CaseIterable, Comparable {
        /// Something failed.
        case error = 1
        /// Something needs a look.
        case warning
        /// Something happened.
        case info
        /// Something for those who look for a fault.
        case debug

        /// One short word.
        package var word: String {
            switch self {
            case .error: "error"
            case .warning: "warn"
            case .info: "info"
            case .debug: "debug"
            }
        }

        /// Orders by weight, the heaviest first.
        package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// One line.
    package struct Line: Sendable, Hashable {
        /// When.
        package var time: Timestamp
        /// How much it matters.
        package var level: Level
        /// What it is about: the name of a stream, or a part of the program.
        package var source: String
        /// What happened.
        package var text: String

        /// Creates a line.
        package init(time: Timestamp, level: Level, source: String, text: String) {
            self.time = time
            self.level = level
            self.source = source
            self.text = text
        }

        /// The whole line, as it is copied.
        package var description: String { "\(time.rfc3339) \(level.word) \(source) \(text)" }
    }

    /// Lines kept.
    package static let limit = 500

    /// The lines, oldest first.
    package private(set) var lines: [Line] = []

    /// Creates an empty log.
    package init() {}

    /// Adds a line.
    package mutating func add(_ line: Line) {
        if lines.count == Self.limit { lines.removeFirst() }
        lines.append(line)
    }

    /// How many lines are of a level.
    package func count(_ level: Level) -> Int {
        lines.count { $0.level == level }
    }
}

/// The overlay that shows the log.
package struct LogScreen: Sendable, Hashable {
    /// Lines between the newest shown and the newest there is.
    package internal(set) var scroll = 0
    /// The least weight that is shown.
    package internal(set) var level = EventLog.Level.info
    /// What lines must hold.
    package internal(set) var filter = ""

    /// The lines shown of a log, oldest first.
    package func lines(of log: EventLog) -> [EventLog.Line] {
        let wanted = filter.lowercased()
        return log.lines.filter { line in
            line.level <= level && (wanted.isEmpty || line.description.lowercased().contains(wanted))
        }
    }
}

extension String {
    /// The text without the id of the call that failed, which is another one each time: ` · request 7f3a91c2`.
    ///
    /// The log keeps it; a fault that lasts is one fault.
    var withoutRequest: String { replacing(#/ · request [0-9A-Za-z-]+/#, with: "") }
}
