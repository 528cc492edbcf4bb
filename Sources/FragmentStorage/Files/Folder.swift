import Foundation
import Glibc
import NIOCore

/// A folder whose changes are made durable.
struct Folder: Sendable, Hashable {
    let path: String

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func folder(_ name: String) -> Folder { Folder(path: file(name)) }

    /// Creates the folder and missing parents.
    func create() throws(StoreError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw StoreError(foundation: error, path: path)
        }
    }

    /// Names inside, in no order.
    func names() throws(StoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw StoreError(foundation: error, path: path)
        }
    }

    /// Makes creations, renames and removals inside durable.
    func synchronize() throws(StoreError) {
        try OpenFile(path: path, flags: O_RDONLY | O_DIRECTORY).synchronize()
    }

    /// Removes the folder with all that is in it; what is gone already is no failure.
    func remove() throws(StoreError) {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch CocoaError.fileNoSuchFile {
            return
        } catch {
            throw StoreError(foundation: error, path: path)
        }
    }

    /// Replaces the file `name`: after a crash it holds the old bytes or the new, never a mixture.
    func replace(_ name: String, with contents: ByteBuffer) throws(StoreError) {
        let temporary = file(name + ".new")
        let new = try OpenFile(path: temporary, flags: O_WRONLY | O_CREAT | O_TRUNC)
        try new.write([contents], at: 0)
        try new.synchronize()
        guard rename(temporary, file(name)) == 0 else { throw StoreError(errno: errno, path: file(name)) }
        try synchronize()
    }
}

extension StoreError {
    /// Takes the system's error number out of an error of Foundation.
    fileprivate init(foundation error: any Error, path: String) {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        let code = [error as NSError, underlying].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }?
            .code
        if let code {
            self.init(errno: Int32(code), path: path)
        } else {
            self.init(.inputOutput, path: path)
        }
    }
}
