public import KinesisVideo

extension BatchFetcher {
    /// Fragments of one call where several run at a time: enough to hide the call, few enough to hold.
    private static let fragmentsOfARun = 16

    /// Fragments that one call has brought.
    private struct Run: Sendable {
        var index: Int
        var fragments: [(metadata: FragmentMetadata, bytes: ArraySlice<UInt8>)] = []
        var failure: Failure?
    }

    /// Fetches fragments over several connections at a time and hands them on in the order given.
    ///
    /// Holds `connections` calls of 16 fragments at most. What one call cannot bring does not keep the others
    /// from being fetched.
    ///
    /// - Parameters:
    ///   - numbers: which.
    ///   - connections: calls at a time; the real service allows 5 for each stream.
    ///   - write: takes number, clocks and the bytes of one chunk, one at a time.
    /// - Throws: Failure with all that did not come, ClientError where the service refuses, what `write` throws,
    ///   `CancellationError`.
    public func fetch(
        _ numbers: [FragmentNumber],
        connections: Int,
        write: (FragmentMetadata, ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        guard connections > 1, numbers.count > 1 else { return try await fetch(numbers, write: write) }
        // No connection is to be idle because the others have it all.
        let size = max(1, min(Self.fragmentsOfARun, (numbers.count + connections - 1) / connections))
        let starts = Array(stride(from: 0, to: numbers.count, by: size))
        var missing: Failure?
        try await withThrowingTaskGroup(of: Run.self) { group in
            var waiting = starts.indices.makeIterator()
            func begin() {
                guard let index = waiting.next() else { return }
                let part = Array(numbers[starts[index]..<min(starts[index] + size, numbers.count)])
                group.addTask { try await fetchRun(part, index) }
            }
            for _ in 0..<connections { begin() }
            var ready: [Int: Run] = [:]
            var due = 0
            while let run = try await group.next() {
                ready[run.index] = run
                // The next call waits until one has been handed on: a slow writer slows the calls down.
                while let run = ready.removeValue(forKey: due) {
                    for (metadata, bytes) in run.fragments { try await write(metadata, bytes) }
                    if let failure = run.failure { missing = missing.map { $0 + failure } ?? failure }
                    due += 1
                    begin()
                }
            }
        }
        if let missing { throw missing }
    }

    private func fetchRun(_ numbers: [FragmentNumber], _ index: Int) async throws -> Run {
        var run = Run(index: index)
        do {
            try await fetch(numbers) { run.fragments.append(($0, $1)) }
        } catch let failure as Failure {
            run.failure = failure
        }
        return run
    }
}

extension BatchFetcher.Failure {
    fileprivate static func + (first: Self, second: Self) -> Self {
        Self(missing: (first.missing + second.missing).sorted(), reason: second.reason)
    }
}
