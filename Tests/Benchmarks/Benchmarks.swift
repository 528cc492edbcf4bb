import Glibc

/// Measures the parts that must be quick: `swift run -c release Benchmarks [CASE...]`, all cases without a name.
///
/// Each case prints counts first, then times, then how they compare with a peer or a limit of the machine that was
/// measured in turn with it: a median, and the smallest and largest of all rounds. Files go to `TMPDIR`.
@main
enum Benchmarks {
    private struct Case: Sendable {
        var name: String
        var run: @Sendable () async throws -> Void
    }

    private static let cases = [
        Case(name: "matroska-read", run: MatroskaReading.run),
        Case(name: "matroska-write", run: MatroskaWriting.run),
        Case(name: "half-block-frame", run: HalfBlockFrame.run),
        Case(name: "render-stages", run: RenderStages.run),
        Case(name: "put-media-ingest", run: IngestThroughput.run),
        Case(name: "persisted-fragments", run: PersistedFragments.run),
        Case(name: "concurrent-streams", run: ConcurrentStreams.run),
        Case(name: "service-cost", run: ServiceCost.run),
        Case(name: "camera-load", run: CameraLoad.run),
        Case(name: "live-latency", run: LiveLatency.run),
        Case(name: "acks-under-attack", run: AcknowledgementsUnderAttack.run),
        Case(name: "cursor-handover", run: CursorHandover.run),
        Case(name: "live-readers", run: LiveReaders.run),
        Case(name: "get-media", run: GetMediaThroughput.run),
        Case(name: "batch-fetch", run: BatchFetchThroughput.run),
        Case(name: "list-fragments", run: ListFragmentsPages.run),
        Case(name: "large-index", run: LargeIndexPages.run),
        Case(name: "week-of-fragments", run: WeekOfFragments.run),
        Case(name: "archive-seeks", run: ArchiveSeeks.run),
    ]

    static func main() async throws {
        let names = CommandLine.arguments.dropFirst()
        if names.first == Upload.argument { return try await Upload.run(names.dropFirst()) }
        if names.first == CameraLoad.argument { return try await CameraLoad.run(names.dropFirst()) }
        guard names.allSatisfy({ name in cases.contains { $0.name == name } }) else {
            print("usage: Benchmarks [CASE...]; cases: \(cases.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        for item in cases where names.isEmpty || names.contains(item.name) {
            print(item.name)
            try await item.run()
        }
    }
}

/// Prints a figure under the name of its case.
func show(_ label: String, _ figure: String) {
    print("  \(label): \(figure)")
    // Lines appear as they come where stdout is a file, too.
    fflush(nil)
}
