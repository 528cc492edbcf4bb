import KinescopeTesting
import KinesisVideo
import Testing

extension TerminalEndToEndTests {
    struct WallTests {
        /// A tile of two by two on 80x24: a row above the picture, the picture, its label.
        private static func tile(_ index: Int, of screen: ScreenCapture) -> ScreenCapture {
            let (row, column) = (index / 2 * 11, index % 2 * 40)
            return screen.part(rows: row..<row + 12, columns: column..<column + 40)
        }

        /// The times in the squares of the tiles that have a picture.
        private static func times(_ screen: ScreenCapture) -> [Int: Timestamp] {
            (0..<4).reduce(into: [:]) { times, index in
                times[index] = tile(index, of: screen).pictureTime(near: DemoTerminal.start)
            }
        }

        private static func label(_ index: Int, of screen: ScreenCapture) -> String {
            tile(index, of: screen).row(11)
        }

        /// Marks front-door, garage, loading-dock and lobby, and opens the wall; the streams that move.
        private static func openWall(_ demo: DemoTerminal) async throws -> ScreenCapture {
            try demo.terminal.press("Space", "Space", "Down", "Space", "Space")
            try await demo.terminal.wait(for: "four marks") { screen in
                screen.title.contains("4 marked") ? true : nil
            }
            try demo.terminal.press("w")
            return try await demo.terminal.wait(until: "three live pictures") { screen in
                [0, 2, 3].allSatisfy { label($0, of: screen).contains(#/● \d+\.\ds/#) }
                    && [0, 2, 3].allSatisfy { times(screen)[$0] != nil }
            }
        }

        @Test func wShowsTheMarkedStreamsOfWhichThreeMove() async throws {
            try await DemoTerminal.with { demo in
                let screen = try await Self.openWall(demo)
                let names = ["front-door", "garage", "loading-dock", "lobby"]
                for (index, name) in names.enumerated() {
                    #expect(Self.label(index, of: screen).contains(name))
                }
                #expect(screen.title.contains("Wall 2×2 · 4 of 4"))
                #expect(Self.label(0, of: screen).contains("▸ front-door"))
                let before = Self.times(screen)
                try await demo.terminal.wait(for: "motion of three tiles") { later in
                    let times = Self.times(later)
                    return [0, 2, 3].allSatisfy { index in
                        guard let time = times[index], let first = before[index] else { return false }
                        return time > first
                    } ? true : nil
                }
                try await demo.terminal.wait(for: "garage idle") { later in
                    Self.label(1, of: later).contains(#/◌ idle +\d+s/#) ? true : nil
                }
            }
        }

        @Test func allTilesGoToOneTimeAndBackToTheirPlayers() async throws {
            try await DemoTerminal.with { demo in
                try await demo.waitForArchive(seconds: 70)
                _ = try await Self.openWall(demo)
                try demo.terminal.press("s", "Left", "Space")
                let screen = try await demo.terminal.wait(until: "three pictures of one time") { screen in
                    let times = [0, 2, 3].compactMap { Self.times(screen)[$0]?.milliseconds }
                    guard screen.title.contains("‖"), times.count == 3, let first = times.min(),
                        let last = times.max()
                    else { return false }
                    return last - first <= 40
                }
                #expect(screen.title.contains("same time"))
                // A tile without media there says why.
                try await demo.terminal.wait(for: "garage without media of that time") { screen in
                    Self.label(1, of: screen).contains(#/◌ idle|gap/#) ? true : nil
                }
                let title = try #require(screen.titleSameTime)
                let front = try #require(Self.times(screen)[0])
                #expect(abs(title - front.timeOfDay) <= 40)
                // Far enough back all four have pictures of one time.
                try demo.terminal.press("Down")
                let four = try await demo.terminal.wait(until: "four pictures of one time") { screen in
                    let times = Self.times(screen).values.map(\.milliseconds)
                    guard times.count == 4, let first = times.min(), let last = times.max() else {
                        return false
                    }
                    return last - first <= 200 && screen.titleSameTime != title
                }
                #expect((0..<4).allSatisfy { Self.label($0, of: four).contains(#/■ \d\d:\d\d:\d\d/#) })
                let before = try #require(four.titleSameTime)
                try demo.terminal.press("Left")
                let moved = try await demo.terminal.wait(until: "all four 5 s earlier") { screen in
                    let times = Self.times(screen).values.map(\.milliseconds)
                    guard times.count == 4, let first = times.min(), let last = times.max() else {
                        return false
                    }
                    return last - first <= 200 && screen.titleSameTime == before - 5000
                }
                try demo.terminal.press("Enter")
                let time = try #require(Self.times(moved)[0])
                let player = try await demo.terminal.wait(until: "player at that time") { screen in
                    screen.title.contains("front-door") && demo.pictureTime(screen) == time
                }
                #expect(player.title.contains("‖"))
                try demo.terminal.press("Escape")
                try await demo.terminal.wait(for: "wall") { $0.title.contains("Wall 2×2") ? true : nil }
            }
        }
    }
}

extension ScreenCapture {
    /// The time that all tiles are held to, in milliseconds since midnight.
    fileprivate var titleSameTime: Int64? {
        guard let match = title.firstMatch(of: #/same time (\d\d):(\d\d):(\d\d)\.(\d\d\d)/#) else {
            return nil
        }
        let parts = [match.1, match.2, match.3, match.4].compactMap { Int64($0) }
        guard parts.count == 4 else { return nil }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
    }
}
