import KinescopeTesting
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Testing

@Suite struct CheckpointTests {
    private static func metadata(_ number: Int) throws -> FragmentMetadata {
        FragmentMetadata(
            number: try #require(FragmentNumber("\(number)")),
            serverTimestamp: Timestamp(milliseconds: 5),
            producerTimestamp: Timestamp(milliseconds: 1_763_820_202_480)
        )
    }

    @Test func whatWasSavedIsLoadedAndTheNewestCounts() throws {
        let folder = try TemporaryFolder()
        let file = CheckpointFile(path: folder.path("gate.checkpoint"))
        #expect(try file.load() == nil)
        for number in 1...3 {
            try file.save(Checkpoint(try Self.metadata(number), of: StreamReference(name: "gate")))
        }
        let loaded = try #require(try file.load())
        #expect(loaded.selector == .afterFragment(try Self.metadata(3).number))
        #expect(loaded.stream == "gate" && loaded.producerTimestamp == "2025-11-22T14:03:22.480Z")
        #expect(try folder.files(ending: ".part").isEmpty)
    }

    @Test(arguments: [
        "", "{", "null", #"{"stream":"gate"}"#,
        #"{"stream":"a","fragmentNumber":"x","producerTimestamp":""}"#,
    ])
    func whatIsNoCheckpointIsNamedAndNotTakenForTheBeginning(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array(text.utf8), to: "broken")
        let error = #expect(throws: CheckpointError.self) { try CheckpointFile(path: path).load() }
        #expect(error?.description.contains(path) == true)
    }

    @Test func aFolderThatIsNotThereIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = CheckpointFile(path: folder.path("missing/gate"))
        let checkpoint = Checkpoint(try Self.metadata(1), of: StreamReference(name: "gate"))
        let error = #expect(throws: CheckpointError.self) { try file.save(checkpoint) }
        #expect(error?.description.contains("missing/gate") == true)
    }

    @Test func aCheckpointOfAnotherStreamIsRefused() async throws {
        let client = ServiceClient(endpoint: Endpoint(url: "http://127.0.0.1:1"))
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: "yard"))
        let checkpoint = Checkpoint(try Self.metadata(1), of: StreamReference(name: "gate"))
        #expect(throws: CheckpointError.self) { try consumer.follow(resuming: checkpoint, else: .now) }
        await client.shutdown()
    }
}
