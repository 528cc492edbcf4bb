import ArgumentParser
import KinesisVideo
import Monitor

/// The zone of the times of a command.
struct ZoneOptions: ParsableArguments {
    @Option(help: "Zone of times that name none, and of those printed for people: utc or local.")
    var zone: Zone = .utc

    /// A zone to choose.
    enum Zone: String, ExpressibleByArgument, CaseIterable, Sendable {
        case utc, local

        private var zone: LocalZone { self == .local ? .current : .utc }

        /// Milliseconds that it lies east of UTC at a moment.
        func offset(at time: Timestamp) -> Int64 { zone.offset(at: time) }

        /// RFC 3339 with its offset: `2025-11-22T15:03:22.480+01:00`, in UTC `2025-11-22T14:03:22.480Z`.
        func text(_ time: Timestamp) -> String {
            let offset = offset(at: time)
            guard offset != 0 else { return time.rfc3339 }
            let minutes = offset.magnitude / 60_000
            let parts = [minutes / 60, minutes % 60].map { String(String(100 + $0).dropFirst()) }
            let clock = time.advanced(byMilliseconds: offset).rfc3339.dropLast()
            return "\(clock)\(offset < 0 ? "-" : "+")\(parts[0]):\(parts[1])"
        }
    }
}
