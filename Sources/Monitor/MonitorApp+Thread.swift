import Foundation

extension MonitorApp {
    /// Runs a monitor on a thread of its own, so that waiting for keys takes none of the cooperative pool.
    ///
    /// Cancellation of the task ends the monitor, which gives the terminal back.
    ///
    /// - Parameters:
    ///   - inbox: The monitor's inbox; closed by a cancellation.
    ///   - make: Makes the monitor; called on that thread, which owns the screen from then on.
    /// - Returns: Where to go on; nil where the user quits.
    /// - Throws: What `make` or `run` throws.
    package static func runOnThread(
        _ inbox: MonitorInbox,
        _ make: @escaping @Sendable () throws -> MonitorApp
    ) async throws -> ConsoleDestination? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<ConsoleDestination?, any Error>) in
                let thread = Thread {
                    continuation.resume(with: Result { try make().run() })
                }
                thread.name = "monitor"
                thread.start()
            }
        } onCancel: {
            inbox.close()
        }
    }
}
