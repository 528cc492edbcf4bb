/// Lets tasks wait for a change without looking again and again.
///
/// A value inside an actor: whoever waits has looked at the actor's state before, in the same turn.
struct Wakeup {
    /// One for each that waits: to cancel one must not wake the others, who would look again for ever.
    private var waiting: [AsyncStream<Never>.Continuation] = []

    /// The next change, for one task to wait for.
    mutating func change() -> Change {
        let (stream, sink) = AsyncStream.makeStream(of: Never.self)
        waiting.append(sink)
        return Change(stream: stream)
    }

    /// Tells all that wait.
    mutating func wake() {
        for sink in waiting { sink.finish() }
        waiting = []
    }

    struct Change {
        let stream: AsyncStream<Never>

        /// Returns when it has happened.
        ///
        /// - Throws: CancellationError.
        func wait() async throws {
            for await _ in stream {}
            try Task.checkCancellation()
        }
    }
}
