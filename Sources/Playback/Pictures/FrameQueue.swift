package import KinesisVideo

/// Decoded pictures around the one on screen, in the order in which they are shown.
///
/// ```
/// past, for steps back      shown      future, waits for its time
/// [p] [p] [p] [p] [p]        [P]        [f] [f] [f]
/// ```
/// Each has a place on the play axis, where a gap or a clock that goes back is no wider than the viewer is to
/// wait. Bounded on both sides; the pictures themselves are kept elsewhere, under their tokens.
package struct FrameQueue: Sendable {
    /// A stretch without media that playback meets before a picture.
    package struct Break: Sendable, Hashable {
        /// Milliseconds without media.
        package var length: Int64
        /// Where media goes on.
        package var end: Timestamp
    }

    /// One decoded picture.
    package struct Entry: Sendable, Hashable {
        /// Names the picture.
        package var token: Int
        package var frame: FrameAddress
        package var time: Timestamp
        /// Milliseconds on the play axis.
        package var position: Double
        /// Set on the first picture behind a gap.
        package var gap: Break?
        package var isKey: Bool
        package var size: Int
        package var origin: MemoryFragment.Origin
    }

    package private(set) var entries: [Entry] = []
    /// Place of the picture on screen in `entries`; nil before the first is shown.
    package private(set) var shownIndex: Int?

    package init() {}

    package var shown: Entry? { shownIndex.map { entries[$0] } }
    package var last: Entry? { entries.last }
    /// Pictures that wait for their time.
    package var future: ArraySlice<Entry> { entries[(shownIndex.map { $0 + 1 } ?? 0)...] }

    package mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// Makes the picture at a place the one on screen.
    package mutating func show(at index: Int) {
        shownIndex = index
    }

    package func index(of frame: FrameAddress) -> Int? {
        entries.lastIndex { $0.frame == frame }
    }

    /// Drops all but the newest `count` pictures before the one on screen, or of all while none is.
    ///
    /// - Returns: The tokens of those dropped.
    package mutating func trimPast(to count: Int) -> [Int] {
        let excess = max(0, (shownIndex ?? entries.count) - count)
        let dropped = entries.prefix(excess).map(\.token)
        entries.removeFirst(excess)
        shownIndex = shownIndex.map { $0 - excess }
        return dropped
    }

    /// Drops everything.
    ///
    /// - Returns: The tokens of those dropped, that of the picture on screen left out.
    package mutating func removeAll() -> [Int] {
        let shownToken = shown?.token
        let dropped = entries.map(\.token).filter { $0 != shownToken }
        entries = []
        shownIndex = nil
        return dropped
    }

    /// Drops what waits for its time.
    ///
    /// - Returns: The tokens of those dropped.
    package mutating func removeFuture() -> [Int] {
        let dropped = future.map(\.token)
        entries.removeLast(dropped.count)
        return dropped
    }
}
