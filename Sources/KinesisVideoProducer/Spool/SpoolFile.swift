import Foundation

/// Why a spool cannot be used.
public struct SpoolError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed and why, in one line.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    static func system(_ operation: String) -> SpoolError {
        SpoolError("\(operation): \(String(cString: strerror(errno)))")
    }
}

/// Keeps other producers away from a folder as long as it lives; a process that is killed lets go of it.
final class SpoolLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(SpoolError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot open \(path)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw SpoolError("\(path) is held by another producer (name another spool, or end that one)")
        }
    }

    deinit {
        // A program that is just being started may have a copy of the descriptor, and with it would keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

/// The file of a fragment that is being made.
final class SpoolFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(SpoolError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot make \(path)") }
    }

    /// Appends bytes; they outlive the process at once, and a power failure once they are synced.
    func write(_ bytes: [UInt8]) throws(SpoolError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return Foundation.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count >= 0 || errno == EINTR else { throw .system("cannot write \(path)") }
            sent += max(0, count)
        }
    }

    /// Ends the file, which is synced soon after.
    func finish(_ sync: SpoolSync) {
        let copy = dup(descriptor)
        guard copy >= 0 else { return }
        sync.take(copy, path: path)
    }

    deinit {
        close(descriptor)
    }
}
