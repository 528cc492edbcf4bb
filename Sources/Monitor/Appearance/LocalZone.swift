import Foundation
package import KinesisVideo

/// The zone in which a viewer reads clocks.
package struct LocalZone: Sendable, Hashable {
    private let zone: TimeZone

    /// Coordinated universal time.
    package static let utc = LocalZone(.gmt)

    /// The zone of this machine.
    package static var current: LocalZone { LocalZone(.current) }

    private init(_ zone: TimeZone) {
        self.zone = zone
    }

    /// Takes a zone by its name, such as `Europe/Berlin`; nil where there is none of that name.
    package init?(named name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// Milliseconds that the zone lies east of UTC at a moment.
    package func offset(at time: Timestamp) -> Int64 {
        Int64(zone.secondsFromGMT(for: date(time))) * 1000
    }

    /// Its name at a moment: `CET`, `GMT+5:30`.
    package func name(at time: Timestamp) -> String {
        zone == .gmt ? "UTC" : zone.abbreviation(for: date(time)) ?? zone.identifier
    }

    private func date(_ time: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
    }
}

extension MonitorState {
    /// A moment as the clocks of the chosen zone show it: the figures of UTC at another moment.
    func zoned(_ time: Timestamp) -> Timestamp {
        showsLocalZone ? time.advanced(byMilliseconds: configuration.localZone.offset(at: time)) : time
    }

    /// Milliseconds that the chosen zone lies east of UTC now.
    var zoneOffset: Int64 { showsLocalZone ? configuration.localZone.offset(at: now) : 0 }

    /// Name of the chosen zone at a moment.
    func zoneName(_ time: Timestamp) -> String {
        showsLocalZone ? configuration.localZone.name(at: time) : "UTC"
    }
}
