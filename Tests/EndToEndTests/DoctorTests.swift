import KinescopeTesting
import Testing

@Suite struct DoctorTests {
    private func fields(_ environment: [String: String]) async throws -> [String: String] {
        let program = try BuiltProgram()
        // Empty is as good as unset for all of these.
        var all = ["NO_COLOR": "", "COLORTERM": "", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"]
        all.merge(environment) { $1 }
        let result = try await program.run("doctor", environment: all)
        #expect(result.status == 0)
        let pairs = result.lines.map { line in
            let (name, rest) = (line.prefix(12), line.dropFirst(12))
            return (String(name).trimmed, String(rest).trimmed)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func everyDecisionHasItsEvidence() async throws {
        let fields = try await fields(["COLORTERM": "truecolor"])
        #expect(fields["terminal"]?.hasPrefix("xterm-256color") == true)
        #expect(fields["colours"] == "24 bit        COLORTERM is truecolor")
        #expect(fields["characters"] == "Unicode       LC_ALL is C.UTF-8")
        #expect(fields["picture"]?.hasPrefix("half blocks") == true)
        #expect(fields["size"] == "unknown       standard output is not a terminal")
    }

    @Test func noColorOutranksTheTerminal() async throws {
        let fields = try await fields(["COLORTERM": "truecolor", "NO_COLOR": "1", "LC_ALL": "C"])
        #expect(fields["colours"] == "none          NO_COLOR is set")
        #expect(fields["characters"]?.hasPrefix("ASCII") == true)
        #expect(fields["picture"]?.hasPrefix("ascii") == true)
    }

    @Test func theCardShowsNoMoreThanTheTerminalHas() async throws {
        let program = try BuiltProgram()
        let plain = ["NO_COLOR": "1", "LC_ALL": "C", "TERM": "xterm"]
        let bytes = try await program.run("doctor", "--card", environment: plain).output
        #expect(bytes.allSatisfy { $0 < 0x7F && $0 != 0x1B })
        let rich = ["NO_COLOR": "", "LC_ALL": "C.UTF-8", "TERM": "xterm", "COLORTERM": "truecolor"]
        let text = try await program.run("doctor", "--card", environment: rich).text
        for part in ["48;2;", "48;5;", "▀▄█", "▘▝", "\u{1FB00}", "\u{1CD00}"] { #expect(text.contains(part)) }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return String(text)
    }
}
