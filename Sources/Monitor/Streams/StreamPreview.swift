package import KinesisVideo
package import Pixels

/// The picture that is wanted of a stream: the key picture of its newest fragment.
package struct PreviewDemand: Sendable, Hashable {
    /// Name of the stream.
    package var stream: String
    /// The fragment.
    package var fragment: StreamStatistics.Fragment
    /// Room for the picture, in cells.
    package var columns: Int
    /// Room for the picture, in cells.
    package var rows: Int
}

/// What came of it.
package struct StreamPreview: Sendable, Hashable {
    /// Name of the stream.
    package var stream: String
    /// The fragment that it is out of.
    package var fragment: StreamStatistics.Fragment
    /// The picture in the size that there is room for; nil where there is none.
    package var image: RGBImage?
    /// Why there is none: one line; nil where there is.
    package var failure: String?

    /// Describes a picture.
    package init(_ demand: PreviewDemand, image: RGBImage?, failure: String?) {
        (stream, fragment) = (demand.stream, demand.fragment)
        (self.image, self.failure) = (image, failure)
    }
}

/// When which stream's picture is asked for: once its selection rests, and seldom after that.
package struct PreviewSchedule: Sendable, Hashable {
    /// Milliseconds that a selection rests before its picture is fetched.
    static let rest: Int64 = 400
    /// Milliseconds between two pictures of a stream.
    static let interval: Int64 = 10_000
    /// Pictures that are kept.
    private static let limit = 64

    /// What is wanted; the shell fetches it once it has changed.
    package private(set) var demand: PreviewDemand?
    private var pictures: [String: StreamPreview] = [:]
    private var asked: [String: Timestamp] = [:]
    private var selection: String?
    private var selectedAt = Timestamp(milliseconds: 0)

    /// The picture of a stream; nil until one has come.
    package subscript(stream: String) -> StreamPreview? { pictures[stream] }

    mutating func take(_ preview: StreamPreview) {
        if pictures.count >= Self.limit { pictures = [:] }
        // A fragment that could not be had leaves the picture before it.
        if preview.image != nil || pictures[preview.stream]?.image == nil {
            pictures[preview.stream] = preview
        }
    }

    /// Lets time pass over a selection; nil where none is shown.
    mutating func advance(_ row: StreamRow?, room: ScreenRoom, at now: Timestamp) {
        guard let row else { return selection = nil }
        if row.name != selection { (selection, selectedAt) = (row.name, now) }
        guard now.milliseconds - selectedAt.milliseconds >= Self.rest, row.fault == nil,
            row.statistics.retentionHours > 0, let fragment = row.statistics.lastFragment
        else { return }
        // Of a stream that brings nothing new the picture stays.
        if let picture = pictures[row.name], picture.image != nil, picture.fragment == fragment { return }
        if let last = asked[row.name], now.milliseconds - last.milliseconds < Self.interval { return }
        asked[row.name] = now
        demand = PreviewDemand(
            stream: row.name,
            fragment: fragment,
            columns: room.columns,
            rows: room.rows
        )
    }

    /// Cells that a picture may take.
    struct ScreenRoom {
        var columns: Int
        var rows: Int
    }
}
