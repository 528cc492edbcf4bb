import Foundation
import KinescopeTesting
import Testing

/// The commands that manage streams, and their exit statuses.
@Suite(.timeLimit(.minutes(2))) struct StreamCommandTests {
    private struct Row: Decodable {
        var name: String
        var arn: String
        var status: String
        var retentionHours: Int
        var mediaType: String?
    }

    @Test func streamsAreManagedFromTheCommandLine() async throws {
        try await ServiceProcess.with { service in
            let created = try await service.run(
                "create",
                "gate",
                "--retention",
                "2",
                "--media-type",
                "video/h264",
                "--tag",
                "site=yard",
                "--tag",
                "level=a=b",
                "--json"
            )
            #expect(created.status == 0, "\(created.errors)")
            let row = try #require(try created.decoded(Row.self).first)
            #expect(row.name == "gate" && row.status == "ACTIVE" && row.retentionHours == 2)
            #expect(row.mediaType == "video/h264")
            #expect(try await service.run("create", "roof").lines.first?.hasPrefix("arn:aws:") == true)

            #expect(try await service.run("retention", "gate").text == "2\n")
            for hours in ["5", "5", "0"] {
                #expect(try await service.run("retention", "gate", hours).status == 0)
                #expect(try await service.run("retention", "gate").text == "\(hours)\n")
            }
            #expect(try await service.run("tag", "gate").text == "level=a=b\nsite=yard\n")
            let changed = try await service.run(
                "tag",
                "gate",
                "site=roof",
                "new=",
                "--remove",
                "level",
                "--json"
            )
            #expect(
                changed.text == #"{"key":"new","value":""}"# + "\n" + #"{"key":"site","value":"roof"}"# + "\n"
            )
            #expect(try await service.run("delete", "gate").status == 0)
            #expect(try await service.run("streams", "--json").lines.count == 1)
        }
    }

    @Test func exitStatusesSayWhatWasWrong() async throws {
        try await ServiceProcess.with { service in
            try await service.createStream("gate")
            for (arguments, status) in [
                (["create", "gate"], 1), (["create", "a b"], 2), (["create"], 2),
                (["create", "roof", "--retention", "90000"], 2), (["create", "roof", "--tag", "site"], 2),
                (["create", "roof", "--media-type", "video"], 2),
                (["retention", "gate", "-1"], 2), (["retention", "gate", "x"], 2),
                (["retention", "none", "3"], 3),
                (["tag", "gate", "a*=b"], 2), (["tag", "gate", "a"], 2), (["tag", "none", "a=b"], 3),
                (["tag", "none"], 3), (["delete", "none"], 3), (["delete"], 2),
            ] as [([String], Int32)] {
                let result = try await service.program.run(
                    BuiltProgram.url,
                    arguments + ["--endpoint", await service.url]
                )
                #expect(result.status == status, "\(arguments): \(result.errors)")
            }
            #expect(try await service.program.run("serve", "--limits", "some").status == 2)
            #expect(try await service.program.run("serve", "--transition-delay", "-1").status == 2)
        }
    }
}
