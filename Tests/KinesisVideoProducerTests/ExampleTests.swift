import Foundation
import KinesisVideoClient
import KinesisVideoProducer
import Testing

/// What a camera gives, in the example.
struct Picture: Sendable {
    var time: Duration
    var isKey: Bool
    var bytes: [UInt8]
}

// The example begins here.
/// Sends what a camera gives, and tells what is left out.
func send(_ pictures: some AsyncSequence<Picture, any Error> & Sendable, to url: String) async throws {
    let client = ServiceClient(endpoint: Endpoint(url: url))
    var definition = StreamDefinition(name: "lobby", tracks: [.h264()])
    definition.retentionHours = 24

    let spool = try FragmentSpool(folder: "/var/spool/lobby", capacity: 1 << 30)
    let report = try await StreamProducer.run(definition, client: client, spool: spool) { producer in
        let watching = Task {
            for await case .dropped(let drop) in producer.events {
                print("\(drop.frames) frames left out: \(drop.reason)")
            }
        }
        defer { watching.cancel() }
        try await producer.putMetadata("site", "yard", isPersistent: true)
        for try await picture in pictures {
            try await producer.put(
                MediaFrame(presentationTime: picture.time, isKey: picture.isKey, data: picture.bytes)
            )
        }
    }
    print("\(report.persisted) fragments are safe")
    await client.shutdown()
}
// The example ends here.

/// The page's example, against the code above, which compiles.
@Suite struct ExampleTests {
    @Test func theExampleOfThePageIsTheCodeThatCompiles() throws {
        let file = URL(filePath: #filePath)
        let code = try String(contentsOf: file, encoding: .utf8)
        let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appending(
                path: "Sources/KinesisVideoProducer/Documentation.docc/KinesisVideoProducer.md"
            ),
            encoding: .utf8
        )
        let begin = try #require(code.range(of: "\n// The example begins here.\n"))
        let end = try #require(
            code.range(of: "\n// The example ends here.\n", range: begin.upperBound..<code.endIndex)
        )
        let example = String(code[begin.upperBound..<end.lowerBound])
        let fence = try #require(
            page.range(of: "```swift\nimport KinesisVideoClient\nimport KinesisVideoProducer\n\n")
        )
        let close = try #require(page.range(of: "\n```", range: fence.upperBound..<page.endIndex))
        #expect(String(page[fence.upperBound..<close.lowerBound]) == example)
    }
}
