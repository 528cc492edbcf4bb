import Foundation
import KinescopeTesting
import KinesisVideo
import Testing

/// The fields that `--json` prints, against the page that names them.
@Suite(.timeLimit(.minutes(2))) struct JSONPageTests {
    private struct Row {
        var always: Set<String>
        var atTimes: Set<String>
    }

    /// The table of the page, by command.
    private static func page() throws -> [String: Row] {
        let root = Captures.made.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let url = root.appending(path: "Sources/kinescope/Documentation.docc/JSON.md")
        var rows: [String: Row] = [:]
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(names)
            guard line.hasPrefix("| `"), cells.count == 5, let command = cells[1].first else { continue }
            rows[command] = Row(always: Set(cells[2]), atTimes: Set(cells[3]))
        }
        return rows
    }

    private static func names(in cell: Substring) -> [String] {
        cell.matches(of: /`([^`]+)`/).map { String($0.1) }
    }

    /// Compares every line that a command printed with its row; there has to be one line at least.
    private static func check(_ command: String, _ result: BuiltProgram.Result) throws {
        let row = try #require(try page()[command], "no row \(command)")
        #expect(!result.lines.isEmpty, "\(command): \(result.errors)")
        for line in result.lines {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                "\(command): \(line)"
            )
            var fields = Set(object.keys)
            #expect(row.always.isSubset(of: fields), "\(command): \(line)")
            for (name, value) in object {
                for item in value as? [[String: Any]] ?? [] {
                    fields.formUnion(item.keys.map { "\(name).\($0)" })
                }
            }
            let unknown = fields.subtracting(row.always).subtracting(row.atTimes)
            #expect(unknown.isEmpty, "\(command): \(unknown.sorted())")
        }
    }

    @Test func everyFieldIsOnThePage() async throws {
        try await ServiceProcess.with { service in
            let file = Captures.made.appending(path: "h264-aac.mkv").path
            let home = service.program.home
            let url = await service.url
            try Self.check("put", try await service.run("put", "film", file, "--json"))
            try Self.check("streams", try await service.run("streams", "--json"))
            try Self.check("create", try await service.run("create", "gate", "--json"))
            try Self.check("tag", try await service.run("tag", "gate", "site=yard", "--json"))
            try Self.check("fragments", try await service.run("fragments", "film", "--json"))
            let copy = home.path("copy.mkv")
            try Self.check("get", try await service.run("get", "film", "-o", copy, "--json"))
            let fragments = try await service.fragments("film")
            let (first, last) = (try #require(fragments.first), try #require(fragments.last))
            let clip = try await service.run(
                "clip",
                "film",
                "--from",
                "#\(first.fragmentNumber)",
                "--to",
                "#\(last.fragmentNumber)",
                "-o",
                home.path("clip.mp4"),
                "--json"
            )
            try Self.check("clip", clip)
            try Self.check("inspect", try await service.program.run("inspect", "--json", copy))
            try Self.check("doctor", try await service.run("doctor", "film", "--json"))
            try Self.check("batch plan", try await service.run("batch", "plan", "film"))
            let batch = try await service.program.run(
                BuiltProgram.url,
                [
                    "batch", "film", "--json", "--results", home.path("results"), "--endpoint", url, "--",
                    "true",
                ]
            )
            try Self.check("batch run", batch)
            try Self.check("themes", try await service.program.run("themes", "--json"))
            try Self.check("config", try await service.program.run("config", "--json"))

            _ = await service.terminate()
            let names = try FileManager.default.subpathsOfDirectory(atPath: service.dataFolder)
            let segment = try #require(names.first { $0.hasSuffix(".mkv") })
            let damaged = URL(filePath: service.dataFolder).appending(path: segment)
            var bytes = try Data(contentsOf: damaged)
            bytes[bytes.count / 2] ^= 0x20
            try bytes.write(to: damaged)
            let check = try await service.program.run("check", service.dataFolder, "--repair", "--json")
            try Self.check("check", check)
        }
    }

    @Test func everyCommandWithJSONHasARow() async throws {
        let program = try BuiltProgram()
        let overview = try await program.run("help").text
        let page = try Self.page().keys
        for match in overview.matches(of: #/(?m)^  ([a-z]+) /#) {
            let command = String(match.1)
            let help = try await program.run("help", command).text
            // What `batch` prints stands in the rows of its subcommands.
            guard help.contains("--json"), command != "batch" else { continue }
            #expect(page.contains(command), "no row \(command)")
        }
    }
}
