import Foundation
import MediaCodec

/// A source named on the command line that is no camera.
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

    /// Opens a file, what an HTTP server sends, or standard input for `-`, and reads it on a thread of its own.
    ///
    /// - Parameters:
    ///   - path: its name.
    ///   - timeout: how long a server may say nothing.
    /// - Returns: the pump, and what the source has.
    /// - Throws: CodecError.
    static func pump(_ path: String, timeout: Duration) async throws
        -> (pump: PacketPump, summary: PacketPump.Summary)
    {
        try await PacketPump.open(timeout: timeout) { interrupt in
            if path == "-" { return try open(path) }
            return try MediaFile.open(MediaAddress(path), encodesVideo: true, interrupt: interrupt)
        }
    }
}
