import Foundation
import MediaCodec

/// A media file named on the command line.
enum MediaInput {
    /// Opens a file, or standard input for `-`.
    static func open(_ path: String, search: MediaFile.Search = .everything) throws(CodecError) -> MediaFile {
        guard path == "-" else { return try MediaFile.open(path: path, search: search) }
        return try MediaFile.open(name: "standard input") { buffer in
            let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw CommandFailure(.failed, "cannot read standard input") }
            return count
        }
    }
}
