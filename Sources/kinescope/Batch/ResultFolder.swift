import Foundation
import SystemPackage

/// Results by name: `NAME.out` is there only once it is whole.
struct ResultFolder: Sendable {
    let path: String

    /// Makes the folder where it is missing.
    init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.failed, "cannot make \(path): \(error.localizedDescription)")
        }
    }

    /// Where a result is.
    func path(of name: String) -> String { "\(path)/\(name).out" }

    /// True where an earlier run has finished it.
    func hasResult(of name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(of: name))
    }

    /// Begins a result anew.
    func open(_ name: String) throws -> FileDescriptor {
        let part = path(of: name) + ".part"
        do {
            return try FileDescriptor.open(
                FilePath(part),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw CommandFailure(.failed, "cannot write \(part): \(error)")
        }
    }

    /// Gives a result its name.
    func keep(_ name: String) throws {
        guard rename(path(of: name) + ".part", path(of: name)) == 0 else {
            throw CommandFailure(
                .failed,
                "cannot write \(path(of: name)): \(String(cString: strerror(errno)))"
            )
        }
    }
}
