import ArgumentParser
import KinesisVideo
import KinesisVideoClient

/// `kinescope tag`: the tags of a stream.
struct Tagging: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Show or change the tags of a stream.",
        discussion: "Sets what is given as KEY=VALUE, takes away what --remove names, and prints the tags."
    )

    @Argument(help: "Name of the stream.")
    var name: String

    @Argument(help: ArgumentHelp("Tags to set.", valueName: "key=value"))
    var tags: [TagAssignment] = []

    @Option(help: ArgumentHelp("A tag to take away; may be given several times.", valueName: "key"))
    var remove: [String] = []

    @OptionGroup var connection: ConnectionOptions

    @Flag(help: "Print one JSON object for each tag.")
    var json = false

    private struct Row: Encodable {
        var key: String
        var value: String
    }

    func run() async throws {
        let stream = StreamReference(name: name)
        let added = tags.isEmpty ? nil : TagStream.Input(stream, tags: TagAssignment.map(tags))
        let removed = remove.isEmpty ? nil : UntagStream.Input(stream, tagKeyList: remove)
        if let added { try Create.check(added) }
        if let removed { try Create.check(removed) }
        let json = json
        try await connection.withClient { client in
            if let removed { _ = try await client.call(UntagStream.self, removed) }
            if let added { _ = try await client.call(TagStream.self, added) }
            let tags = try await client.allTags(of: stream).sorted { $0.key < $1.key }
            for (key, value) in tags {
                if json {
                    try JSONLine.write(Row(key: key, value: value))
                } else {
                    print(PrintableText.visible("\(key)=\(value)"))
                }
            }
        }
    }
}
