import GRDB
public import KinesisVideo

extension StoredStream {
    /// The archived fragments whose start lies in the selector's range, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - selector: clock and range, both ends included.
    ///   - after: the last fragment of the page before.
    ///   - limit: most fragments of a page.
    /// - Returns: the fragments, fewer than `limit` only on the last page.
    /// - Throws: ``StoreError`` where the stream is gone or the index cannot be read.
    public func listFragments(
        _ selector: FragmentSelector,
        after: FragmentNumber? = nil,
        limit: Int
    ) async throws -> [FragmentInfo] {
        try checkReadable()
        return try await archived { try $0.index.page($1, in: selector, after: after, limit: limit) }.map(
            \.info
        )
    }

    /// The newest archived fragments, oldest first.
    ///
    /// - Throws: ``StoreError`` where the stream is gone or the index cannot be read.
    public func newestFragments(_ limit: Int) async throws -> [FragmentInfo] {
        try checkReadable()
        return try await archived { try $0.index.newest($1, limit: limit) }.map(\.info).reversed()
    }

    /// One archived fragment; nil where the archive does not have it.
    ///
    /// - Throws: ``StoreError`` where the stream is gone, or the fragment is there and cannot be read.
    public func chunk(_ number: FragmentNumber) async throws -> StoredChunk? {
        try checkReadable()
        let segments = segments
        return try await archived { environment, view in
            try environment.index.entry(view, number: number).flatMap { entry in
                try SegmentFile.open(entry.segment, in: segments)?.chunk(entry)
            }
        }
    }

    /// Opens a reader that goes through all fragments in the order of their numbers and waits at the newest.
    ///
    /// - Parameters:
    ///   - selector: where it begins.
    ///   - delivery: whole fragments, or the newest one while it arrives.
    /// - Returns: a cursor, which counts as a reader as long as it lives.
    /// - Throws: ``StoreError`` `invalidToken` for a continuation token that is no fragment number,
    ///   `streamDeleted`.
    public func openCursor(_ selector: StartSelector, delivery: LiveDelivery = .fragment) throws
        -> FragmentCursor
    {
        try update { state in
            guard !state.isDeleted else { throw StoreError(.streamDeleted, path: name) }
            let start = try FragmentCursor.Start(selector, live: state.live, counter: state.counter)
            state.readers += 1
            return FragmentCursor(stream: self, start: start, delivery: delivery)
        }
    }

    private func checkReadable() throws {
        if isDeleted { throw StoreError(.streamDeleted, path: name) }
    }

    /// Reads index or segment files on a thread that may block.
    func archived<Result: Sendable>(
        _ body: @escaping @Sendable (StoreEnvironment, ArchiveView) throws -> Result
    ) async throws -> Result {
        let (environment, view) = (environment, archiveView)
        return try await environment.readers.run {
            do {
                return try body(environment, view)
            } catch let error as DatabaseError {
                throw environment.index.storeError(error)
            }
        }
    }
}
