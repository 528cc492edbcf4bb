import Foundation
import Testing

/// The page's example is a file of these tests, so it compiles as it stands.
@Suite struct DocumentationTests {
    @Test func theExampleOfThePageIsTheOneThatCompiles() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let page = tests.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/KinesisVideoConsumer/Documentation.docc/KinesisVideoConsumer.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let blocks = text.components(separatedBy: "```")
        let example = try #require(blocks.dropFirst().first).trimmingPrefix("swift\n")
        let file = tests.appending(path: "DocumentedExample.swift")
        let compiled = try String(contentsOf: file, encoding: .utf8)
        #expect(example == compiled[...])
    }
}
