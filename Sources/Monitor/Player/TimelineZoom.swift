/// How long a window of time the timeline shows.
package enum TimelineZoom: Int, Sendable, Hashable, CaseIterable {
    /// The ladder, from near to far.
    case seconds30, minutes2, minutes10, hour, hours6, day, week, all

    /// Length of the window in milliseconds; nil for everything that is kept.
    package var length: Int64? {
        switch self {
        case .seconds30: 30_000
        case .minutes2: 120_000
        case .minutes10: 600_000
        case .hour: 3_600_000
        case .hours6: 21_600_000
        case .day: 86_400_000
        case .week: 604_800_000
        case .all: nil
        }
    }

    /// Its name, as it stands at the right of the bars.
    package var name: String {
        switch self {
        case .seconds30: "30 s"
        case .minutes2: "2 m"
        case .minutes10: "10 m"
        case .hour: "1 h"
        case .hours6: "6 h"
        case .day: "24 h"
        case .week: "7 d"
        case .all: "all"
        }
    }

    /// The next shorter window; itself where there is none.
    package var nearer: TimelineZoom { TimelineZoom(rawValue: rawValue - 1) ?? self }

    /// The next longer window; itself where there is none.
    package var farther: TimelineZoom { TimelineZoom(rawValue: rawValue + 1) ?? self }
}
