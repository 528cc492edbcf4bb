import KinesisVideo
import KinesisVideoClient
import Playback
import TerminalScreen

/// How a command ends when it does not succeed.
struct CommandFailure: Error {
    /// Exit statuses, as the manual lists them.
    enum Status: Int32 {
        case failed = 1
        case usage = 2
        case notFound = 3
        case denied = 4
        case unreachable = 5
        case throttled = 6
        case corrupt = 7
        case noTerminal = 8
        case interrupted = 130
    }

    var status: Status
    /// One line: what failed, why, what to try; nil where everything has been said.
    var message: String?

    init(_ status: Status, _ message: String? = nil) {
        self.status = status
        self.message = message
    }

    /// Finds the status for any error, in this one place.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case is CancellationError: self.init(.interrupted)
        case ClientError.service(let refusal): self.init(Self.status(of: refusal), "\(refusal)")
        case let error as ClientError:
            self.init(.unreachable, "\(error) (is the service running? try kinescope serve, or --endpoint)")
        case ClipError.empty: self.init(.notFound, "\(ClipError.empty) (try kinescope fragments)")
        case ClipError.preciseNeedsMP4: self.init(.usage, "\(ClipError.preciseNeedsMP4)")
        case let error as MediaSourceError: self.init(Self.status(of: error.kind), error.message)
        case let error as TerminalError: self.init(.noTerminal, "\(error)")
        default: self.init(.failed, "\(error)")
        }
    }

    private static func status(of kind: MediaSourceError.Kind) -> Status {
        switch kind {
        case .retryable: .unreachable
        case .denied: .denied
        case .notFound, .fragmentMissing: .notFound
        }
    }

    private static func status(of refusal: ServiceError) -> Status {
        if refusal.status == 404 { return .notFound }
        if refusal.isDenied { return .denied }
        return refusal.isThrottling ? .throttled : .failed
    }
}
