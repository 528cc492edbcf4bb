import Foundation
import FragmentStorage
import Glibc
import Synchronization

/// System calls on a real folder that are also written down, so that a power failure can be played at any of them.
final class RecordedDisk: SystemCalls {
    /// A file or folder, whatever its name is at the moment.
    typealias Node = Int

    /// What happened to the disk.
    enum Event {
        case write(Node, offset: Int, [UInt8])
        case truncate(Node, Int)
        /// Data of a file, or names in a folder.
        case synchronize(Node)
        case set(name: String, in: Node, to: Node, isFolder: Bool)
        case remove(name: String, in: Node)
        /// Old and new name in one folder: one change.
        case rename(name: String, to: String, in: Node, Node)
    }

    fileprivate struct State {
        var events: [Event] = []
        var folders: [Node: [String: Node]] = [0: [:]]
        var open: [Int32: Node] = [:]
        var lastNode = 0
    }

    private let root: String
    private let machine = MachineCalls()
    private let state = Mutex(State())

    /// Records what is done below `root`, which is an empty folder.
    init(root: String) {
        self.root = root
    }

    /// How much has happened so far.
    var position: Int { state.withLock { $0.events.count } }

    /// Everything that has happened.
    var events: [Event] { state.withLock { $0.events } }

    func open(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int {
        state.withLock { state in
            let result = machine.open(path, flags, mode)
            guard result >= 0 else { return result }
            let (folder, name) = state.place(path, root)
            let node: Node
            if name.isEmpty {
                node = 0
            } else if let known = state.folders[folder]?[name] {
                node = known
                if flags & O_TRUNC != 0 { state.events.append(.truncate(node, 0)) }
            } else if flags & O_CREAT != 0 {
                node = state.add(name, in: folder, isFolder: false)
            } else {
                // A file of the index, which SQLite makes by itself.
                return result
            }
            state.open[Int32(result)] = node
            return result
        }
    }

    func close(_ descriptor: Int32) {
        state.withLock { state in
            state.open[descriptor] = nil
            machine.close(descriptor)
        }
    }

    func length(_ descriptor: Int32) -> Int { machine.length(descriptor) }

    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        machine.read(descriptor, into: bytes, at: offset)
    }

    func write(_ descriptor: Int32, _ vectors: [iovec], at offset: Int) -> Int {
        state.withLock { state in
            let count = machine.write(descriptor, vectors, at: offset)
            guard count > 0, let node = state.open[descriptor] else { return count }
            let bytes = vectors.flatMap {
                Array(UnsafeRawBufferPointer(start: $0.iov_base, count: $0.iov_len))
            }
            state.events.append(.write(node, offset: offset, Array(bytes.prefix(count))))
            return count
        }
    }

    func synchronizeData(_ descriptor: Int32) -> Int { synchronize(descriptor) }

    func synchronize(_ descriptor: Int32) -> Int {
        // The machine itself need not wait: what a power failure leaves is decided by the record alone.
        state.withLock { state in
            if let node = state.open[descriptor] { state.events.append(.synchronize(node)) }
            return 0
        }
    }

    func truncate(_ descriptor: Int32, to length: Int) -> Int {
        state.withLock { state in
            let result = machine.truncate(descriptor, to: length)
            if result >= 0, let node = state.open[descriptor] { state.events.append(.truncate(node, length)) }
            return result
        }
    }

    func rename(_ path: String, to newPath: String) -> Int {
        state.withLock { state in
            let result = machine.rename(path, to: newPath)
            guard result >= 0 else { return result }
            let ((from, name), (to, newName)) = (state.place(path, root), state.place(newPath, root))
            guard let node = state.folders[from]?[name] else { return result }
            state.folders[from]?[name] = nil
            state.folders[to, default: [:]][newName] = node
            if from == to {
                state.events.append(.rename(name: name, to: newName, in: from, node))
            } else {
                let isFolder = state.folders[node] != nil
                state.events.append(.set(name: newName, in: to, to: node, isFolder: isFolder))
                state.events.append(.remove(name: name, in: from))
            }
            return result
        }
    }

    func link(_ path: String, as newPath: String) -> Int { machine.link(path, as: newPath) }

    func unlink(_ path: String) -> Int { remove(path) { machine.unlink(path) } }

    func removeFolder(_ path: String) -> Int { remove(path) { machine.removeFolder(path) } }

    func makeFolder(_ path: String) -> Int {
        state.withLock { state in
            let result = machine.makeFolder(path)
            guard result >= 0 else { return result }
            let (folder, name) = state.place(path, root)
            _ = state.add(name, in: folder, isFolder: true)
            return result
        }
    }

    private func remove(_ path: String, _ call: () -> Int) -> Int {
        state.withLock { state in
            let result = call()
            guard result >= 0 else { return result }
            let (folder, name) = state.place(path, root)
            // Files of the index are none of ours.
            guard state.folders[folder]?.removeValue(forKey: name) != nil else { return result }
            state.events.append(.remove(name: name, in: folder))
            return result
        }
    }
}

extension RecordedDisk.State {
    /// The folder that holds the last name of a path, and that name; empty for the root itself.
    fileprivate func place(_ path: String, _ root: String) -> (folder: RecordedDisk.Node, name: String) {
        precondition(path.hasPrefix(root), "\(path) is outside of the recorded folder")
        var names = path.dropFirst(root.count).split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return (0, "") }
        let folder = names.reduce(0) { folder, name in folders[folder]?[name] ?? -1 }
        return (folder, last)
    }

    fileprivate mutating func add(_ name: String, in folder: RecordedDisk.Node, isFolder: Bool)
        -> RecordedDisk.Node
    {
        lastNode += 1
        folders[folder]?[name] = lastNode
        if isFolder { folders[lastNode] = [:] }
        events.append(.set(name: name, in: folder, to: lastNode, isFolder: isFolder))
        return lastNode
    }
}
