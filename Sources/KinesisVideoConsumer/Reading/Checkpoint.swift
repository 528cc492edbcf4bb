import Foundation
public import KinesisVideo

/// How far a reader has come: the last fragment it is done with.
///
/// Save one when a fragment has been dealt with, not when it has been read: a reader that ends between the two gets
/// the fragment once more, and never misses one.
public struct Checkpoint: Codable, Sendable, Hashable {
    /// Name or ARN of the stream.
    public var stream: String
    /// Number of the last fragment that is done, in digits.
    public var fragmentNumber: String
    /// When it starts on the producer's clock, RFC 3339; for people.
    public var producerTimestamp: String

    /// Creates a checkpoint behind a fragment.
    public init(_ metadata: FragmentMetadata, of stream: StreamReference) {
        self.stream = stream.name ?? stream.arn ?? ""
        fragmentNumber = metadata.number.padded
        producerTimestamp = metadata.producerTimestamp.rfc3339
    }

    /// Where reading goes on; nil where the number is none.
    public var selector: StartSelector? {
        FragmentNumber(fragmentNumber).map { .afterFragment($0) }
    }
}

/// A checkpoint that cannot be used.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// File, what was seen, and what to do.
    public var description: String
}

/// Keeps one checkpoint in a file, replaced as a whole: a crash leaves the old one or the new one.
public struct CheckpointFile: Sendable, Hashable {
    /// Path of the file.
    public let path: String

    /// Names a file, which need not be there yet.
    public init(path: String) {
        self.path = path
    }

    /// Reads the checkpoint.
    ///
    /// - Returns: nil where there is no file yet.
    /// - Throws: CheckpointError where it cannot be read or is none.
    public func load() throws -> Checkpoint? {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        } catch {
            throw CheckpointError(description: "cannot read \(path): \(error.localizedDescription)")
        }
        guard let checkpoint = try? JSONDecoder().decode(Checkpoint.self, from: data),
            checkpoint.selector != nil
        else {
            let seen = String(decoding: data.prefix(60), as: UTF8.self)
            throw CheckpointError(
                description: "no checkpoint in \(path): '\(seen)' (remove it to begin anew)"
            )
        }
        return checkpoint
    }

    /// Writes the checkpoint and waits until it is on the disk.
    ///
    /// - Throws: CheckpointError.
    public func save(_ checkpoint: Checkpoint) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(checkpoint) + Data("\n".utf8)
        let part = path + ".part"
        let isWritten = FileManager.default.createFile(atPath: part, contents: nil)
        do {
            guard isWritten, let handle = FileHandle(forWritingAtPath: part) else {
                throw POSIXError(.init(rawValue: errno) ?? .EIO)
            }
            try handle.write(contentsOf: data)
            try handle.synchronize()
            try handle.close()
        } catch {
            throw CheckpointError(description: "cannot write \(part): \(error.localizedDescription)")
        }
        guard rename(part, path) == 0 else {
            throw CheckpointError(description: "cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}

extension StreamConsumer {
    /// Follows the stream from where a checkpoint left off.
    ///
    /// - Parameters:
    ///   - checkpoint: how far an earlier reader came; nil for the first one.
    ///   - start: where the first one begins.
    ///   - options: how far, and how patient.
    ///   - observe: told of what happens between fragments.
    /// - Returns: the fragments behind the checkpoint.
    /// - Throws: CheckpointError where it is another stream's.
    public func follow(
        resuming checkpoint: Checkpoint?,
        else start: StartSelector,
        options: ReadingOptions = ReadingOptions(),
        observe: @escaping @Sendable (ReadingEvent) -> Void = { _ in }
    ) throws -> FragmentSequence {
        guard let checkpoint else { return follow(from: start, options: options, observe: observe) }
        guard let selector = checkpoint.selector, [stream.name, stream.arn].contains(checkpoint.stream) else {
            let name = stream.name ?? stream.arn ?? ""
            throw CheckpointError(
                description:
                    "the checkpoint is behind fragment \(checkpoint.fragmentNumber.prefix(60)) of '\(checkpoint.stream)', the stream is '\(name)'"
            )
        }
        return follow(from: selector, options: options, observe: observe)
    }
}
