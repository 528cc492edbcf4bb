public import KinesisVideo
import NIOCore

/// A reader of one stream: archive first, then memory, then what comes; no gap and no repeat.
///
/// Each step looks for the smallest number behind the last one, in memory first and in the archive second. A
/// fragment leaves memory only when the archive has it, so one that is in neither look was never there. A
/// reader that falls behind what memory holds goes on in the archive, and where nothing is archived at the
/// oldest fragment that is left.
///
/// One task at a time reads.
///
/// Source: 01 Overview, "GetMedia switching rule"; 04 GetMedia, "Request".
public actor FragmentCursor {
    /// Where a reader begins, as far as that is known.
    enum Start: Sendable {
        case bound(NumberBound)
        /// At the fragment that covers a moment, which may not be there yet.
        case moment(FragmentClock, Timestamp)
    }

    /// The fragment that is handed out while it arrives.
    private struct Following {
        let fragment: OpenFragment
        var parts = 0
    }

    /// Entries of the index that lie ahead.
    private struct Ahead {
        var entries: ArraySlice<FragmentIndex.Entry> = []
        /// Another count means that something was archived in between.
        var disorder = 0
    }

    /// The entries taken from the index at a time.
    private static let entriesAhead = 64

    let stream: StoredStream
    private let delivery: LiveDelivery
    var start: Start
    private var following: Following?
    private var ahead = Ahead()
    private var segment: SegmentFile?

    init(stream: StoredStream, start: Start, delivery: LiveDelivery) {
        self.stream = stream
        self.start = start
        self.delivery = delivery
    }

    deinit {
        stream.update { $0.readers -= 1 }
    }

    /// The fragment that was handed out last, or that could not be; nil ahead of the first.
    public var lastNumber: FragmentNumber? {
        guard case .bound(let bound) = start, !bound.isIncluded else { return nil }
        return bound.number
    }

    /// The next event; waits for it where there is none yet.
    ///
    /// - Returns: nil when the stream has been deleted.
    /// - Throws: `CancellationError` where the task is cancelled, ``StoreError`` where the archive cannot
    ///   be read.
    public func next() async throws -> CursorEvent? {
        while true {
            try Task.checkCancellation()
            let (mark, isDeleted) = stream.read { ($0.changes.mark, $0.isDeleted) }
            if let following {
                if let event = follow(following) { return event }
                await stream.waitForChange(after: mark, includingParts: true)
                continue
            }
            if isDeleted { return nil }
            guard let bound = try await bound() else {
                await stream.waitForChange(after: mark, includingParts: false)
                continue
            }
            switch try await step(from: bound) {
            case .event(let event): return event
            case .again: continue
            case .wait: await stream.waitForChange(after: mark, includingParts: delivery == .frame)
            }
        }
    }
}

extension FragmentCursor {
    private enum Step {
        case event(CursorEvent)
        case again
        case wait
    }

    private func step(from bound: NumberBound) async throws -> Step {
        let (look, disorder) = stream.read { ($0.live.look(from: bound), $0.archiveDisorder) }
        if look.needsArchive {
            let limit = look.chunk?.info.number ?? look.gate
            if let entry = try await archivedEntry(from: bound, below: limit, disorder: disorder) {
                start = .bound(.after(entry.info.number))
                // A segment that has gone since is past the retention.
                return try await read(entry).map { .event(.chunk($0)) } ?? .again
            }
        }
        if let chunk = look.chunk {
            start = .bound(.after(chunk.info.number))
            return .event(.chunk(chunk))
        }
        if delivery == .frame, let fragment = look.following, let announcement = fragment.announcement {
            following = Following(fragment: fragment)
            start = .bound(.after(fragment.number))
            return .event(
                .begin(
                    announcement.metadata,
                    ByteBuffer(joining: [announcement.header, announcement.serviceTags])
                )
            )
        }
        return .wait
    }

    private func follow(_ current: Following) -> CursorEvent? {
        let (media, parts, outcome) = current.fragment.progress(after: current.parts)
        if let media {
            following?.parts = parts
            return .media(media)
        }
        guard let outcome else { return nil }
        following = nil
        switch outcome {
        case .complete(let info): return .end(info)
        case .aborted: return .broken
        }
    }

    /// The next archived fragment below `limit`, out of the entries taken ahead or out of the index.
    private func archivedEntry(
        from bound: NumberBound,
        below limit: FragmentNumber?,
        disorder: Int
    ) async throws -> FragmentIndex.Entry? {
        if ahead.disorder == disorder {
            ahead.entries = ahead.entries.drop { !bound.admits($0.info.number) }
        } else {
            ahead.entries = []
        }
        if ahead.entries.isEmpty {
            let entries = try await stream.archived {
                try $0.index.run($1, from: bound, below: limit, limit: Self.entriesAhead)
            }
            ahead = Ahead(entries: entries[...], disorder: disorder)
        }
        guard let entry = ahead.entries.first, limit.map({ entry.info.number < $0 }) ?? true else {
            return nil
        }
        ahead.entries.removeFirst()
        return entry
    }

    private func read(_ entry: FragmentIndex.Entry) async throws -> StoredChunk? {
        let (folder, open) = (stream.segments, segment)
        let (file, chunk) = try await stream.environment.readers.run {
            let file =
                open?.sequence == entry.segment ? open : try SegmentFile.open(entry.segment, in: folder)
            return (file, try file?.chunk(entry))
        }
        segment = file
        return chunk
    }
}
