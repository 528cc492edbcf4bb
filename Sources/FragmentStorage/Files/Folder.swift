import Foundation
import Glibc
import NIOCore

/// A folder whose changes are made durable.
struct Folder: Sendable {
    let path: String
    let calls: any SystemCalls

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func folder(_ name: String) -> Folder { Folder(path: file(name), calls: calls) }

    /// True where something has that name.
    func has(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

    /// Opens a file inside; open(2).
    func open(_ name: String, _ flags: Int32) throws(StoreError) -> OpenFile {
        try OpenFile(path: file(name), flags: flags, calls: calls)
    }

    /// All bytes of a file inside.
    func contents(_ name: String) throws(StoreError) -> ByteBuffer {
        let file = try open(name, O_RDONLY)
        return try file.read(at: 0, count: try file.length())
    }

    /// Creates the folder and missing parents, and makes their names durable.
    func create() throws(StoreError) {
        do {
            try check(path) { calls.makeFolder(path) }
        } catch  where error.errno == EEXIST {
            return
        } catch  where error.errno == ENOENT {
            try parent.create()
            try check(path) { calls.makeFolder(path) }
        }
        try parent.synchronize()
    }

    private var parent: Folder {
        let parent = (path as NSString).deletingLastPathComponent
        return Folder(path: parent.isEmpty ? "." : parent, calls: calls)
    }

    /// Names inside, in no order.
    func names() throws(StoreError) -> [String] {
        guard let folder = opendir(path) else { throw StoreError(errno: errno, path: path) }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { bytes in
                bytes.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        // At the end readdir leaves errno alone.
        guard errno == 0 else { throw StoreError(errno: errno, path: path) }
        return names
    }

    /// Makes creations, renames and removals inside durable.
    func synchronize() throws(StoreError) {
        try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY, calls: calls).synchronize()
    }

    /// Removes a file inside, which takes ``synchronize()`` to be durable; what is gone already is no failure.
    func unlink(_ name: String) throws(StoreError) {
        do {
            try check(file(name)) { calls.unlink(file(name)) }
        } catch  where error.errno == ENOENT {
            return
        }
    }

    /// Gives something inside another name or place, which takes ``synchronize()`` of both to be durable.
    func rename(_ name: String, to newPath: String) throws(StoreError) {
        try check(newPath) { calls.rename(file(name), to: newPath) }
    }

    /// Gives a file inside a second name, which takes ``synchronize()`` of its folder to be durable.
    func link(_ name: String, as newPath: String) throws(StoreError) {
        try check(newPath) { calls.link(file(name), as: newPath) }
    }

    /// Removes the folder with all that is in it; what is gone already is no failure.
    func remove() throws(StoreError) {
        let names: [String]
        do { names = try self.names() } catch  where error.errno == ENOENT { return }
        for name in names {
            do {
                try unlink(name)
            } catch  where error.errno == EISDIR {
                try folder(name).remove()
            }
        }
        try check(path) { calls.removeFolder(path) }
    }

    /// Replaces the file `name`: after a crash it holds the old bytes or the new, never a mixture.
    func replace(_ name: String, with contents: ByteBuffer) throws(StoreError) {
        let temporary = name + ".new"
        let new = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
        try new.write([contents], at: 0)
        try new.synchronize()
        try rename(temporary, to: file(name))
        try synchronize()
    }

    private func check(_ path: String, _ call: () -> Int) throws(StoreError) {
        let result = interruptible(call)
        if result < 0 { throw StoreError(errno: Int32(-result), path: path) }
    }
}
