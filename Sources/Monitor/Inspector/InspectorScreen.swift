package import KinesisVideo
package import Matroska

/// The inspector: a table of fragments, and what the selected one holds, to the byte.
///
/// One place in the fragment's bytes is the selection of all panes: a frame chosen in one is the element
/// chosen in another and the byte in the third.
package struct InspectorScreen: Sendable, Hashable {
    /// A way to look at a fragment; the raw value is its key.
    package enum Pane: Int, Sendable, Hashable, CaseIterable {
        /// What it is, in a few lines.
        case summary = 1
        /// Its elements.
        case tree
        /// Its tags.
        case tags
        /// Its tracks, codec private data and all.
        case tracks
        /// Its frames.
        case frames
        /// Its bytes.
        case hex

        /// The word on its tab.
        var title: String {
            switch self {
            case .summary: "Summary"
            case .tree: "Tree"
            case .tags: "Tags"
            case .tracks: "Tracks"
            case .frames: "Frames"
            case .hex: "Hex"
            }
        }
    }

    /// Figures of a fragment that has been looked into.
    struct Seen: Sendable, Hashable {
        var frames: Int
        var codec: String
    }

    /// What is looked into.
    package let source: InspectedSource
    /// The listing; empty until the first one has come.
    private var listed: [InspectorLine] = []
    /// True once a listing has come.
    package private(set) var isListed = false
    /// What failed last; nil once something came.
    package internal(set) var fault: String?
    /// The selected fragment.
    package private(set) var selection: InspectedFragment.ID?
    /// What the table is sorted by.
    package internal(set) var order = FragmentOrder.number
    /// True where the order is the other way round.
    package internal(set) var isReversed = false
    /// How it is looked at.
    package internal(set) var pane = Pane.summary
    /// True while arrows move in the pane rather than in the table.
    package internal(set) var isPaneFocused = false
    /// True while the newest fragment is selected as it comes.
    package internal(set) var isFollowing: Bool
    /// The byte of the fragment that all panes have selected.
    package internal(set) var cursor = 0
    /// First line of a pane of text.
    package internal(set) var textScroll = 0
    /// What was searched for last.
    package internal(set) var wanted = ""
    /// The fragments that are marked, to be exported or compared; those of a search stay when it ends.
    private(set) var markedFragments: [InspectedFragment] = []
    /// What became of fragments on their way in; nil where the endpoint keeps no log of that.
    package private(set) var acknowledgements: AcknowledgementRecord?
    /// True once the endpoint has said whether it keeps acknowledgements.
    package private(set) var hasAskedForAcknowledgements = false
    /// Why the newest acknowledgements could not be had; nil where they were.
    package private(set) var acknowledgementFault: String?
    /// Lines between the newest acknowledgement that their overlay shows and the newest there is; nil while it is closed.
    package internal(set) var acknowledgementScroll: Int?
    /// Two fragments side by side; nil while one is looked at.
    package internal(set) var comparison: ComparisonScreen?
    /// True while a map of all that is listed stands in place of the pane.
    package internal(set) var isMapShown = false
    /// What a search for a tag has found; nil while the table is the listing.
    package internal(set) var findings: TagFindings?
    /// Offsets of the masters that are folded.
    private(set) var folded: Set<Int> = []
    /// Figures of the fragments that have been looked into.
    private(set) var seen: [InspectedFragment.ID: Seen] = [:]

    private var start: Timestamp
    private var end: Timestamp?
    private var kept: [Kept] = []
    /// Grows with each time that the user asks for the listing.
    private var asked: Int64 = 0
    private var selectedAt: Timestamp
    private var target: Timestamp?
    private var targetNumber: FragmentNumber?

    private struct Kept: Sendable, Hashable {
        var id: InspectedFragment.ID
        var document: DocumentInspection
    }

    /// Milliseconds listed to each side of where it was opened.
    static let reach: Int64 = 300_000
    /// Milliseconds that a selection rests before its media is fetched.
    static let rest: Int64 = 250
    /// Milliseconds between two listings of what still comes.
    static let refresh: Int64 = 2000

    /// Opens the inspector.
    ///
    /// - Parameters:
    ///   - source: What is looked into.
    ///   - time: The moment of the producer's clock that is looked at; nil for the newest fragment.
    ///   - number: The fragment that is looked at, where known.
    ///   - newest: Start of the newest fragment known, or now.
    ///   - now: The clock.
    package init(
        source: InspectedSource,
        at time: Timestamp?,
        number: FragmentNumber? = nil,
        newest: Timestamp,
        now: Timestamp
    ) {
        self.source = source
        (target, targetNumber) = (time, number)
        isFollowing = !source.isWhole && time == nil && number == nil
        let center = time ?? newest
        start = max(Timestamp(milliseconds: 0), center.advanced(byMilliseconds: -Self.reach))
        let last = center.advanced(byMilliseconds: Self.reach)
        end = last < newest ? last : nil
        selectedAt = Timestamp(milliseconds: 0)
    }

    // MARK: Demand

    /// What it wants to have now.
    func demand(at now: Timestamp) -> InspectionDemand {
        var demand = InspectionDemand(source: source, start: start, end: end, round: 0)
        if case .stream = source, end == nil { demand.round = now.milliseconds / Self.refresh }
        demand.round += asked
        if let findings, !findings.isOver { demand.search = findings.pattern }
        let isAtRest = now.milliseconds - selectedAt.milliseconds >= Self.rest
        if let comparison, comparison.result == nil {
            demand.fragment = [comparison.left, comparison.right].first { document(of: $0) == nil }
        } else if let selection, isAtRest, document == nil {
            demand.fragment = selection
        }
        return demand
    }

    /// Lists at once.
    mutating func relist() { asked += 1 }

    /// Fetches the selected fragment without waiting for the selection to rest.
    mutating func hurry() {
        selectedAt = Timestamp(milliseconds: 0)
    }

    mutating func take(_ answer: InspectionAnswer) {
        switch answer {
        case .listing(let lines):
            fault = nil
            isListed = true
            listed = lines
            settleSelection()
        case .acknowledgements(let log):
            hasAskedForAcknowledgements = true
            acknowledgementFault = nil
            acknowledgements = log.map(AcknowledgementRecord.init)
        case .acknowledgementsFailed(let reason): acknowledgementFault = reason
        case .found(let findings):
            guard self.findings?.pattern == findings.pattern else { return }
            self.findings = findings
            settleSelection()
        case .media(let id, let document):
            fault = nil
            kept.removeAll { $0.id == id }
            kept.append(Kept(id: id, document: document))
            // A fragment of a few megabytes each.
            if kept.count > 4 { kept.removeFirst() }
            let video = document.tracks.first { $0.type == .video } ?? document.tracks.first
            let frames = document.frames.count { $0.track == video?.number }
            seen[id] = Seen(frames: frames, codec: video.map { String($0.codecName.prefix(6)) } ?? "–")
            if id == selection { beginAtFirstFrame() }
            compare()
        case .failed(let reason): fault = reason
        }
    }

    private mutating func settleSelection() {
        let fragments = numbered.compactMap(\.fragment)
        if isFollowing {
            if let last = fragments.last, last.id != selection { select(last.id, at: nil) }
            return
        }
        if let selection, fragments.contains(where: { $0.id == selection }) { return }
        let number = targetNumber
        let named = fragments.first { number != nil && $0.metadata?.number == number }
        let earlier = fragments.last { fragment in
            guard let target, let time = fragment.metadata?.producerTimestamp else { return false }
            return time <= target
        }
        let usual = source.isWhole ? fragments.first : fragments.last
        if let chosen = named ?? earlier ?? usual { select(chosen.id, at: nil) }
    }

    /// What the table shows, in the order that was chosen.
    package var lines: [InspectorLine] { order.sorted(numbered, isReversed: isReversed) }

    /// What a search has found, else the listing and the fragment that is arriving, in the order of their numbers.
    var numbered: [InspectorLine] {
        if let findings { return findings.fragments.map(InspectorLine.fragment) }
        let newest = listed.last { $0.fragment != nil }?.fragment?.metadata
        guard end == nil, let arriving = acknowledgements?.arriving(behind: newest) else { return listed }
        return listed + [.receiving(arriving)]
    }

    /// The document of the selected fragment; nil until its media is there.
    package var document: DocumentInspection? { selection.flatMap(document) }

    private func document(of id: InspectedFragment.ID) -> DocumentInspection? {
        kept.first { $0.id == id }?.document
    }

    /// The fragment of a name, found or listed.
    func fragment(_ id: InspectedFragment.ID) -> InspectedFragment? {
        numbered.lazy.compactMap(\.fragment).first { $0.id == id }
            ?? (listed.lazy.compactMap(\.fragment) + markedFragments).first { $0.id == id }
    }

    /// What the marked fragments are asked for by.
    package var marked: Set<InspectedFragment.ID> { Set(markedFragments.map(\.id)) }

    /// The selected fragment.
    package var fragment: InspectedFragment? {
        numbered.lazy.compactMap(\.fragment).first { $0.id == selection }
    }

    /// The line of the selected fragment.
    var selectedLine: Int? { lines.firstIndex { $0.fragment?.id == selection && selection != nil } }

    // MARK: Table

    /// Selects a fragment; at a moment, so that it may come to rest, or nil for at once.
    private mutating func select(_ id: InspectedFragment.ID, at now: Timestamp?) {
        guard id != selection else { return }
        selection = id
        selectedAt = now ?? Timestamp(milliseconds: 0)
        (cursor, textScroll, folded) = (0, 0, [])
        beginAtFirstFrame()
    }

    private mutating func beginAtFirstFrame() {
        guard let first = shownFrames.first else { return }
        cursor = first.range.lowerBound
    }

    /// Moves the selection by fragments.
    mutating func moveFragments(by count: Int, at now: Timestamp) {
        let fragments = lines.compactMap(\.fragment)
        guard let index = fragments.firstIndex(where: { $0.id == selection }) else { return }
        let (moved, overflow) = index.addingReportingOverflow(count)
        let next = overflow ? (count > 0 ? fragments.count - 1 : 0) : min(max(0, moved), fragments.count - 1)
        isFollowing = false
        select(fragments[next].id, at: now)
    }

    /// Sorts the table by what comes next.
    mutating func sortByNext() { order = order.next }

    /// Selects the fragment of a line.
    mutating func selectLine(_ index: Int, at now: Timestamp) {
        guard lines.indices.contains(index), let fragment = lines[index].fragment else { return }
        isFollowing = false
        select(fragment.id, at: now)
    }

    /// Selects the fragment that covers a moment, or the last ahead of it.
    mutating func select(at time: Timestamp, _ now: Timestamp) {
        let fragments = numbered.compactMap(\.fragment)
        let earlier = fragments.last { ($0.metadata?.producerTimestamp).map { $0 <= time } ?? false }
        guard let chosen = earlier ?? fragments.first else { return }
        isFollowing = false
        select(chosen.id, at: now)
    }

    /// Marks the selected fragment or takes its mark away, and goes on to the next.
    mutating func toggleMark(at now: Timestamp) {
        guard let fragment else { return }
        let count = markedFragments.count
        markedFragments.removeAll { $0.id == fragment.id }
        if markedFragments.count == count { markedFragments.append(fragment) }
        moveFragments(by: 1, at: now)
    }

    /// Shows the listing again, around the fragment that is selected among what was found.
    mutating func closeFindings() {
        let found = fragment
        findings = nil
        guard let time = found?.metadata?.producerTimestamp, !listed.contains(where: { $0.fragment == found })
        else { return settleSelection() }
        start = max(Timestamp(milliseconds: 0), time.advanced(byMilliseconds: -Self.reach))
        end = time.advanced(byMilliseconds: Self.reach)
        (target, targetNumber) = (time, found?.metadata?.number)
        isFollowing = false
    }

    /// Puts two fragments side by side: the two marked, else the marked and the selected, else this and the one ahead.
    ///
    /// - Returns: False where there are no such two.
    mutating func openComparison() -> Bool {
        let fragments = numbered.compactMap(\.fragment)
        let place = fragments.firstIndex { $0.id == selection }
        let before = place.flatMap { $0 > 0 ? fragments[$0 - 1].id : nil }
        let marked = markedFragments.map(\.id)
        let pair: [InspectedFragment.ID?] =
            switch marked.count {
            case 0: [before, selection]
            case 1: marked[0] == selection ? [before, selection] : [marked[0], selection]
            case 2: marked
            default: []
            }
        guard pair.count == 2, let left = pair[0], let right = pair[1] else { return false }
        comparison = ComparisonScreen(left, right)
        compare()
        return true
    }

    /// Compares once the media of both is there.
    private mutating func compare() {
        guard let comparison, comparison.result == nil,
            let left = document(of: comparison.left), let right = document(of: comparison.right),
            let first = fragment(comparison.left), let second = fragment(comparison.right)
        else { return }
        self.comparison?.result = FragmentComparison(
            FragmentComparison.Side(first, left),
            FragmentComparison.Side(second, right)
        )
    }

    mutating func toggleFollowing() {
        guard !source.isWhole else { return }
        isFollowing.toggle()
        end = isFollowing ? nil : end
        if isFollowing { settleSelection() }
    }

    // MARK: Selection in the media

    /// The track whose frames are shown: the first of pictures, else the first.
    var shownTrack: TrackEntry? {
        guard let document else { return nil }
        return document.tracks.first { $0.type == .video } ?? document.tracks.first
    }

    /// The frames of that track.
    package var shownFrames: [DocumentInspection.Frame] {
        guard let document else { return [] }
        guard let track = shownTrack?.number ?? document.frames.first?.track else { return [] }
        return document.frames.filter { $0.track == track }
    }

    /// The frame at the selected byte, or the last ahead of it.
    package var frameIndex: Int? {
        let frames = shownFrames
        guard !frames.isEmpty else { return nil }
        return frames.lastIndex { $0.range.lowerBound <= cursor } ?? 0
    }

    mutating func moveFrames(by count: Int) {
        guard let index = frameIndex else { return }
        let frames = shownFrames
        cursor = frames[Self.moved(index, by: count, of: frames.count)].range.lowerBound
    }

    /// Rows of the tree that are not inside of a folded master.
    package var visibleRows: [Int] {
        guard let rows = document?.tree.rows else { return [] }
        var visible: [Int] = []
        var hiddenBelow = Int.max
        for (index, row) in rows.enumerated() {
            if row.level > hiddenBelow { continue }
            hiddenBelow = folded.contains(row.offset) && row.isMaster ? row.level : .max
            visible.append(index)
        }
        return visible
    }

    /// Place of the selected row among the visible ones.
    package var treeIndex: Int? {
        guard let document, let row = document.tree.row(at: cursor) else { return nil }
        let visible = visibleRows
        return visible.lastIndex { $0 <= row }
    }

    mutating func moveTree(by count: Int) {
        let visible = visibleRows
        guard let document, !visible.isEmpty else { return }
        let index = treeIndex.map { Self.moved($0, by: count, of: visible.count) } ?? 0
        cursor = document.tree.rows[visible[index]].offset
    }

    /// Folds the selected master, or goes to the master around what is selected.
    mutating func fold() {
        guard let tree = document?.tree, let row = tree.row(at: cursor) else { return }
        if tree.rows[row].isMaster, !folded.contains(tree.rows[row].offset) {
            folded.insert(tree.rows[row].offset)
        } else if let parent = tree.parent(of: row) {
            cursor = tree.rows[parent].offset
        }
    }

    mutating func unfold() {
        guard let tree = document?.tree, let row = tree.row(at: cursor) else { return }
        folded.remove(tree.rows[row].offset)
    }

    mutating func moveBytes(by count: Int) {
        guard let document, !document.bytes.isEmpty else { return }
        cursor = Self.moved(cursor, by: count, of: document.bytes.count)
    }

    private static func moved(_ index: Int, by count: Int, of total: Int) -> Int {
        let (moved, overflow) = index.addingReportingOverflow(count)
        if overflow { return count > 0 ? total - 1 : 0 }
        return min(max(0, moved), total - 1)
    }

    /// Selects the next element whose name, value or fault holds what is wanted; false where there is none.
    mutating func find(forward: Bool) -> Bool {
        guard let tree = document?.tree, !wanted.isEmpty else { return false }
        let text = wanted.lowercased()
        let matches = tree.rows.indices.filter { index in
            let row = tree.rows[index]
            return "\(row.name) \(row.value) \(row.fault ?? "")".lowercased().contains(text)
        }
        let current = tree.row(at: cursor) ?? -1
        let next =
            forward
            ? matches.first { $0 > current } ?? matches.first : matches.last { $0 < current } ?? matches.last
        guard let next else { return false }
        cursor = tree.rows[next].offset
        // A match inside of a folded master would not be seen.
        folded = []
        if pane != .hex { pane = .tree }
        return true
    }
}
