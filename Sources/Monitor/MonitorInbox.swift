import Synchronization

/// Where other threads leave events for the monitor.
///
/// Bounded by what it keeps: of each kind of event only the newest, so that a feed that is faster than the
/// screen costs nothing. A report also replaces an earlier failure.
package final class MonitorInbox: Sendable {
    private let events = Mutex<[MonitorEvent]>([])
    private let closing = Mutex(false)

    /// Creates an empty inbox.
    package init() {}

    /// Leaves an event.
    package func post(_ event: MonitorEvent) {
        events.withLock { events in
            events.removeAll { Self.replaces(event, $0) }
            // Toasts and failures of single streams do not replace each other; more than this nobody could
            // read.
            if events.count < 256 { events.append(event) }
        }
    }

    /// Asks the monitor to end, as the user would.
    package func close() {
        closing.withLock { $0 = true }
    }

    /// True once the monitor is to end.
    var isClosed: Bool { closing.withLock { $0 } }

    /// Takes everything out.
    func take() -> [MonitorEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }

    private static func replaces(_ new: MonitorEvent, _ old: MonitorEvent) -> Bool {
        switch (new, old) {
        case (.source, .source), (.statistics, .statistics), (.statistics, .statisticsFailed),
            (.statisticsFailed, .statisticsFailed), (.clipProgress, .clipProgress),
            (.clockOffset, .clockOffset):
            true
        case (.inspected(let new, .listing), .inspected(let old, .listing)),
            (.inspected(let new, .acknowledgements), .inspected(let old, .acknowledgements)),
            (.inspected(let new, .found), .inspected(let old, .found)):
            new == old
        default: false
        }
    }
}
