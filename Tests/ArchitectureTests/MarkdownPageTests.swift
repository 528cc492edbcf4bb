import Testing

@Suite struct MarkdownPageTests {
    private let page = MarkdownPage(
        "Sample.md",
        text: """
            # A Name, a place

            Run `kinescope put lobby film.mp4`, not `put`; see [the part](Other.md#below) and <doc:Time>.
            The word kinescope in prose is no command, nor is `[this](nowhere)` a link.

            ```
            $ LANG=C swift run -c release kinescope demo --cameras 4   # four of them
            kinescope get lobby \\
              --json | kinescope inspect -
            kinescopes are old
            ```

            | module | depends on |
            |---|---|
            | `Monitor` | `Pixels`, `Themes` |
            """
    )

    @Test func findsCallsInBlocksAndSpans() {
        #expect(
            page.commands == [
                ["kinescope", "demo", "--cameras", "4"],
                ["kinescope", "get", "lobby", "--json"],
                ["kinescope", "inspect", "-"],
                ["kinescope", "put", "lobby", "film.mp4"],
            ]
        )
    }

    @Test func findsLinksAndHeadings() {
        #expect(page.links == ["Other.md#below", "doc:Time"])
        #expect(page.anchors == ["a-name-a-place"])
    }

    @Test func findsRowsOfTables() throws {
        let row = try #require(page.rows.first)
        #expect(page.rows.count == 1)
        #expect(row.name == "Monitor")
        #expect(row.cells == ["`Pixels`, `Themes`"])
    }
}
