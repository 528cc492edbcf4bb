import KinesisVideo
import Monitor
import Testing

@Suite struct StreamFilterTests {
    static let expressions: [(String, [String])] = [
        ("", ["front-door", "garage", "lab-bench", "loading-dock", "lobby", "roof", "test-rig"]),
        ("DO", ["front-door", "loading-dock"]),
        ("!do", ["garage", "lab-bench", "lobby", "roof", "test-rig"]),
        ("/^l/", ["lab-bench", "loading-dock", "lobby"]),
        ("/^l.*d", ["loading-dock"]),
        ("!/^l/ !o", ["garage", "test-rig"]),
        ("state:idle", ["garage"]),
        ("!state:live", ["garage", "roof", "test-rig"]),
        ("rate>2", ["front-door", "loading-dock"]),
        ("rate>2 state:live lo", ["loading-dock"]),
        ("age<1", ["front-door", "loading-dock"]),
        ("lag<0.35", ["front-door", "lobby"]),
        ("view>1", ["loading-dock"]),
        ("rate>", ["front-door", "garage", "lab-bench", "loading-dock", "lobby", "roof", "test-rig"]),
        ("!", ["front-door", "garage", "lab-bench", "loading-dock", "lobby", "roof", "test-rig"]),
    ]

    @Test(arguments: expressions)
    func anExpressionLeaves(_ row: (expression: String, names: [String])) {
        var state = sampleState()
        _ = state.run(line: "filter \(row.expression)", at: state.now)
        #expect(state.streams.visible.map(\.name) == row.names)
    }

    @Test(arguments: [
        ("/(/", "'(' is no regular expression"),
        ("speed>2", "'speed' is no figure (there are rate, age, lag, view)"),
        ("rate>x", "'x' is no number"),
    ])
    func whatIsNoneSaysSo(_ row: (expression: String, words: String)) {
        var state = sampleState()
        _ = state.run(line: "filter \(row.expression)", at: state.now)
        #expect(state.streams.visible.isEmpty)
        #expect(state.text().contains(row.words))
    }
}
