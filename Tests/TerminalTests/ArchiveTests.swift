import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    struct ArchiveTests {
        @Test(arguments: TerminalSize.both)
        func goingToATimeReadsTheArchiveAlone(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 360)
                try await demo.openLive()
                let before = try demo.calls().count
                let screen = try await demo.goTo("-5m")
                #expect(screen.title.contains(#/■ ARCHIVE  (5m0[0-9]s|4m59s) ago/#))
                let calls = try demo.calls().dropFirst(before)
                #expect(calls.contains("listFragments"))
                #expect(calls.contains("getMediaForFragmentList"))
                #expect(!calls.contains("getMedia"))
                // A picture that stands still is the frame at the very time that was asked for.
                _ = try await demo.pause()
                let target = DemoTerminal.start.milliseconds - 290_000 + 400
                try demo.terminal.press("g")
                try await demo.terminal.wait(for: "prompt") { $0.footer.contains("go to") ? true : nil }
                try demo.terminal.press("13:58:32.400")
                try await demo.press("Enter", landsOn: target)
            }
        }

        @Test(arguments: TerminalSize.both)
        func stepsAreSingleFramesThereAndBackAcrossFragments(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 360)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let first = try await demo.pause()
                // 200 ms a frame, 10 frames a fragment: 12 steps cross a border wherever they begin.
                for step in 1...12 { try await demo.press(".", landsOn: first + Int64(step) * 200) }
                for step in (0..<12).reversed() {
                    try await demo.press(",", landsOn: first + Int64(step) * 200)
                }
            }
        }

        @Test(arguments: TerminalSize.both)
        func bracketsLandOnTheStartsOfListedFragments(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                let endpoint = try await demo.endpoint()
                try await demo.waitForArchive(seconds: 360)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let place = try await demo.pause()
                let listed = try await demo.program.run(
                    "fragments",
                    "front-door",
                    "--json",
                    "--endpoint",
                    endpoint
                )
                #expect(listed.status == 0, "\(listed.errors)")
                let starts = try listed.lines.map { line in
                    try JSONDecoder().decode(ListedFragment.self, from: Data(line.utf8)).milliseconds
                }.sorted()
                let next = try #require(starts.firstIndex { $0 > place })
                try await demo.press("]", landsOn: starts[next])
                try await demo.press("]", landsOn: starts[next + 1])
                try await demo.press("[", landsOn: starts[next])
            }
        }

        @Test(arguments: TerminalSize.both)
        func manyPressesAddUpAndCostFewCalls(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 560)
                try await demo.openLive()
                try await demo.goTo("-5m")
                let from = try await demo.pause()
                let before = try demo.calls().count
                try demo.terminal.press("Left", times: 40)
                let wanted = from - 200_000
                try await demo.terminal.wait(for: "clock 200 s back", limit: .seconds(5)) { screen in
                    screen.titleClock.map { abs($0 - wanted % 86_400_000) <= 200 } == true ? true : nil
                }
                let screen = try await demo.terminal.wait(until: "exact picture") { screen in
                    demo.isExact(screen)
                        && screen.titleClock.map { abs($0 - wanted % 86_400_000) <= 200 } == true
                }
                #expect(!screen.title.contains("≈"))
                let media = try demo.calls().dropFirst(before).filter { $0 == "getMediaForFragmentList" }
                #expect(media.count <= 8)
            }
        }

        @Test(arguments: TerminalSize.both)
        func timeInAGapIsNamedAndLandsOnTheNearerEdge(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 940)
                try await demo.openLive()
                // The gap is from 892 s to 640 s before the start; its far end is nearer here.
                let gapEnd = DemoTerminal.start.milliseconds - 640_000
                try demo.terminal.press("g")
                try await demo.terminal.wait(for: "prompt") { $0.footer.contains("go to") ? true : nil }
                try demo.terminal.press("13:52:00")
                let prompt = try await demo.terminal.wait(until: "reading") { screen in
                    screen.row(containing: "→")?.contains("in a gap of 4 m 12 s") == true
                }
                #expect(prompt.row(containing: "→")?.contains("lands on 13:52:42.000") == true)
                try demo.terminal.press("Enter")
                let screen = try await demo.terminal.wait(until: "archive") { screen in
                    screen.title.contains("■ ARCHIVE") && demo.isExact(screen)
                }
                let landed = try #require(demo.pictureTime(screen)).milliseconds
                // Playback goes on from there.
                #expect((gapEnd..<gapEnd + 5_000).contains(landed))
            }
        }
    }
}

/// A line of `fragments --json`.
private struct ListedFragment: Decodable {
    var producerTimestamp: String

    var milliseconds: Int64 {
        get throws { try #require(Timestamp(rfc3339: producerTimestamp)).milliseconds }
    }
}
