import Glibc
import KinescopeTesting

/// What the disk does without a store around it.
enum BareFile {
    /// Appends `count` pieces to a new file, with `fdatasync` after every `group` of them.
    static func append(_ count: Int, of size: Int, syncingEvery group: Int = 1) throws {
        let folder = try TemporaryFolder()
        let file = open("\(folder.path)/bare", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        defer { close(file) }
        let bytes = [UInt8](repeating: 7, count: size)
        for index in 1...count {
            precondition(write(file, bytes, size) == size, "the disk took less than all")
            guard index % group == 0 || index == count else { continue }
            precondition(fdatasync(file) == 0, "the disk did not sync")
        }
    }

    /// Reads files to their ends, a megabyte at a time.
    static func read(_ paths: [String]) -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        for path in paths {
            let file = open(path, O_RDONLY)
            defer { close(file) }
            while case let count = Glibc.read(file, &buffer, buffer.count), count > 0 { total += count }
        }
        return total
    }
}
