import Foundation
import KinescopeTesting
import Testing

/// `kinescope inspect` over broken and malicious files, judged by `MANIFEST.tsv`.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HostileInputTests {
    /// A line of the manifest.
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        /// Words and kinds, such as `reject truncated`; any will do.
        var verdicts: [[Substring]]
        var offset: Int?
        var chunks: Int?
        var frames: Int?

        var testDescription: String { file }
    }

    static let cases: [Case] = {
        let manifest =
            (try? String(contentsOf: Captures.hostile.appending(path: "MANIFEST.tsv"), encoding: .utf8)) ?? ""
        return manifest.split(separator: "\n").dropFirst().map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            return Case(
                file: String(columns[0]),
                verdicts: columns[1].split(separator: "|").map { $0.split(separator: " ") },
                offset: Int(columns[2]),
                chunks: Int(columns[3]),
                frames: Int(columns[4])
            )
        }
    }()

    @Test func theManifestNamesEveryFile() {
        #expect(
            Set(Self.cases.map(\.file)) == Set(Captures.files(in: Captures.hostile).map(\.lastPathComponent))
        )
        #expect(Self.cases.count > 100)
    }

    @Test(arguments: cases)
    func theVerdictIsTheManifests(hostile: Case) async throws {
        let program = try BuiltProgram()
        let path = Captures.hostile.appending(path: hostile.file).path
        let result = try await program.run("inspect", "--json", path)
        Self.expectPrintable(result)
        let damage = result.errors.split(separator: "\n").map {
            $0.replacing("kinescope: inspect \(path): ", with: "")
        }
        let first = damage.first { !$0.hasPrefix("warning: ") }
        let isRight = hostile.verdicts.contains { verdict in
            switch verdict.first {
            case "accept": return result.status == 0 && first == nil
            case "warn":
                let place = hostile.offset.map { " at byte \($0):" } ?? " at byte "
                return result.status == 0
                    && damage.contains { $0.hasPrefix("warning: \(verdict[1])\(place)") }
            case "reject":
                let place = hostile.offset.map { " at byte \($0):" } ?? " at byte "
                return result.status == 7 && first?.hasPrefix("\(verdict[1])\(place)") == true
            default: return false
            }
        }
        #expect(
            isRight,
            "\(hostile.verdicts) at \(hostile.offset ?? -1): status \(result.status), \(result.errors)"
        )
        let chunks = try result.decoded(InspectedChunk.self)
        let isAccepted = result.status == 0
        if let count = hostile.chunks, isAccepted || hostile.verdicts.count == 1 {
            #expect(chunks.count == count)
        }
        if let count = hostile.frames, isAccepted || hostile.verdicts.count == 1 {
            #expect(chunks.reduce(0) { $0 + $1.frames.count } >= count)
        }
    }

    @Test(arguments: cases)
    func noControlCharacterReachesTheTerminal(hostile: Case) async throws {
        let program = try BuiltProgram()
        let path = Captures.hostile.appending(path: hostile.file).path
        // JSON is safe as well, but the text is what people look at.
        let result = try await program.run("inspect", path)
        Self.expectPrintable(result)
    }

    private static func expectPrintable(_ result: BuiltProgram.Result) {
        #expect(String(validating: result.output, as: UTF8.self) != nil)
        let dangerous = (result.text + result.errors).unicodeScalars.filter { scalar in
            let category = scalar.properties.generalCategory
            return scalar != "\n" && (category == .control || category == .format)
        }
        #expect(dangerous.isEmpty)
    }
}
