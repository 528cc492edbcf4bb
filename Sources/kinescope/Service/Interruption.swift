import Dispatch
import Foundation

/// Ends work in order when a signal asks for it.
enum Interruption {
    /// Waits until the task is cancelled.
    static func cancellation() async {
        let (never, sink) = AsyncStream.makeStream(of: Void.self)
        for await _ in never {}
        sink.finish()
    }

    /// Runs `body`, and `action` each time the signal arrives meanwhile; then the signal means again what it did.
    static func handling<Result>(
        _ number: Int32,
        _ action: @escaping @Sendable () -> Void,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        let previous = signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { action() }
        source.resume()
        defer {
            source.cancel()
            signal(number, previous)
        }
        return try await body()
    }

    /// Runs `body` until it returns or one of `signals` arrives, which cancels it; then they mean again what they did.
    ///
    /// - Returns: what `body` returned; nil where a signal came first.
    static func watching<Result: Sendable>(
        _ signals: [Int32],
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        let (arrivals, sink) = AsyncStream.makeStream(of: Void.self)
        let sources = signals.map { number in
            let previous = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { sink.yield() }
            source.resume()
            return (source, number, previous)
        }
        defer {
            for (source, number, previous) in sources {
                source.cancel()
                signal(number, previous)
            }
        }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in arrivals { return nil }
                // The stream never ends by itself; only cancellation gets here.
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
