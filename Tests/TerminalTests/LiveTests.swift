import KinescopeTesting
import KinesisVideo
import Pixels
import Testing

extension TerminalEndToEndTests {
    struct LiveTests {
        @Test(arguments: TerminalSize.both)
        func enterShowsTheLivePicture(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                let clock = ContinuousClock()
                let pressed = clock.now
                let screen = try await demo.openLive()
                print("live picture \(clock.now - pressed) after Enter")
                let picture = try #require(screen.picture)
                // Sixteen to nine, as high as the rows between title and strip allow.
                let height = size == .small ? 36 : 56
                #expect(picture.size.height == height)
                #expect(abs(picture.size.width * 9 - height * 16) <= 9)
                #expect(Set((0..<picture.size.width).map { picture[$0, 20] }).count > 4)
                #expect(screen.row(containing: "▶")?.hasSuffix("▶") == true)
                let distance = try #require(screen.title.firstMatch(of: #/LIVE +(\d+\.\d)s/#)?.output.1)
                #expect(try #require(Double(distance)) <= 5)
                try await demo.expectClockAgreesWithPicture()
            }
        }

        @Test(arguments: TerminalSize.both)
        func pauseBecomesATimeShiftWithoutLosingOrRepeatingAFrame(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.openLive()
                try demo.terminal.press("Space")
                let paused = try await demo.terminal.wait(until: "pause") {
                    $0.title.contains("‖") && demo.isExact($0)
                }
                let from = try #require(demo.pictureTime(paused))
                // The distance goes on counting while the picture stands still.
                let later = try await demo.terminal.wait(until: "10 s behind") { screen in
                    screen.title.contains(#/(−0:[1-5]\d|\b\d\d\.\ds)/#)
                }
                #expect(demo.pictureTime(later) == from)
                try demo.terminal.press("Space")
                let shifted = try await demo.terminal.wait(until: "time shift") { screen in
                    screen.title.contains(#/◐ SHIFT  −0:[1-3]\d/#) && !screen.title.contains("‖")
                }
                let moved = try await demo.terminal.wait(until: "4 s of play") { screen in
                    (demo.pictureTime(screen)?.milliseconds ?? 0) > from.milliseconds + 4_000
                }
                #expect(shifted.title.contains("1×"))
                #expect(moved.title.contains("◐ SHIFT"))
                // What was drawn or dropped from the paused frame on, which itself was drawn before.
                let times = try demo.playerLog().map(\.time.milliseconds).filter { $0 >= from.milliseconds }
                #expect(times.count > 100)
                #expect(times == Array(stride(from: from.milliseconds, through: times.last ?? 0, by: 40)))
            }
        }

        @Test(arguments: TerminalSize.both)
        func stepsInWhatWasLiveAreFramesOfTheCamera(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.openLive()
                // More than a fragment, so that the steps below find media on both sides.
                let opened = try #require(demo.pictureTime(try demo.terminal.capture()))
                try await demo.terminal.wait(for: "3 s of play") { screen in
                    (demo.pictureTime(screen)?.milliseconds ?? 0) > opened.milliseconds + 3_000 ? true : nil
                }
                let first = try await demo.pause()
                for step in 1...3 { try await demo.press(",", landsOn: first - Int64(step) * 40) }
                for step in (0..<3).reversed() {
                    try await demo.press(".", landsOn: first - Int64(step) * 40)
                }
                // Sixty frames back cross the border of a fragment wherever they begin.
                try demo.terminal.press(",", times: 60)
                try await demo.press(".", landsOn: first - 59 * 40)
            }
        }

        @Test(arguments: ["l", "End"], TerminalSize.both)
        func liveIsOneKeyAwayFromTheArchive(key: String, size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try await demo.waitForArchive(seconds: 70)
                try await demo.openLive()
                try await demo.goTo("-30s")
                let clock = ContinuousClock()
                let pressed = clock.now
                try demo.terminal.press(key)
                try await demo.terminal.wait(for: "live") { $0.title.contains("● LIVE") ? true : nil }
                print("live \(clock.now - pressed) after \(key)")
                try await demo.expectClockAgreesWithPicture()
            }
        }

        @Test(arguments: TerminalSize.both)
        func streamWithoutArchiveAndWithAWrongClockPlaysLive(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                try demo.terminal.press("Down", "Down")
                try await demo.terminal.wait(for: "selection") { screen in
                    screen.row(containing: "lab-bench")?.hasPrefix("▸") == true ? true : nil
                }
                try demo.terminal.press("Enter")
                let threeDays: Int64 = 3 * 86_400_000
                let screen = try await demo.terminal.wait(until: "live picture") { screen in
                    screen.title.contains(#/● LIVE +\d\.\ds srv/#) && demo.pictureTime(screen) != nil
                }
                let time = try #require(
                    screen.pictureTime(near: DemoTerminal.start.advanced(byMilliseconds: -threeDays))
                )
                let age = DemoTerminal.start.milliseconds - threeDays - time.milliseconds
                #expect(abs(age) < 120_000)
                #expect(
                    try demo.calls().allSatisfy {
                        !["listFragments", "getMediaForFragmentList"].contains($0)
                    }
                )
            }
        }

        @Test(arguments: TerminalSize.both)
        func streamThatHasStoppedShowsItsNewestPicture(size: TerminalSize) async throws {
            try await DemoTerminal.with(size) { demo in
                // The import goes from old to new within 40 s.
                try await demo.terminal.wait(for: "newest media of garage") { screen in
                    screen.row(containing: "garage")?.contains(#/◌ idle .* (4[2-9]|5\d)s/#) == true
                        ? true : nil
                }
                try demo.terminal.press("Down", "Enter")
                // Its last fragment, and then it stays where that ends: nothing pretends to be on its way.
                let last = DemoTerminal.start.milliseconds - 42_200
                let screen = try await demo.terminal.wait(until: "last picture") { screen in
                    screen.title.contains("■ ARCHIVE") && demo.isExact(screen)
                        && demo.pictureTime(screen)?.milliseconds == last
                }
                let later = try await demo.terminal.wait(until: "greater distance") { later in
                    later.title.contains("■ ARCHIVE") && later.title != screen.title
                }
                #expect(demo.pictureTime(later)?.milliseconds == last)
            }
        }
    }
}
