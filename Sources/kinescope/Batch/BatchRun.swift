import Foundation
import KinesisVideo
import KinesisVideoConsumer
import Subprocess
import SystemPackage

/// What one run of the command is about.
struct BatchWork: Sendable {
    /// Its place in the run, from 0.
    let index: Int
    /// Numbers of the fragments, ascending, at least one.
    let numbers: [FragmentNumber]
    /// Sum of their sizes.
    let bytes: Int
    /// When the first of them starts on the producer's clock, RFC 3339.
    let producer: String
    /// When the service began to receive the first of them, RFC 3339.
    let server: String

    /// One fragment.
    init(index: Int, _ fragment: FragmentInfo) {
        self.index = index
        numbers = [fragment.number]
        bytes = fragment.size
        producer = fragment.producerTimestamp.rfc3339
        server = fragment.serverTimestamp.rfc3339
    }

    /// A split of a plan.
    init(_ split: FragmentSplit) {
        index = split.split
        numbers = split.numbers
        bytes = split.bytes
        producer = split.start
        server = split.serverStart ?? ""
    }

    /// Names the result: a fragment number, of several the first and how many follow it.
    var name: String {
        numbers.count == 1 ? first : "\(first)+\(numbers.count - 1)"
    }

    /// Number of the first fragment, in digits.
    var first: String { numbers.first?.padded ?? "" }

    /// Puts what is known into an argument of the command; other braces stay as they are.
    func filled(_ argument: String, stream: String) -> String {
        let values = [
            "number": first, "last": numbers.last?.padded ?? "", "fragments": "\(numbers.count)",
            "stream": stream, "producer": producer, "server": server, "bytes": "\(bytes)",
            "index": "\(index)",
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
            fragmentNumber: work.first,
            fragments: work.numbers.count,
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
        outcome.failed.sort { $0.name < $1.name }
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
            // An interruption takes the command with it, which is no failure of the command's.
            try Task.checkCancellation()
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
                    try await BatchFetcher(consumer).fetch(work.numbers) { _, bytes in
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
            guard result.terminationStatus.isSuccess else { return Self.words(result.terminationStatus) }
            // A result that has its name is whole after a power failure, too.
            guard fsync(output.rawValue) == 0 || errno == EINVAL else {
                throw CommandFailure(
                    .failed,
                    "cannot write \(folder.path): \(String(cString: strerror(errno)))"
                )
            }
            try folder.keep(work.name)
            return nil
        } catch let error as SubprocessError {
            return "cannot run \(words[0]): \(error)"
        }
    }

    private static func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "ended with \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        @unknown default: "\(status)"
        }
    }
}
