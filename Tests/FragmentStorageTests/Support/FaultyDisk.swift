import FragmentStorage
import Glibc
import Synchronization

/// System calls that fail when a test says so.
final class FaultyDisk: SystemCalls {
    /// The calls that can fail.
    enum Call: CaseIterable, Sendable {
        case open, write, synchronizeData, synchronize, truncate, rename, unlink, makeFolder
    }

    /// What happens in place of a call.
    enum Fault: Sendable {
        case error(Int32)
        /// A write that takes so many bytes only.
        case short(Int)
    }

    /// Decides over each call with its path; nil lets it through.
    typealias Rule = @Sendable (Call, _ path: String) -> Fault?

    private struct State {
        var rule: Rule?
        var paths: [Int32: String] = [:]
        var faults = 0
    }

    /// Counts the questions of rules.
    private let turns = Atomic(0)

    private let machine = MachineCalls()
    private let state = Mutex(State())

    /// Makes calls fail from now on; nil lets all of them through.
    func fail(_ rule: Rule?) { state.withLock { $0.rule = rule } }

    /// Calls that did not do what they should.
    var faults: Int { state.withLock { $0.faults } }

    /// True for every other question.
    var isOdd: Bool { isTurn(2) }

    /// True once in so many questions.
    func isTurn(_ period: Int) -> Bool { turns.add(1, ordering: .relaxed).oldValue % period == 0 }

    private func fault(_ call: Call, _ path: String) -> Fault? {
        state.withLock { state in
            guard let fault = state.rule?(call, path) else { return nil }
            state.faults += 1
            return fault
        }
    }

    private func run(_ call: Call, _ path: String, _ body: () -> Int) -> Int {
        if case .error(let code)? = fault(call, path) { return -Int(code) }
        return body()
    }

    private func path(_ descriptor: Int32) -> String { state.withLock { $0.paths[descriptor] ?? "" } }

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int {
        let isRead = flags & (O_WRONLY | O_RDWR | O_CREAT) == 0
        let open = { self.machine.open(path, flags, mode) }
        let result = isRead ? open() : run(.open, path, open)
        if result >= 0 { state.withLock { $0.paths[Int32(result)] = path } }
        return result
    }

    func close(_ descriptor: Int32) { machine.close(descriptor) }

    func length(_ descriptor: Int32) -> Int { machine.length(descriptor) }

    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        machine.read(descriptor, into: bytes, at: offset)
    }

    func write(_ descriptor: Int32, _ vectors: [iovec], at offset: Int) -> Int {
        switch fault(.write, path(descriptor)) {
        case .error(let code): return -Int(code)
        case .short(let count):
            guard var first = vectors.first(where: { $0.iov_len > 0 }) else { return 0 }
            first.iov_len = min(first.iov_len, count)
            return machine.write(descriptor, [first], at: offset)
        case nil: return machine.write(descriptor, vectors, at: offset)
        }
    }

    func synchronizeData(_ descriptor: Int32) -> Int {
        run(.synchronizeData, path(descriptor)) { machine.synchronizeData(descriptor) }
    }

    func synchronize(_ descriptor: Int32) -> Int {
        run(.synchronize, path(descriptor)) { machine.synchronize(descriptor) }
    }

    func truncate(_ descriptor: Int32, to length: Int) -> Int {
        run(.truncate, path(descriptor)) { machine.truncate(descriptor, to: length) }
    }

    func rename(_ path: String, to newPath: String) -> Int {
        run(.rename, path) { machine.rename(path, to: newPath) }
    }

    func link(_ path: String, as newPath: String) -> Int { machine.link(path, as: newPath) }

    func unlink(_ path: String) -> Int { run(.unlink, path) { machine.unlink(path) } }

    func makeFolder(_ path: String) -> Int { run(.makeFolder, path) { machine.makeFolder(path) } }

    func removeFolder(_ path: String) -> Int { machine.removeFolder(path) }
}
