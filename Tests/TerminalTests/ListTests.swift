import KinescopeTesting
import Testing

extension TerminalEndToEndTests {
    struct ListTests {
        @Test(arguments: [(80, 24), (120, 35)])
        func listShowsTheCamerasSoonAfterTheStart(columns: Int, rows: Int) async throws {
            try await DemoTerminal.with(columns: columns, rows: rows) { demo in
                print("list \(columns)x\(rows) after \(demo.startTime)")
                #expect(demo.startTime < .seconds(10))
                let screen = try await demo.terminal.wait(until: "settled list") { screen in
                    let isDrawn =
                        (screen.row(containing: "front-door")?.filter("▁▂▃▄▅▆▇█".contains).count ?? 0) >= 10
                    return isDrawn && screen.row(containing: "garage")?.contains("◌ idle") == true
                        && screen.row(containing: "lab-bench")?.contains("● live") == true
                }
                for name in ["front-door", "lab-bench", "loading-dock", "lobby", "roof"] {
                    #expect(screen.row(containing: " \(name) ")?.contains("● live") == true, "\(name)")
                }
                #expect(screen.row(containing: "lab-bench")?.contains(#/skew +none/#) == true)
                #expect(screen.footer.hasSuffix("q quit"))
                #expect(screen.rows.filter { $0.hasPrefix("▸") }.count == 1)
            }
        }
    }
}
