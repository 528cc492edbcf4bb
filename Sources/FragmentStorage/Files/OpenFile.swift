import Glibc
import NIOCore

/// An open file or folder, closed when its last user lets go.
///
/// A file that has been unlinked stays readable through it.
final class OpenFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let calls: any SystemCalls

    /// Opens `path`; open(2).
    init(path: String, flags: Int32, calls: any SystemCalls) throws(StoreError) {
        let result = interruptible { calls.open(path, flags | O_CLOEXEC, 0o644) }
        guard result >= 0 else { throw StoreError(errno: Int32(-result), path: path) }
        descriptor = Int32(result)
        self.path = path
        self.calls = calls
    }

    deinit { calls.close(descriptor) }

    /// Length in bytes; fstat(2).
    func length() throws(StoreError) -> Int {
        try check(calls.length(descriptor))
    }

    /// Reads `count` bytes, or as many as the file has; pread(2).
    func read(at offset: Int, count: Int) throws(StoreError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let position = offset + buffer.readableBytes
            let missing = count - buffer.readableBytes
            var result = 0
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { bytes in
                let target = UnsafeMutableRawBufferPointer(rebasing: bytes[..<missing])
                result = interruptible { calls.read(descriptor, into: target, at: position) }
                return max(0, result)
            }
            if try check(result) == 0 { break }
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
            let written = try check(
                withVectors(rest[...], []) { vectors in
                    interruptible { calls.write(descriptor, vectors, at: position) }
                }
            )
            // A file that takes nothing and names no reason would keep this loop running for ever.
            guard written > 0 else { throw StoreError(errno: EIO, path: path) }
            position += written
            rest.dropBytes(written)
        }
    }

    /// Makes the data durable; fdatasync(2).
    func synchronizeData() throws(StoreError) {
        try check(interruptible { calls.synchronizeData(descriptor) })
    }

    /// Makes data and names durable; fsync(2).
    func synchronize() throws(StoreError) {
        try check(interruptible { calls.synchronize(descriptor) })
    }

    /// Cuts the file; ftruncate(2).
    func truncate(to length: Int) throws(StoreError) {
        try check(interruptible { calls.truncate(descriptor, to: length) })
    }

    @discardableResult
    private func check(_ result: Int) throws(StoreError) -> Int {
        if result < 0 { throw StoreError(errno: Int32(-result), path: path) }
        return result
    }
}

/// Makes a system call again while signals interrupt it.
func interruptible(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result != -Int(EINTR) { return result }
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
