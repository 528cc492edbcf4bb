import Foundation
import KinesisVideo
import Logging

/// What a log line and a counter say of one request: never a header, a query or a body.
struct RequestNote: Sendable {
    /// The id that the answer carries as well.
    let id = UUID().uuidString.lowercased()
    /// Which route; `unknown` for none.
    let operation: String
    /// Who called, by the name of the credentials.
    var caller: String?
    /// The stream it is about.
    var stream: String?
    private let start = ContinuousClock.now
    private let isRoutine: Bool

    init(_ route: ServiceRoute?) {
        operation = route?.operation ?? "unknown"
        // Monitors ask every second.
        isRoutine = route.map { $0.method == "GET" } ?? false
    }

    /// Writes the line of a request that was answered.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - status: HTTP status of the answer.
    ///   - error: why it was refused, or what ended it early.
    ///   - logger: has the id already.
    func write(_ message: String, status: Int, error: String? = nil, to logger: Logger) {
        let duration = start.duration(to: .now).components
        let milliseconds = duration.seconds * 1000 + duration.attoseconds / 1_000_000_000_000_000
        var metadata: Logger.Metadata = [
            "operation": "\(operation)", "status": "\(status)",
            "duration": "\(milliseconds)ms",
        ]
        if let caller { metadata["caller"] = "\(caller)" }
        if let stream { metadata["stream"] = "\(stream.prefix(256))" }
        if let error { metadata["error"] = "\(error)" }
        let level: Logger.Level = error != nil ? .notice : isRoutine ? .debug : .info
        logger.log(level: level, "\(message)", metadata: metadata)
    }
}
