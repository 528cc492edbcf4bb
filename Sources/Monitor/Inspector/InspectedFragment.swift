package import KinesisVideo
import KinesisVideoConsumer
package import Matroska

/// What the inspector looks into.
package enum InspectedSource: Sendable, Hashable {
    /// The archive of a stream, by its name.
    case stream(String)
    /// A file, by its path.
    case file(String)

    /// True for what does not grow: a file is all there.
    var isWhole: Bool {
        if case .file = self { true } else { false }
    }

    /// How the title names it.
    var name: String {
        switch self {
        case .stream(let name): name
        case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
        }
    }
}

/// One fragment, or one chunk of a file, as the inspector's table lists it.
package struct InspectedFragment: Sendable, Hashable {
    /// What it is asked for by.
    package enum ID: Sendable, Hashable {
        /// A fragment of a stream.
        case number(FragmentNumber)
        /// Bytes of a file.
        case bytes(Range<UInt64>)
    }

    /// What it is asked for by.
    package var id: ID
    /// Number and clocks, where there are any.
    package var metadata: FragmentMetadata?
    /// Milliseconds that it lasts, where known.
    package var duration: Int64?
    /// Bytes.
    package var size: Int

    /// Describes a fragment.
    package init(id: ID, metadata: FragmentMetadata?, duration: Int64?, size: Int) {
        (self.id, self.metadata, self.duration, self.size) = (id, metadata, duration, size)
    }

    /// Its short name: the end of its number, or where it begins in its file.
    var name: String {
        if let number = metadata?.number { return number.shortName }
        switch id {
        case .number(let number): return number.shortName
        case .bytes(let range): return "@\(range.lowerBound)"
        }
    }

    /// What identifies it, whole.
    var fullName: String { metadata?.number.padded ?? name }
}

/// One line of the inspector's table.
package enum InspectorLine: Sendable, Hashable {
    /// A fragment.
    case fragment(InspectedFragment)
    /// Time in which nothing is listed.
    case gap(from: Timestamp, to: Timestamp)
    /// The next fragment starts earlier than the one before it: by so many milliseconds.
    case backwards(Int64)
    /// A fragment whose media is still arriving.
    case receiving(ArrivingFragment)

    /// The fragment; nil for what lies between two.
    package var fragment: InspectedFragment? {
        guard case .fragment(let fragment) = self else { return nil }
        return fragment
    }

    /// The lines of a listing in the order of its numbers.
    package static func lines(of listing: [FragmentInfo]) -> [InspectorLine] {
        var timeline = FragmentTimeline()
        let times = listing.map(\.producerTimestamp)
        if let first = times.min(), let last = times.max() {
            timeline.merge(listing, from: first, to: last, settled: last)
        }
        let sorted = listing.sorted { $0.number < $1.number }
        var lines: [InspectorLine] = []
        for (index, info) in sorted.enumerated() {
            if index > 0, let before = sorted[index - 1].plausible, let info = info.plausible {
                let distance = info.producerTimestamp.milliseconds - before.producerTimestamp.milliseconds
                if distance <= 0 { lines.append(.backwards(-distance)) }
                if let gap = timeline.gap(between: before, and: info), distance > 0 {
                    lines.append(.gap(from: gap.start, to: gap.end))
                }
            }
            lines.append(
                .fragment(
                    InspectedFragment(
                        id: .number(info.number),
                        metadata: info.metadata,
                        duration: info.plausible.map(timeline.duration(of:)),
                        size: info.size
                    )
                )
            )
        }
        return lines
    }
}

/// What the inspector wants to have: the shell reads it after each event and fetches what is new in it.
package struct InspectionDemand: Sendable, Hashable {
    /// What is looked into.
    package var source: InspectedSource
    /// First moment to list, on the producer's clock.
    package var start: Timestamp
    /// Last moment to list; nil for all that comes.
    package var end: Timestamp?
    /// Another number asks for the listing anew.
    package var round: Int64
    /// The fragment whose media is wanted; nil while none is, or its media is there.
    package var fragment: InspectedFragment.ID?
    /// The tag that all media is to be searched for; nil while none is wanted.
    package var search: TagPattern?
}

/// What became of a demand.
package enum InspectionAnswer: Sendable, Hashable {
    /// The table.
    case listing([InspectorLine])
    /// The newest acknowledgements; nil where the endpoint keeps none.
    case acknowledgements(AcknowledgementLog?)
    /// Why the acknowledgements cannot be had: one line; those that have come stay.
    case acknowledgementsFailed(String)
    /// The media of one fragment.
    case media(InspectedFragment.ID, DocumentInspection)
    /// How far a search for a tag has come.
    case found(TagFindings)
    /// Why there is nothing: one line.
    case failed(String)
}
