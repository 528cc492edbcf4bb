import Foundation
import KinescopeTesting
import Pixels
import Testing

@Suite struct RenderCommandTests {
    private static let film = Captures.made.appending(path: "h264-bframes.mkv").path

    /// Characters that only one mode writes.
    private static let marks: [(mode: String, characters: ClosedRange<UInt32>)] = [
        ("half", 0x2580...0x2588), ("quadrant", 0x2596...0x259F), ("sextant", 0x1FB00...0x1FB3B),
        ("octant", 0x1CD00...0x1CDE5),
    ]

    @Test(arguments: marks.indices, ["truecolor", "256", "16"])
    func everyModeDrawsWithItsCharacters(index: Int, colors: String) async throws {
        let (mode, characters) = Self.marks[index]
        let result = try await BuiltProgram().run(
            "render",
            Self.film,
            "--size",
            "80x24",
            "--mode",
            mode,
            "--colors",
            colors,
            "--frames",
            "3"
        )
        #expect(result.status == 0)
        #expect(result.text.components(separatedBy: "\u{1B}[?2026h").count == 4)
        #expect(result.text.unicodeScalars.contains { characters.contains($0.value) })
    }

    @Test(arguments: [["--mode", "ascii"], ["--colors", "none"], ["--mode", "octant", "--colors", "none"]])
    func withoutColoursOnlyASCIIIsWritten(options: [String]) async throws {
        let arguments = ["render", Self.film, "--size", "80x24", "--frames", "2"] + options
        let result = try await BuiltProgram().run(BuiltProgram.url, arguments)
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
        #expect(result.output.allSatisfy { $0 < 0x7F })
    }

    @Test func exactCostsMoreThanWhatIsJustVisible() async throws {
        let program = try BuiltProgram()
        let exact = try await program.run("render", Self.film, "--size", "80x24", "--quality", "exact")
        let visible = try await program.run("render", Self.film, "--size", "80x24")
        #expect(exact.output.count > visible.output.count)
    }

    @Test func pixelsAreSixelsOrKittysGraphics() async throws {
        let program = try BuiltProgram()
        for (mode, mark) in [("sixel", "\u{1B}P0;1q\"1;1;"), ("kitty", "\u{1B}_Ga=T,f=24,s=")] {
            let options = ["--size", "20x8", "--cell", "6x12", "--frames", "2", "--mode", mode]
            let result = try await program.run(BuiltProgram.url, ["render", Self.film] + options)
            #expect(result.status == 0)
            #expect(result.text.contains(mark))
            var terminal = TerminalModel(columns: 20, rows: 8, cell: PixelSize(width: 6, height: 12))
            try terminal.feed(result.output)
            #expect(terminal.pixels.bytes.contains { $0 > 100 })
        }
    }

    /// The stream of every quality can be shown, and poorer ones are smaller.
    @Test func everyStepOfQualityIsAStream() async throws {
        let program = try BuiltProgram()
        var sizes: [Int] = []
        for quality in ["exact", "0", "1", "2", "3", "4", "5", "6", "7"] {
            let options = ["--size", "40x12", "--quality", quality]
            let result = try await program.run(BuiltProgram.url, ["render", Self.film] + options)
            #expect(result.status == 0)
            var terminal = TerminalModel(columns: 40, rows: 12)
            try terminal.feed(result.output)
            sizes.append(result.output.count)
        }
        #expect(sizes[0] == sizes[1])
        #expect(sizes[2] < sizes[1] && sizes[4] < sizes[2] && sizes[6] < sizes[4] && sizes[8] < sizes[7])
    }

    @Test func aRecordingHoldsTheSameFramesWithTheirTimes() async throws {
        let program = try BuiltProgram()
        let plain = try await program.run("render", Self.film, "--size", "30x9", "--frames", "5")
        let cast = try await program.run("render", Self.film, "--size", "30x9", "--frames", "5", "--cast")
        let lines = cast.text.split(separator: "\n").map { Data($0.utf8) }
        let header = try #require(try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any])
        #expect(header["version"] as? Int == 2)
        #expect(header["width"] as? Int == 30 && header["height"] as? Int == 9)
        let events = try lines.dropFirst().map { line in
            try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
        }
        #expect(events.allSatisfy { $0.count == 3 && $0[1] as? String == "o" })
        #expect(events.dropFirst().map { $0[2] as? String ?? "" }.joined() == plain.text)
        let times = events.map { ($0[0] as? NSNumber)?.doubleValue ?? -1 }
        #expect(times == times.sorted() && times[0] == 0 && times[1] == 0)
        // 30 frames a second.
        #expect(abs(times[5] - 4.0 / 30) < 0.01)
    }

    @Test func standardInputIsTheSameAsTheFile() async throws {
        let program = try BuiltProgram()
        let file = try await program.run("render", Self.film, "--size", "30x9")
        let input = try Data(contentsOf: URL(filePath: Self.film))
        let piped = try await program.run(
            BuiltProgram.url,
            ["render", "-", "--size", "30x9"],
            input: Array(input)
        )
        #expect(piped.status == 0)
        #expect(piped.output == file.output)
    }

    @Test func aStreamIsRenderedAsTheFileItCameFrom() async throws {
        try await ServiceProcess.with { service in
            #expect(try await service.run("put", "gate", Self.film).status == 0)
            let file = try await service.run("render", Self.film, "--size", "30x9")
            let stream = try await service.run("render", "gate", "--size", "30x9")
            #expect(stream.status == 0, "\(stream.errors)")
            #expect(!stream.output.isEmpty && stream.output == file.output)
            let first = try await service.run("render", "gate", "--size", "30x9", "--frames", "1")
            #expect(first.status == 0 && stream.output.starts(with: first.output))
            #expect(try await service.run("render", "attic", "--size", "30x9").status == 3)
            #expect(try await service.run("render", Self.film, "--size", "30x9", "--follow").status == 2)
        }
    }
}
