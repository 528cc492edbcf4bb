import KinescopeTesting
import Pixels
import Testing

extension TerminalEndToEndTests {
    struct ListTests {
        // A minute in 16 bars, five minutes in 30; the import brings 40 s at a time.
        @Test(arguments: zip(TerminalSize.both, [10, 4]))
        func listShowsTheCamerasSoonAfterTheStart(size: TerminalSize, bars: Int) async throws {
            try await DemoTerminal.with(size) { demo in
                print("list \(size.testDescription) after \(demo.startTime)")
                #expect(demo.startTime < .seconds(10))
                let screen = try await demo.terminal.wait(until: "settled list") { screen in
                    let isDrawn =
                        (screen.row(containing: "front-door")?.filter("▁▂▃▄▅▆▇█".contains).count ?? 0) >= bars
                    return isDrawn && screen.row(containing: "garage")?.contains("◌ idle") == true
                        && screen.row(containing: "lab-bench")?.contains("● live") == true
                        && screen.row(containing: "roof")?.contains(#/~\d+s/#) == true
                        && screen.row(containing: "  archive ")?.contains(#/ · (no|\d+) gaps?\b/#) == true
                }
                for name in ["front-door", "lab-bench", "loading-dock", "lobby"] {
                    #expect(screen.row(containing: " \(name) ")?.contains("● live") == true, "\(name)")
                }
                #expect(screen.row(containing: "lab-bench")?.contains(#/skew +none/#) == true)
                // Its calls fail: what was last known is marked as old.
                let roof = try #require(screen.row(containing: "roof"))
                #expect(roof.contains(#/✕ error roof +~\d\.\d .* ~\d+s +~0\.3s +24h +–/#), "\(roof)")
                #expect(screen.row(containing: "test-rig") == "  … new   test-rig")
                #expect(screen.footer.hasSuffix("q quit"))
                #expect(screen.rows.filter { $0.hasPrefix("▸") }.count == 1)
            }
        }

        @Test func filterLeavesOneAndEscapeBringsAllBack() async throws {
            try await DemoTerminal.with { demo in
                try demo.terminal.press("Down")
                try await demo.terminal.wait(for: "selection") { screen in
                    screen.row(containing: "garage")?.hasPrefix("▸") == true ? true : nil
                }
                try demo.terminal.press("Up")
                try demo.terminal.type("/door")
                let one = try await demo.terminal.wait(until: "one stream") { screen in
                    screen.title.contains("Streams 1 of 7") && screen.footer.contains("q quit")
                }
                #expect(one.rows.filter { $0.contains(#/^..[●◌○…✕] /#) }.count == 1)
                try demo.terminal.press("Escape")
                let all = try await demo.terminal.wait(until: "all streams") {
                    $0.title.contains("Streams 7 of 7")
                }
                #expect(all.row(containing: " front-door ")?.hasPrefix("▸") == true)
                #expect(all.rows.filter { $0.contains(#/^..[●◌○…✕] /#) }.count == 7)
            }
        }

        @Test func orderIsByRateAndTheSelectionFollowsItsStream() async throws {
            try await DemoTerminal.with { demo in
                try await demo.terminal.wait(for: "sort by rate") { screen in
                    if screen.title.contains("sort: Mb/s") { return true }
                    try demo.terminal.press("s")
                    return nil
                }
                // Through some changes of the rates.
                var titles: Set<String> = []
                try await demo.terminal.wait(for: "5 reports") { screen in
                    titles.insert(screen.title)
                    let rates = screen.rows.compactMap { row in
                        row.firstMatch(of: #/^..[●◌○…✕] \S+ +\S+ +~?(\d+\.\d) /#).flatMap { Double($0.1) }
                    }
                    #expect(rates == rates.sorted(by: >))
                    #expect(screen.rows.first { $0.hasPrefix("▸") }?.contains(" front-door ") == true)
                    return titles.count >= 5 ? true : nil
                }
            }
        }

        @Test func everyThemeIsShownWhileItIsChosen() async throws {
            try await DemoTerminal.with { demo in
                try demo.terminal.press(":")
                try await demo.terminal.wait(for: "palette") {
                    $0.rows.contains { $0.contains("── Command") } ? true : nil
                }
                for character in "theme" { try demo.terminal.press(String(character)) }
                try demo.terminal.press("Space", "Down")
                // daylight has a ground of its own.
                try await demo.terminal.wait(for: "light ground") { screen in
                    screen.cells[0][0].background == RGBColor(0xFAF8F3) ? true : nil
                }
                try demo.terminal.press("Escape")
                try await demo.terminal.wait(for: "the old theme") { screen in
                    screen.cells[0][0].background == nil ? true : nil
                }
            }
        }
    }
}
