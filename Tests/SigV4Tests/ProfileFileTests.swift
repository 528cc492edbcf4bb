import SigV4
import Testing

struct ProfileFileTests {
    @Test func readsTheProfilesOfACredentialsFile() {
        let file = ProfileFile(
            parsing: """
                \u{FEFF}# written by hand
                stray = line
                [default]
                aws_access_key_id=AKID1
                AWS_Secret_Access_Key = a/b+c=d;e#f
                ; comment

                [ camera one ]  # trailing words
                aws_access_key_id = AKID2\t
                aws_secret_access_key = s2 # comment
                aws_session_token = t2
                [half]
                aws_access_key_id = AKID3
                """,
            kind: .credentials
        )
        #expect(Set(file.profiles.keys) == ["default", "camera one", "half"])
        #expect(
            file.credentials.map(\.credentials) == [
                Credentials(accessKeyID: "AKID2", secretAccessKey: "s2", sessionToken: "t2"),
                Credentials(accessKeyID: "AKID1", secretAccessKey: "a/b+c=d;e#f"),
            ]
        )
        #expect(file.credentials.map(\.profile) == ["camera one", "default"])
    }

    @Test func readsTheProfilesOfAConfigurationFile() {
        let file = ProfileFile(
            parsing: """
                [default]
                region = us-west-2
                [profile  camera]
                region = eu-west-1
                s3 =
                  region = nested
                  endpoint_url = https://nested
                endpoint_url = http://127.0.0.1:7070
                [profile "two words"]
                region=eu-central-1
                [sso-session x]
                region = other
                [services y]
                kinesis_video =
                  endpoint_url = http://other
                [camera]
                region = not a profile
                [profile open
                region = lost
                """,
            kind: .configuration
        )
        #expect(Set(file.profiles.keys) == ["default", "camera", "two words"])
        #expect(file.profiles["default"]?["region"] == "us-west-2")
        #expect(file.profiles["camera"]?["region"] == "eu-west-1")
        #expect(file.profiles["camera"]?["endpoint_url"] == "http://127.0.0.1:7070")
        #expect(file.profiles["camera"]?["s3"] == nil)
        #expect(file.profiles["two words"]?["region"] == "eu-central-1")
    }

    @Test(arguments: [
        ["[default]\nregion = plain\n", "[profile default]\nregion = prefixed\n"],
        ["[profile default]\nregion = prefixed\n", "[default]\nregion = plain\n"],
    ])
    func prefixedDefaultOutranksThePlainOne(_ sections: [String]) {
        let file = ProfileFile(parsing: sections.joined(), kind: .configuration)
        #expect(file.profiles["default"]?["region"] == "prefixed")
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func readsAllLineEnds(_ end: String) {
        let file = ProfileFile(
            parsing: ["[a]", "region = r1", "[b]", "region = r2", "[a]", "region = r3"].joined(
                separator: end
            ),
            kind: .credentials
        )
        #expect(file.profiles["a"]?["region"] == "r3")
        #expect(file.profiles["b"]?["region"] == "r2")
    }

    @Test func indentedSectionsAreRead() {
        let file = ProfileFile(parsing: "[a]\n  region = r\n  x = y\n    z = nested\n", kind: .credentials)
        #expect(file.profiles["a"]?["region"] == "r")
        #expect(file.profiles["a"]?["x"] == "y")
        #expect(file.profiles["a"]?["z"] == nil)
    }

    @Test(arguments: ["", "\n\n", "[", "[]", "]", "=", "[a]\n=b\nc\n", "\0\0", "[profile]\nregion = r"])
    func oddTextIsSkipped(_ text: String) {
        for kind in [ProfileFile.Kind.credentials, .configuration] {
            let file = ProfileFile(parsing: text, kind: kind)
            #expect(file.credentials.isEmpty)
            #expect(file.profiles.values.allSatisfy { $0["region"] == nil || kind == .credentials })
        }
    }
}
