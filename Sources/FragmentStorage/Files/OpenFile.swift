import Glibc
import NIOCore

/// An open file or folder, closed when its last user lets go.
///
/// A file that has been unlinked stays readable through it.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens `path`; open(2).
    init(path: String, flags: Int32, mode: mode_t = 0o644) throws(StoreError) {
        let descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw StoreError(errno: errno, path: path) }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Length in bytes; fstat(2).
    func length() throws(StoreError) -> Int {
        var status = stat()
        try check(Int(fstat(descriptor, &status)))
        return Int(status.st_size)
    }

    /// Reads `count` bytes, or as many as the file has; pread(2).
    func read(at offset: Int, count: Int) throws(StoreError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let position = offset + buffer.readableBytes
            let missing = count - buffer.readableBytes
            let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { bytes in
                max(0, interruptible { pread(descriptor, bytes.baseAddress, missing, position) })
            }
            if got == 0 {
                // pread says 0 at the end and -1 on failure; only the second leaves an error behind.
                guard try position >= length() else { throw StoreError(errno: errno, path: path) }
                break
            }
        }
        return buffer
    }

    /// Writes all parts one behind the other from `offset` on; pwritev(2).
    ///
    /// A failure may leave some of the bytes behind.
    func write(_ parts: [ByteBuffer], at offset: Int) throws(StoreError) {
        var rest = parts.filter { $0.readableBytes > 0 }
        var position = offset
        while !rest.isEmpty {
            let written = withVectors(rest[...], []) { vectors in
                interruptible { pwritev(descriptor, vectors, Int32(vectors.count), position) }
            }
            try check(written)
            position += written
            rest.dropBytes(written)
        }
    }

    /// Makes the data durable; fdatasync(2).
    func synchronizeData() throws(StoreError) {
        try check(interruptible { Int(fdatasync(descriptor)) })
    }

    /// Makes data and names durable; fsync(2).
    func synchronize() throws(StoreError) {
        try check(interruptible { Int(fsync(descriptor)) })
    }

    /// Cuts the file; ftruncate(2).
    func truncate(to length: Int) throws(StoreError) {
        try check(interruptible { Int(ftruncate(descriptor, length)) })
    }

    private func check(_ result: Int) throws(StoreError) {
        if result < 0 { throw StoreError(errno: errno, path: path) }
    }
}

private func interruptible(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}

/// Lends the bytes of every part at once, which needs one nested call a part.
private func withVectors<Result>(
    _ parts: ArraySlice<ByteBuffer>,
    _ vectors: [iovec],
    _ body: ([iovec]) -> Result
) -> Result {
    // The system takes at most 1024 vectors a call; the rest goes with the next one.
    guard let part = parts.first, vectors.count < 64 else { return body(vectors) }
    return part.withUnsafeReadableBytes { bytes in
        let vector = iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
            iov_len: bytes.count
        )
        return withVectors(parts.dropFirst(), vectors + [vector], body)
    }
}

extension [ByteBuffer] {
    fileprivate mutating func dropBytes(_ count: Int) {
        var count = count
        while count > 0, let first {
            let taken = Swift.min(count, first.readableBytes)
            count -= taken
            if taken == first.readableBytes {
                removeFirst()
            } else {
                self[0].moveReaderIndex(forwardBy: taken)
            }
        }
    }
}
