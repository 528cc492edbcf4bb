import KinesisVideo
import KinesisVideoClient
import MediaCodec
import Playback
import TerminalScreen

/// How a command ends when it does not succeed.
struct CommandFailure: Error {
    /// Exit statuses, as the manual lists them.
    enum Status: Int32, CaseIterable {
        case success = 0
        case failed = 1
        case usage = 2
        case notFound = 3
        case denied = 4
        case unreachable = 5
        case throttled = 6
        case corrupt = 7
        case noTerminal = 8
        case interrupted = 130

        /// What it means, as the manual page says it.
        var words: String {
            switch self {
            case .success: "Done."
            case .failed: "Failed."
            case .usage: "The command line or the settings are wrong."
            case .notFound: "A stream, a fragment or a file is not there."
            case .denied: "Access is denied, or credentials are missing or wrong."
            case .unreachable: "The service cannot be reached, or did not answer in time."
            case .throttled: "The service asks to come back later."
            case .corrupt: "Media or a theme is damaged."
            case .noTerminal: "There is no terminal, or none that the screens can use."
            case .interrupted: "Interrupted."
            }
        }
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
        case let error as CodecError: self.init(Status(error.code), "\(error)")
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

extension CommandFailure.Status {
    /// What a failure of libav, or of the media that it was given, ends with.
    init(_ code: CodecError.Code) {
        self =
            switch code {
            case .notFound: .notFound
            case .timedOut: .unreachable
            case .invalidData: .corrupt
            default: .failed
            }
    }
}
