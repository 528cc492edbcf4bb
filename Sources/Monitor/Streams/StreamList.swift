package import KinesisVideo

/// The list of streams: reports in, rows out; selection, filter and order.
///
/// The selection follows the stream, not the row.
package struct StreamList: Sendable, Hashable {
    /// Milliseconds between two reports.
    package internal(set) var interval: Int64
    /// What was typed; empty for all streams.
    package private(set) var filter = ""
    /// What the list is sorted by.
    package private(set) var sort = SortColumn.name
    /// True where the order is the other way round.
    package private(set) var isReversed = false
    /// Name of the selected stream.
    package private(set) var selection: String?
    /// Names of the streams that are marked for the wall.
    package private(set) var marked: Set<String> = []
    /// First row shown.
    package private(set) var scroll = 0
    /// True where the bars of all rows share one scale.
    package internal(set) var isScaleCommon = false
    /// Why the last report did not come; nil where it did.
    package private(set) var fault: String?

    private var rows: [StreamRow] = []
    private var reported: ReportTime?
    private var order: [String] = []

    /// When the last report came, on both clocks.
    private struct ReportTime: Hashable {
        var service: Timestamp
        var here: Timestamp
    }

    /// Creates a list that nothing is known of yet.
    package init(interval: Int64 = 1000) {
        self.interval = interval
    }

    // MARK: Reports

    /// Takes a report of all streams.
    ///
    /// A stream that is missing in it is gone, unless its figures alone could not be had.
    package mutating func report(_ statistics: ServiceStatistics, at now: Timestamp) {
        fault = nil
        reported = ReportTime(service: statistics.now, here: now)
        let names = Set(statistics.streams.map(\.name))
        let faulty = rows.filter { $0.fault != nil && !names.contains($0.name) }
        rows =
            statistics.streams.map { stream in
                StreamRow(
                    statistics: stream,
                    reported: stream.asOf ?? statistics.now,
                    fault: stream.fault?.reason
                )
            } + faulty
        arrange(at: now)
    }

    /// Notes that no report came; the rows stay, and grow stale.
    package mutating func fail(_ reason: String) {
        fault = reason
    }

    /// Notes that one stream's figures could not be had.
    package mutating func fail(stream name: String, _ reason: String) {
        guard let index = rows.firstIndex(where: { $0.name == name }) else { return }
        rows[index].fault = reason
    }

    /// True once a report has come.
    package var hasReport: Bool { reported != nil }

    /// Number of all streams.
    package var count: Int { rows.count }

    /// Milliseconds since the last report came; nil before the first.
    package func age(at now: Timestamp) -> Int64? {
        reported.map { max(0, now.milliseconds - $0.here.milliseconds) }
    }

    /// True where the figures are older than twice the interval.
    package func isStale(at now: Timestamp) -> Bool {
        (age(at: now) ?? 0) > 2 * interval
    }

    /// The service's clock: that of the last report, and what has passed since.
    package func serviceClock(at now: Timestamp) -> Timestamp {
        guard let reported else { return now }
        return reported.service.advanced(byMilliseconds: now.milliseconds - reported.here.milliseconds)
    }

    // MARK: Rows

    /// The rows that the filter leaves, in order.
    package var visible: [StreamRow] {
        let byName = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
        return order.compactMap { byName[$0] }
    }

    /// The row of a stream.
    package func row(named name: String) -> StreamRow? {
        rows.first { $0.name == name }
    }

    /// Names of all streams.
    package var names: [String] { rows.map(\.name).sorted() }

    /// Place of the selected stream among the visible rows.
    package var selectedIndex: Int? {
        order.firstIndex { $0 == selection }
    }

    /// Shows only the streams that an expression leaves; see `StreamFilter`.
    package mutating func setFilter(_ text: String, at now: Timestamp) {
        filter = text
        arrange(at: now)
    }

    /// Sorts by a column; by the same one again, the other way round.
    package mutating func setSort(_ column: SortColumn, isReversed: Bool, at now: Timestamp) {
        sort = column
        self.isReversed = isReversed
        arrange(at: now)
    }

    /// Marks the selected stream, or takes its mark away.
    mutating func toggleMark() {
        guard let selection, order.contains(selection) else { return }
        if marked.remove(selection) == nil { marked.insert(selection) }
    }

    /// What a wall shows: the marked streams, also those that the filter hides, else all that it leaves.
    package var wallNames: [String] {
        let hidden = names.filter { marked.contains($0) && !order.contains($0) }
        let chosen = order.filter(marked.contains) + hidden
        return chosen.isEmpty ? order : chosen
    }

    /// What is wrong with the filter; nil where nothing is.
    package var filterFault: String? { StreamFilter(filter).fault }

    /// Selects a place among the visible rows, or the nearest there is.
    package mutating func select(index: Int) {
        guard !order.isEmpty else { return }
        selection = order[min(max(0, index), order.count - 1)]
    }

    /// Selects a visible row so many further down, and round at the ends; up where negative.
    package mutating func selectNext(_ step: Int) {
        guard let selectedIndex else { return }
        selection = order[((selectedIndex + step) % order.count + order.count) % order.count]
    }

    /// Scrolls so that the selected row is one of `height`.
    package mutating func scroll(toFit height: Int) {
        let last = max(0, order.count - height)
        if let selectedIndex {
            scroll = min(scroll, selectedIndex)
            scroll = max(scroll, selectedIndex - height + 1)
        }
        scroll = min(max(0, scroll), last)
    }

    private mutating func arrange(at now: Timestamp) {
        let clock = serviceClock(at: now)
        let wanted = StreamFilter(filter)
        let shown = rows.filter { wanted.keeps($0, at: clock) }
        let isDescending = sort.isDescending != isReversed
        order = shown.sorted { left, right in
            if sort == .codec, left.codec != right.codec {
                return ((left.codec ?? "~") < (right.codec ?? "~")) != isDescending
            }
            guard let (low, high) = keys(left, right, clock), low != high else {
                return left.name < right.name
            }
            return (low < high) != isDescending
        }.map(\.name)
        if sort == .name, isReversed { order.reverse() }
        // A selection that is gone or hidden falls on the first row; with no row left it waits for its
        // stream.
        if selection.map({ !order.contains($0) }) ?? true { selection = order.first ?? selection }
    }

    private func keys(_ left: StreamRow, _ right: StreamRow, _ now: Timestamp) -> (Double, Double)? {
        func key(_ row: StreamRow) -> Double {
            switch sort {
            case .name, .codec: 0
            case .state: Double(row.state(at: now).rawValue)
            case .rate: row.bitRate(at: now) ?? -1
            case .age: row.age(at: now).map(Double.init) ?? .greatestFiniteMagnitude
            case .lag:
                switch row.lag(at: now) {
                case .milliseconds(let lag): Double(lag)
                case .skew: 1e12
                case nil: 1e13
                }
            case .retention: Double(row.statistics.retentionHours)
            case .readers: Double(row.statistics.readers ?? -1)
            case .fragments: row.statistics.fragmentsPerSecond
            case .stored: Double(row.statistics.storedBytes ?? -1)
            }
        }
        return sort == .name ? nil : (key(left), key(right))
    }
}
