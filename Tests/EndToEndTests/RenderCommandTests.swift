import Foundation
import KinescopeTesting
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
}
