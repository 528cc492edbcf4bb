import Foundation
import KinesisVideo
import KinesisVideoConsumer
import Subprocess
import SystemPackage

/// What one run of the command is about.
struct BatchWork: Sendable {
    /// Its place in the run, from 0.
    let index: Int
    /// Never empty.
    let fragments: [FragmentInfo]

    /// Names the result: a fragment number, of several the first and how many follow it.
    var name: String {
        let first = fragments.first.map(\.number.padded) ?? ""
        return fragments.count == 1 ? first : "\(first)+\(fragments.count - 1)"
    }

    var bytes: Int { fragments.reduce(0) { $0 + $1.size } }

    /// Puts what is known into an argument of the command.
    func filled(_ argument: String, stream: String) -> String {
        guard let first = fragments.first else { return argument }
        let values = [
            "number": first.number.padded, "stream": stream, "producer": first.producerTimestamp.rfc3339,
            "server": first.serverTimestamp.rfc3339, "bytes": "\(bytes)", "index": "\(index)",
        ]
        return values.reduce(argument) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
}

/// How a piece of work ended.
struct BatchResult: Sendable {
    /// One line of `--json`.
    struct Row: Encodable {
        var fragmentNumber: String
        var fragments: Int
        var sizeBytes: Int
        var isDone: Bool
        var attempts: Int
        var result: String?
        var failure: String?
    }

    let work: BatchWork
    /// 0 where an earlier run did it.
    let attempts: Int
    /// Why it failed, for people; nil where it is done.
    let failure: String?
    let path: String

    var row: Row {
        Row(
            fragmentNumber: work.fragments.first.map(\.number.padded) ?? "",
            fragments: work.fragments.count,
            sizeBytes: work.bytes,
            isDone: failure == nil,
            attempts: attempts,
            result: failure == nil ? path : nil,
            failure: failure
        )
    }
}

/// What a whole run came to.
struct BatchOutcome: Sendable {
    /// A piece of work that failed for good.
    struct Failed: Sendable, CustomStringConvertible {
        var name: String
        var reason: String
        var description: String { "\(name) \(reason)" }
    }

    var total = 0
    var failed: [Failed] = []
}

/// Runs a command for each piece of work, several at a time.
struct BatchRun: Sendable {
    let consumer: StreamConsumer
    let stream: String
    let command: [String]
    let folder: ResultFolder
    let retries: Int

    /// Runs everything that has no result yet.
    ///
    /// - Parameters:
    ///   - work: in the order in which it begins.
    ///   - workers: commands at a time.
    ///   - finished: told of each piece, one at a time.
    /// - Returns: how many there were and which failed.
    /// - Throws: ClientError where the service is gone for good, CommandFailure where results cannot be written.
    func run(
        _ work: [BatchWork],
        workers: Int,
        finished: (BatchResult) throws -> Void
    ) async throws -> BatchOutcome {
        // A command that ends without reading everything must not end this program.
        signal(SIGPIPE, SIG_IGN)
        var outcome = BatchOutcome(total: work.count)
        try await withThrowingTaskGroup(of: BatchResult.self) { group in
            var waiting = work[...]
            func begin() {
                guard let next = waiting.popFirst() else { return }
                group.addTask { try await perform(next) }
            }
            for _ in 0..<workers { begin() }
            while let result = try await group.next() {
                if let failure = result.failure {
                    outcome.failed.append(.init(name: result.work.name, reason: failure))
                }
                try finished(result)
                begin()
            }
        }
        return outcome
    }

    private func perform(_ work: BatchWork) async throws -> BatchResult {
        let path = folder.path(of: work.name)
        if folder.hasResult(of: work.name) {
            return BatchResult(work: work, attempts: 0, failure: nil, path: path)
        }
        var failure: String?
        for attempt in 1...(retries + 1) {
            failure = try await runOnce(work)
            if failure == nil { return BatchResult(work: work, attempts: attempt, failure: nil, path: path) }
        }
        return BatchResult(work: work, attempts: retries + 1, failure: failure, path: path)
    }

    /// Runs the command once; its result takes its name only when it is whole.
    ///
    /// - Returns: why it failed; nil where it did not.
    private func runOnce(_ work: BatchWork) async throws -> String? {
        let words = command.map { work.filled($0, stream: stream) }
        let output = try folder.open(work.name)
        defer { try? output.close() }
        do {
            let result = try await Subprocess.run(
                words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
                arguments: Arguments(Array(words.dropFirst())),
                input: .inputWriter,
                output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                error: .currentStandardError
            ) { execution in
                do {
                    try await BatchFetcher(consumer).fetch(work.fragments.map(\.number)) { _, bytes in
                        // A command may end without having read everything: its exit status counts.
                        _ = try? await execution.standardInputWriter.write(Array(bytes))
                    }
                    try? await execution.standardInputWriter.finish()
                    return String?.none
                } catch let error as BatchFetcher.Failure {
                    // A part of the media must not pass for all of it.
                    try? execution.send(signal: .kill)
                    return error.description
                }
            }
            if let failure = result.closureResult { return failure }
            guard result.terminationStatus.isSuccess else { return "\(result.terminationStatus)" }
            try folder.keep(work.name)
            return nil
        } catch let error as SubprocessError {
            return "cannot run \(words[0]): \(error)"
        }
    }
}
