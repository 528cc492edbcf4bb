package import Glibc

/// The system calls that the store's files go through, so that tests can record them and let them fail.
///
/// Results are the kernel's own: a negative one is the error's number negated. The index is not among them,
/// since SQLite makes its calls itself.
package protocol SystemCalls: Sendable {
    /// open(2); a descriptor.
    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int
    /// close(2).
    func close(_ descriptor: Int32)
    /// fstat(2); the length in bytes.
    func length(_ descriptor: Int32) -> Int
    /// pread(2); bytes read.
    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int
    /// pwritev(2); bytes written.
    func write(_ descriptor: Int32, _ vectors: [iovec], at offset: Int) -> Int
    /// fdatasync(2).
    func synchronizeData(_ descriptor: Int32) -> Int
    /// fsync(2).
    func synchronize(_ descriptor: Int32) -> Int
    /// ftruncate(2).
    func truncate(_ descriptor: Int32, to length: Int) -> Int
    /// rename(2).
    func rename(_ path: String, to newPath: String) -> Int
    /// link(2).
    func link(_ path: String, as newPath: String) -> Int
    /// unlink(2).
    func unlink(_ path: String) -> Int
    /// mkdir(2).
    func makeFolder(_ path: String) -> Int
    /// rmdir(2).
    func removeFolder(_ path: String) -> Int
}

/// The calls of the machine.
package struct MachineCalls: SystemCalls {
    package init() {}

    package func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int {
        result(Int(Glibc.open(path, flags, mode)))
    }

    package func close(_ descriptor: Int32) {
        // Nothing can be done about a failure: what had to be durable has been synced before.
        _ = Glibc.close(descriptor)
    }

    package func length(_ descriptor: Int32) -> Int {
        var status = stat()
        let code = result(Int(fstat(descriptor, &status)))
        return code < 0 ? code : Int(status.st_size)
    }

    package func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        result(pread(descriptor, bytes.baseAddress, bytes.count, offset))
    }

    package func write(_ descriptor: Int32, _ vectors: [iovec], at offset: Int) -> Int {
        result(pwritev(descriptor, vectors, Int32(vectors.count), offset))
    }

    package func synchronizeData(_ descriptor: Int32) -> Int { result(Int(fdatasync(descriptor))) }

    package func synchronize(_ descriptor: Int32) -> Int { result(Int(fsync(descriptor))) }

    package func truncate(_ descriptor: Int32, to length: Int) -> Int {
        result(Int(ftruncate(descriptor, length)))
    }

    package func rename(_ path: String, to newPath: String) -> Int {
        result(Int(Glibc.rename(path, newPath)))
    }

    package func link(_ path: String, as newPath: String) -> Int { result(Int(Glibc.link(path, newPath))) }

    package func unlink(_ path: String) -> Int { result(Int(Glibc.unlink(path))) }

    package func makeFolder(_ path: String) -> Int { result(Int(mkdir(path, 0o755))) }

    package func removeFolder(_ path: String) -> Int { result(Int(rmdir(path))) }

    /// Must be called before anything else can set `errno`.
    private func result(_ value: Int) -> Int { value < 0 ? -Int(errno) : value }
}
