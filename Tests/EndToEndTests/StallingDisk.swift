import Foundation
import FragmentStorage
import Glibc
import Synchronization

/// A disk on which no segment becomes durable until a test says so.
final class StallingDisk: SystemCalls {
    private let machine = MachineCalls()
    private let segments = Mutex<Set<Int32>>([])
    private let condition = NSCondition()
    private let isStalled = Atomic(true)

    /// Lets everything through from now on.
    func release() {
        condition.withLock {
            isStalled.store(false, ordering: .sequentiallyConsistent)
            condition.broadcast()
        }
    }

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int {
        let result = machine.open(path, flags, mode)
        if result >= 0, path.hasSuffix(".mkv") {
            segments.withLock { _ = $0.insert(Int32(result)) }
        }
        return result
    }

    func close(_ descriptor: Int32) {
        segments.withLock { _ = $0.remove(descriptor) }
        machine.close(descriptor)
    }

    func synchronizeData(_ descriptor: Int32) -> Int {
        if segments.withLock({ $0.contains(descriptor) }) {
            condition.withLock {
                while isStalled.load(ordering: .sequentiallyConsistent) { condition.wait() }
            }
        }
        return machine.synchronizeData(descriptor)
    }

    func length(_ descriptor: Int32) -> Int { machine.length(descriptor) }

    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        machine.read(descriptor, into: bytes, at: offset)
    }

    func write(_ descriptor: Int32, _ vectors: [iovec], at offset: Int) -> Int {
        machine.write(descriptor, vectors, at: offset)
    }

    func synchronize(_ descriptor: Int32) -> Int { machine.synchronize(descriptor) }

    func truncate(_ descriptor: Int32, to length: Int) -> Int { machine.truncate(descriptor, to: length) }

    func rename(_ path: String, to newPath: String) -> Int { machine.rename(path, to: newPath) }

    func link(_ path: String, as newPath: String) -> Int { machine.link(path, as: newPath) }

    func unlink(_ path: String) -> Int { machine.unlink(path) }

    func makeFolder(_ path: String) -> Int { machine.makeFolder(path) }

    func removeFolder(_ path: String) -> Int { machine.removeFolder(path) }
}
