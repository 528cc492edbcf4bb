import KinesisVideo
package import Matroska

/// Two fragments side by side: identity, elements, tags, codec private data and frames.
///
/// Elements that both have stand beside each other, however many the one has between them that the other has not.
package struct FragmentComparison: Sendable, Hashable {
    /// One line: what is compared, and what the one and the other say.
    package struct Row: Sendable, Hashable {
        /// What is compared; with `isHeading` the part that begins.
        package var name: String
        /// What the first says; nil where it does not have it.
        package var left: String?
        /// What the second says; nil likewise.
        package var right: String?
        /// True for the heading of a part.
        package var isHeading = false

        /// True where both say the same.
        package var isSame: Bool { left == right }
    }

    /// One of the two.
    package struct Side: Sendable, Hashable {
        /// What the table says of it.
        package var fragment: InspectedFragment
        /// What it holds.
        package var document: DocumentInspection

        /// Puts the two together.
        package init(_ fragment: InspectedFragment, _ document: DocumentInspection) {
            (self.fragment, self.document) = (fragment, document)
        }
    }

    /// Elements, and tags, of each side that are compared; blocks are frames, and are compared as such.
    private static let elements = 500
    /// Frames of each side that are compared one by one.
    private static let frames = 5000

    /// The lines, in the order of the parts.
    package private(set) var rows: [Row] = []

    /// Compares two fragments.
    package init(_ left: Side, _ right: Side) {
        addFragments(left.fragment, right.fragment)
        addElements(left.document, right.document)
        addTags(left.document, right.document)
        addTracks(left.document, right.document)
        addFrames(left.document, right.document)
    }

    /// Lines on which the two differ.
    package var differences: [Int] { rows.indices.filter { !rows[$0].isHeading && !rows[$0].isSame } }

    private mutating func add(heading: String) {
        rows.append(Row(name: heading, isHeading: true))
    }

    private mutating func add(_ name: String, _ left: String?, _ right: String?) {
        rows.append(Row(name: name, left: left, right: right))
    }

    // MARK: Parts

    private mutating func addFragments(_ left: InspectedFragment, _ right: InspectedFragment) {
        add(heading: "FRAGMENT")
        add("number", left.metadata?.number.padded, right.metadata?.number.padded)
        add("producer", left.metadata?.producerTimestamp.rfc3339, right.metadata?.producerTimestamp.rfc3339)
        add("server", left.metadata?.serverTimestamp.rfc3339, right.metadata?.serverTimestamp.rfc3339)
        func seconds(_ milliseconds: Int64?) -> String? {
            milliseconds.map { Figure.decimal(Double($0) / 1000, places: 3) + " s" }
        }
        add("latency", seconds(left.metadata?.latency), seconds(right.metadata?.latency))
        add("length", seconds(left.duration), seconds(right.duration))
        add("size", "\(Figure.grouped(left.size)) B", "\(Figure.grouped(right.size)) B")
    }

    private mutating func addElements(_ left: DocumentInspection, _ right: DocumentInspection) {
        add(heading: "ELEMENTS")
        let (ours, theirs) = (Self.elements(of: left), Self.elements(of: right))
        let difference = theirs.map(\.key).difference(from: ours.map(\.key))
        var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var (first, second) = (0, 0)
        while first < ours.count || second < theirs.count {
            if first < ours.count, removed.contains(first) {
                add(ours[first].name, ours[first].words, nil)
                first += 1
            } else if second < theirs.count, inserted.contains(second) {
                add(theirs[second].name, nil, theirs[second].words)
                second += 1
            } else if first < ours.count, second < theirs.count {
                add(ours[first].name, ours[first].words, theirs[second].words)
                (first, second) = (first + 1, second + 1)
            } else {
                break
            }
        }
    }

    private struct Element {
        var key: String
        var name: String
        var words: String
    }

    private static func elements(of document: DocumentInspection) -> [Element] {
        let blocks: Set = ["SimpleBlock", "BlockGroup"]
        var hiddenBelow = Int.max
        var elements: [Element] = []
        for row in document.tree.rows where elements.count < Self.elements {
            if row.level > hiddenBelow { continue }
            hiddenBelow = .max
            if blocks.contains(row.name) {
                hiddenBelow = row.level
                continue
            }
            let name = String(repeating: " ", count: min(row.level, 8)) + row.name
            let size = row.size.map { "\(Figure.grouped(Int(clamping: $0))) B" } ?? "unknown size"
            let words = row.fault.map { "✕ \($0)" } ?? (row.value.isEmpty ? size : row.value)
            elements.append(Element(key: name, name: name, words: words))
        }
        return elements
    }

    private mutating func addTags(_ left: DocumentInspection, _ right: DocumentInspection) {
        add(heading: "TAGS")
        let sides = [left, right].map { document in
            Dictionary(grouping: document.tags.prefix(Self.elements), by: \.name).mapValues { tags in
                tags.map(Self.words).joined(separator: ", ")
            }
        }
        var seen: Set<String> = []
        for tag in left.tags.prefix(Self.elements) + right.tags.prefix(Self.elements)
        where seen.insert(tag.name).inserted {
            add(tag.name, sides[0][tag.name], sides[1][tag.name])
        }
    }

    private static func words(_ tag: Tag) -> String {
        switch tag.value {
        case .string(let text): text
        case .binary(let bytes): "\(bytes.count) bytes"
        case .missing: "no value"
        }
    }

    private mutating func addTracks(_ left: DocumentInspection, _ right: DocumentInspection) {
        let numbers = Set((left.tracks + right.tracks).map(\.number)).sorted()
        for number in numbers {
            let ours = left.tracks.first { $0.number == number }
            let theirs = right.tracks.first { $0.number == number }
            add(heading: "TRACK \(number)")
            add("codec", ours?.codecID, theirs?.codecID)
            add(
                "private",
                ours.map { Self.privateWords($0, theirs) },
                theirs.map { Self.privateWords($0, ours) }
            )
            let lines = [ours, theirs].map { $0.map { CodecDescription($0).lines } ?? [] }
            for index in 0..<max(lines[0].count, lines[1].count) {
                let pair = lines.map { index < $0.count ? $0[index] : nil }
                let isPair = pair[0]?.name == pair[1]?.name
                if let line = pair[0] { add(line.name, line.value, isPair ? pair[1]?.value : nil) }
                if let line = pair[1], !isPair { add(line.name, nil, line.value) }
            }
        }
    }

    /// `43 bytes`, or `43 bytes, other from +12 on`.
    private static func privateWords(_ track: TrackEntry, _ other: TrackEntry?) -> String {
        let data = track.codecPrivate
        guard let other, data != other.codecPrivate else { return "\(data.count) bytes" }
        let place = zip(data, other.codecPrivate).prefix { $0 == $1 }.count
        // What differs only from here on is not the same text on both sides.
        let byte = place < data.count ? "\(data[place])" : "the end"
        return "\(data.count) bytes, at +\(place) \(byte)"
    }

    private mutating func addFrames(_ left: DocumentInspection, _ right: DocumentInspection) {
        add(heading: "FRAMES")
        let sides = [left, right]
        func both(_ name: String, _ words: (DocumentInspection) -> String) {
            rows.append(Row(name: name, left: words(left), right: words(right)))
        }
        both("frames") { "\($0.frames.count)" }
        both("key frames") { "\($0.frames.count(where: \.isKey))" }
        both("bytes") { "\(Figure.grouped($0.frames.reduce(0) { $0 + $1.range.count })) B" }
        both("types") { String($0.frames.prefix(200).map(\.letter)) }
        let starts = sides.map { $0.frames.map(\.time).min() ?? 0 }
        for index in 0..<min(Self.frames, sides.map(\.frames.count).max() ?? 0) {
            let words = zip(sides, starts).map { document, start -> String? in
                guard index < document.frames.count else { return nil }
                let frame = document.frames[index]
                let track = document.tracks.count > 1 ? "\(frame.track): " : ""
                let fault = frame.fault == nil ? "" : "  ✕"
                let time = Double(frame.time &- start) * Double(document.timestampScale) / 1e9
                return "\(track)\(frame.letter) \(Figure.grouped(frame.range.count)) B"
                    + "  +\(Figure.decimal(time, places: 3))\(fault)"
            }
            add("frame \(index + 1)", words[0], words[1])
        }
    }
}

/// The comparison while it is open.
package struct ComparisonScreen: Sendable, Hashable {
    /// The fragment on the left.
    package let left: InspectedFragment.ID
    /// The fragment on the right.
    package let right: InspectedFragment.ID
    /// What came out; nil until the media of both is there.
    package internal(set) var result: FragmentComparison?
    /// First line shown.
    package internal(set) var scroll = 0

    /// Opens a comparison.
    init(_ left: InspectedFragment.ID, _ right: InspectedFragment.ID) {
        (self.left, self.right) = (left, right)
    }
}

extension FragmentMetadata {
    /// Milliseconds from the producer's time to the server's.
    var latency: Int64 { serverTimestamp.milliseconds - producerTimestamp.milliseconds }
}
