import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer

/// `kinescope batch`: archived fragments for many workers, here or on an engine of the user's.
struct Batch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Divide archived fragments among workers.",
        discussion: """
            `batch NAME --from -1h --workers 4 -- CMD ARGS` runs CMD once for each fragment, the media on its standard \
            input. `plan` writes splits that any engine can hand to `fetch`.
            """,
        subcommands: [BatchPlanCommand.self, BatchFetchCommand.self, BatchRunCommand.self],
        defaultSubcommand: BatchRunCommand.self
    )
}

/// `kinescope batch plan`: splits as JSON, one a line.
struct BatchPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Write the splits of a time range as JSON, one a line."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var range: RangeOptions

    @Option(help: "Splits to make; fewer where there are fewer fragments.")
    var splits = 8

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard splits >= 1 else { throw ValidationError("--splits is \(splits), wanted 1 or more") }
    }

    func run() async throws {
        let (name, range, splits) = (name, range, splits)
        try await connection.withClient { client in
            _ = try await client.stream(named: name)
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
            let selector = try await range.selector(now: systemClock(), on: consumer)
            let fragments = try await consumer.list(selector)
            let plan = BatchPlan(fragments, count: splits)
            let (endpoint, region) = (client.endpoint.url, client.endpoint.region)
            for split in plan.written(stream: name, endpoint: endpoint, region: region) {
                try JSONLine.write(split)
            }
        }
    }
}

/// `kinescope batch fetch`: the media of one split.
struct BatchFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Write the media of one split.",
        discussion:
            "Goes to the endpoint that the split names, unless --endpoint names another. Each fragment is a Matroska document."
    )

    @Argument(help: "A split as JSON, a file with one split, or - for standard input.")
    var split: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; - is standard output, if that is no terminal.", valueName: "file")
    )
    var output: String

    @Option(help: "Calls at a time; the real service allows 5 for each stream.")
    var connections = 4

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard connections >= 1 else {
            throw ValidationError("--connections is \(connections), wanted 1 or more")
        }
    }

    func run() async throws {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw CommandFailure(.usage, "media is not written to a terminal (try -o FILE, or a pipe)")
        }
        let split = try Self.read(split)
        var connection = connection
        connection.endpoint = connection.endpoint ?? split.endpoint
        connection.region = connection.region ?? split.region
        let file = try OutputFile(path: output)
        let connections = connections
        try await connection.withClient { client in
            let consumer = StreamConsumer(client: client, stream: StreamReference(name: split.stream))
            try await BatchFetcher(consumer).fetch(split.numbers, connections: connections) { _, bytes in
                try file.write(bytes)
            }
        }
        try file.finish()
    }

    private static func read(_ argument: String) throws -> FragmentSplit {
        let data: Data
        if argument.hasPrefix("{") {
            data = Data(argument.utf8)
        } else if argument == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else if let contents = FileManager.default.contents(atPath: argument) {
            data = contents
        } else {
            throw CommandFailure(.notFound, "cannot read \(argument): \(String(cString: strerror(errno)))")
        }
        do {
            let split = try JSONDecoder().decode(FragmentSplit.self, from: data)
            guard split.numbers.count == split.fragments.count else {
                throw CommandFailure(.failed, "the split holds a number that is none")
            }
            return split
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                .failed,
                "no split in \(argument == "-" ? "standard input" : String(argument.prefix(80))) (wanted one line of kinescope batch plan)"
            )
        }
    }
}

/// `kinescope batch run`: a command for each fragment or split.
struct BatchRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command for each fragment, or for each split.",
        discussion: """
            The media is on the command's standard input. Its arguments may hold {number}, {last}, {fragments}, \
            {stream}, {producer}, {server}, {bytes} and {index}. What it prints is kept as NUMBER.out in the folder of \
            the results once it has ended with 0; work whose result is there is not done again, so that an interrupted \
            run goes on where it was. With --splits the plan is kept there as well, as plan.jsonl, and the next run \
            goes on with it. Ends with 1 where anything failed, after a line for each that did.
            """
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @OptionGroup var range: RangeOptions

    @Option(help: "Commands that run at a time.")
    var workers = 4

    @Option(help: "Splits to run the command for, instead of each fragment.")
    var splits: Int?

    @Option(help: "How often a command that failed is run again.")
    var retries = 2

    @Option(help: ArgumentHelp("Folder of the results. Default: NAME.batch.", valueName: "dir"))
    var results: String?

    @Flag(help: "Print one JSON object for each piece of work.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String]

    func validate() throws {
        guard workers >= 1 else { throw ValidationError("--workers is \(workers), wanted 1 or more") }
        guard splits.map({ $0 >= 1 }) ?? true else {
            throw ValidationError("--splits is \(splits ?? 0), wanted 1 or more")
        }
        guard retries >= 0 else { throw ValidationError("--retries is \(retries), wanted 0 or more") }
        guard !command.isEmpty else { throw ValidationError("no command (put it behind --)") }
    }

    func run() async throws {
        let options = self
        let result: BatchOutcome? = try await Interruption.watching([SIGINT, SIGTERM]) {
            try await options.connection.withClient { client in try await options.run(client) }
        }
        guard let result else { throw CommandFailure(.interrupted, "interrupted; the same command goes on") }
        guard result.failed.isEmpty else {
            if result.failed.count > 10 { for failed in result.failed { report("failed: \(failed)") } }
            let names = result.failed.prefix(10).map(\.description).joined(separator: "; ")
            let more = result.failed.count > 10 ? "; and \(result.failed.count - 10) more" : ""
            throw CommandFailure(.failed, "\(result.failed.count) of \(result.total) failed: \(names)\(more)")
        }
    }

    private func run(_ client: ServiceClient) async throws -> BatchOutcome {
        _ = try await client.stream(named: name)
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
        let folder = try ResultFolder(path: results ?? "\(name).batch")
        let work = try await work(consumer, folder)
        let run = BatchRun(
            consumer: consumer,
            stream: name,
            command: command,
            folder: folder,
            retries: retries
        )
        let progress = BatchProgress(BatchTally(name: name, work: work))
        let json = json
        let outcome = try await run.run(work, workers: workers) { result in
            progress.take(result)
            if json { try JSONLine.write(result.row) }
        }
        progress.clear()
        if !json { print("\(name): \(progress.summary)") }
        return outcome
    }

    /// What there is to do; splits stay those of the first run, or results would be of other fragments.
    private func work(_ consumer: StreamConsumer, _ folder: ResultFolder) async throws -> [BatchWork] {
        if splits != nil, let plan = try folder.plan() {
            if let other = plan.first(where: { $0.stream != name }) {
                throw CommandFailure(
                    .failed,
                    "the plan in \(folder.planFile) is of stream \(other.stream) (try another --results)"
                )
            }
            report("goes on with the \(plan.count) splits in \(folder.planFile) (remove it to plan anew)")
            return plan.map { BatchWork($0) }
        }
        let selector = try await range.selector(now: systemClock(), on: consumer)
        let fragments = try await consumer.list(selector)
        guard let splits else { return fragments.enumerated().map { BatchWork(index: $0, $1) } }
        let endpoint = consumer.client.endpoint
        let plan = BatchPlan(fragments, count: splits)
            .written(stream: name, endpoint: endpoint.url, region: endpoint.region)
        // A run that found nothing is no plan to go on with.
        if !plan.isEmpty { try folder.keep(plan) }
        return plan.map { BatchWork($0) }
    }
}
