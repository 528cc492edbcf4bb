import Foundation

/// A file that appears under its name only when it is whole, or standard output.
final class OutputFile: Sendable {
    private let path: String?
    private let handle: FileHandle

    init(path: String) throws {
        guard path != "-" else {
            self.path = nil
            handle = .standardOutput
            return
        }
        self.path = path
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: nil),
            let handle = FileHandle(forWritingAtPath: part)
        else { throw CommandFailure(.failed, "cannot write \(part): \(String(cString: strerror(errno)))") }
        self.handle = handle
    }

    func write(_ bytes: ArraySlice<UInt8>) throws {
        try handle.write(contentsOf: Data(bytes))
    }

    /// Gives the file its name.
    func finish() throws {
        guard let path else { return }
        try handle.close()
        guard rename(path + ".part", path) == 0 else {
            throw CommandFailure(.failed, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
