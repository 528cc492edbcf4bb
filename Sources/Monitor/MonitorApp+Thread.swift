import Foundation

extension MonitorApp {
    /// Runs a monitor on a thread of its own, so that waiting for keys takes none of the cooperative pool.
    ///
    /// - Parameter make: Makes the monitor; called on that thread, which owns the screen from then on.
    /// - Throws: What `make` or `run` throws.
    package static func runOnThread(_ make: @escaping @Sendable () throws -> MonitorApp) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                continuation.resume(with: Result { try make().run() })
            }
            thread.name = "monitor"
            thread.start()
        }
    }
}
