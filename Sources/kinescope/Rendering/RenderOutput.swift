import Foundation

/// Where rendered pictures go: standard output, as they are or as a recording, up to a number of them.
struct RenderOutput {
    private var remaining: Int
    private var recording: CastRecording?

    /// Begins; a recording gets its header.
    ///
    /// - Parameters:
    ///   - frames: How many to write at most; nil is no limit.
    ///   - screen: Columns and rows of the recording; nil writes frames as they are.
    /// - Throws: Where standard output cannot be written to.
    init(frames: Int?, recordingOn screen: (columns: Int, rows: Int)?) throws {
        remaining = frames ?? .max
        guard let screen else { return }
        recording = CastRecording()
        let header = try CastRecording.header(columns: screen.columns, rows: screen.rows)
        try FileHandle.standardOutput.write(contentsOf: header)
    }

    /// Writes a frame.
    ///
    /// - Parameters:
    ///   - frame: Its bytes.
    ///   - nanoseconds: Its time on the time line of its source.
    /// - Returns: False where it was the last one wanted.
    /// - Throws: Where standard output cannot be written to.
    mutating func write(_ frame: [UInt8], at nanoseconds: Int64) throws -> Bool {
        guard remaining > 0 else { return false }
        let bytes = recording?.line(frame, at: nanoseconds) ?? frame
        try FileHandle.standardOutput.write(contentsOf: bytes)
        remaining -= 1
        return remaining > 0
    }
}
