import Dispatch
import Foundation
import Synchronization

/// Syncs the files of a spool one after the other, beside those who write them: a disk may take its time.
///
/// On a disk that stalls at most 32 files wait; what comes beyond that the system writes back in its own time.
final class SpoolSync: Sendable {
    private struct State {
        var waiting = 0
        var failure: SpoolError?
        var hasFailed = false
    }

    /// Each file that waits holds a descriptor.
    private static let limit = 32

    private let queue = DispatchQueue(label: "spool")
    private let state = Mutex(State())

    /// Syncs a file and its folder, then closes the descriptor.
    func take(_ descriptor: Int32, path: String) {
        let isAccepted = state.withLock { state in
            guard state.waiting < Self.limit else { return false }
            state.waiting += 1
            return true
        }
        guard isAccepted else {
            close(descriptor)
            return
        }
        queue.async { [self] in
            let failure = Self.synchronize(descriptor, path)
            state.withLock { state in
                state.waiting -= 1
                guard let failure, !state.hasFailed else { return }
                state.hasFailed = true
                state.failure = failure
            }
        }
    }

    /// What failed first; nil where nothing did, and once it has been told.
    func takeFailure() -> SpoolError? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    private static func synchronize(_ descriptor: Int32, _ path: String) -> SpoolError? {
        let file = failure(fdatasync(descriptor), path)
        close(descriptor)
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return file }
        defer { close(parent) }
        return file ?? failure(fsync(parent), folder)
    }

    private static func failure(_ result: Int32, _ path: String) -> SpoolError? {
        // Some file systems know no sync.
        guard result != 0, errno != EINVAL else { return nil }
        return SpoolError.system("cannot sync \(path)")
    }
}
