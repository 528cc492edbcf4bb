import ArgumentParser
import Foundation
import KinesisVideo
import Matroska

/// `kinescope inspect`: what a file or a recorded answer holds, chunk by chunk.
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the chunks of a Matroska file: fragments, tracks, tags and frames.",
        discussion: """
            Text for people, or with --json one object a chunk and line. A chunk that is damaged comes with its
            whole frames and "complete": false; what is wrong goes to stderr with its byte offset, and the exit
            status is 7.
            """
    )

    @Argument(help: "A file, or - for standard input.")
    var file: String

    @Flag(help: "Print one JSON object for each chunk.")
    var json = false

    func run() throws {
        let input = try open()
        var inspection = ChunkInspection()
        var reader = ChunkReader(verifiesChecksums: true)
        while let data = try input.read(upToCount: 1 << 16), !data.isEmpty {
            for event in reader.read([UInt8](data).span) { try take(inspection.take(event)) }
        }
        for event in reader.finish() { try take(inspection.take(event)) }
        if inspection.isDamaged { throw CommandFailure(.corrupt) }
    }

    private func open() throws -> FileHandle {
        if file == "-" { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(errno == ENOENT ? .notFound : .failed, "cannot read \(file): \(reason)")
        }
        return handle
    }

    private func take(_ output: ChunkInspection.Output?) throws {
        switch output {
        case .report(let chunk): try json ? JSONLine.write(chunk) : print(chunk.text)
        case .problem(let line): report("inspect \(file): \(line)")
        case nil: break
        }
    }
}
