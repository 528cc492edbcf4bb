import SigV4
import Testing

struct SharedConfigurationTests {
    private static let files = [
        "/h/.aws/credentials": """
        [default]
        aws_access_key_id = FILE
        aws_secret_access_key = s
        [both]
        aws_access_key_id = INCREDENTIALS
        aws_secret_access_key = s
        region = from-credentials
        [half]
        aws_secret_access_key = s
        """,
        "/h/.aws/config": """
        [default]
        region = from-config
        endpoint_url = http://config
        [profile both]
        aws_access_key_id = INCONFIG
        aws_secret_access_key = s
        aws_session_token = not the token of the other key
        region = from-config
        [profile config]
        aws_access_key_id = INCONFIG
        aws_secret_access_key = s
        [profile run]
        credential_process = /bin/keys --json
        [profile role]
        role_arn = arn:aws:iam::1:role/r
        source_profile = default
        aws_access_key_id = ASSUMES
        aws_secret_access_key = s
        [profile sso]
        sso_session = my
        [profile bare]
        region = r
        """,
        "/elsewhere": "[default]\naws_access_key_id = ELSEWHERE\naws_secret_access_key = s\nregion = far",
    ]
    private static let keys = [
        "AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    ]

    @Test func explicitCredentialsComeFirst() throws {
        let explicit = Credentials(accessKeyID: "OPTION", secretAccessKey: "s")
        let found = try configuration(Self.keys).credentials(explicit: explicit)
        #expect(found == .found(explicit, from: .explicit))
    }

    @Test func environmentComesBeforeFiles() throws {
        let ends = Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": "2026-01-01T00:00:00+00:00"]) { $1 }
        let expected = Credentials(
            accessKeyID: "ENV",
            secretAccessKey: "s",
            sessionToken: "t",
            expiration: SigningTime(secondsSince1970: 1_767_225_600)
        )
        #expect(try configuration(ends).credentials() == .found(expected, from: .environment))
        let chosen = ["AWS_PROFILE": "nowhere"].merging(ends) { $1 }
        #expect(try configuration(chosen).credentials() == .found(expected, from: .environment))
    }

    @Test(
        arguments: [
            ([:], nil, "FILE", CredentialSource.credentialsFile(profile: "default")),
            (["AWS_PROFILE": "config"], nil, "INCONFIG", .configurationFile(profile: "config")),
            (["AWS_PROFILE": "config"], "both", "INCREDENTIALS", .credentialsFile(profile: "both")),
            (keys, "both", "INCREDENTIALS", .credentialsFile(profile: "both")),
            (
                ["AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": ""], nil, "FILE",
                .credentialsFile(profile: "default")
            ),
            (
                ["AWS_SHARED_CREDENTIALS_FILE": "/elsewhere"], nil, "ELSEWHERE",
                .credentialsFile(profile: "default")
            ),
            (
                ["AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"], nil, "FILE",
                .credentialsFile(profile: "default")
            ),
        ] as [([String: String], String?, String, CredentialSource)]
    )
    func findsKeysInFiles(
        environment: [String: String],
        profile: String?,
        id: String,
        source: CredentialSource
    ) throws {
        let expected = Credentials(accessKeyID: id, secretAccessKey: "s")
        let found = try configuration(environment, profile: profile).credentials()
        #expect(found == .found(expected, from: source))
    }

    @Test func processIsNamedAndNotRun() throws {
        let found = try configuration([:], profile: "run").credentials()
        #expect(found == .process(command: "/bin/keys --json", profile: "run"))
    }

    @Test func nothingIsFoundWithoutFilesOrKeys() throws {
        #expect(try SharedConfiguration(environment: [:]) { _ in nil }.credentials() == .none)
        #expect(try configuration([:], profile: "bare").credentials() == .none)
    }

    @Test(
        arguments: [
            ([:], "nowhere", ConfigurationError.unknownProfile("nowhere")),
            (["AWS_PROFILE": "nowhere"], nil, .unknownProfile("nowhere")),
            (
                ["AWS_ACCESS_KEY_ID": "ENV"], nil,
                .incompleteKeyPair(missing: "AWS_SECRET_ACCESS_KEY", source: .environment)
            ),
            (
                ["AWS_SECRET_ACCESS_KEY": "s"], nil,
                .incompleteKeyPair(missing: "AWS_ACCESS_KEY_ID", source: .environment)
            ),
            (
                [:], "half",
                .incompleteKeyPair(missing: "aws_access_key_id", source: .credentialsFile(profile: "half"))
            ),
            ([:], "role", .unsupportedProfile("role", setting: "role_arn")),
            ([:], "sso", .unsupportedProfile("sso", setting: "sso_session")),
        ] as [([String: String], String?, ConfigurationError)]
    )
    func refusesWhatCannotBeFollowed(
        environment: [String: String],
        profile: String?,
        expected: ConfigurationError
    ) {
        #expect(throws: expected) { try configuration(environment, profile: profile).credentials() }
        #expect(!"\(expected)".isEmpty)
    }

    @Test(
        arguments: [
            ([:], nil, nil, "from-config"), ([:], "both", nil, "from-credentials"), ([:], "run", nil, nil),
            (["AWS_DEFAULT_REGION": "d"], nil, nil, "d"),
            (["AWS_DEFAULT_REGION": "d", "AWS_REGION": "r"], nil, nil, "r"),
            (["AWS_REGION": "r"], "both", "o", "o"), (["AWS_REGION": ""], nil, nil, "from-config"),
            (["AWS_CONFIG_FILE": "/elsewhere"], nil, nil, "far"),
        ] as [([String: String], String?, String?, String?)]
    )
    func regionFollowsTheOrder(
        environment: [String: String],
        profile: String?,
        explicit: String?,
        expected: String?
    ) {
        #expect(configuration(environment, profile: profile).region(explicit: explicit) == expected)
    }

    @Test(
        arguments: [
            ([:], nil, "http://config"), (["AWS_ENDPOINT_URL": "a"], nil, "a"),
            (["AWS_ENDPOINT_URL": "a", "AWS_ENDPOINT_URL_KINESIS_VIDEO": "k"], nil, "k"),
            (["AWS_ENDPOINT_URL_KINESIS_VIDEO": "k"], "o", "o"), (["AWS_PROFILE": "both"], nil, nil),
        ] as [([String: String], String?, String?)]
    )
    func endpointFollowsTheOrder(environment: [String: String], explicit: String?, expected: String?) {
        #expect(configuration(environment).endpointURL(explicit: explicit) == expected)
    }

    @Test func eachFileIsReadOnce() {
        var paths: [String] = []
        _ = SharedConfiguration(environment: ["HOME": "/h"]) { path in
            paths.append(path)
            return nil
        }
        #expect(paths.sorted() == ["/h/.aws/config", "/h/.aws/credentials"])
    }

    private func configuration(
        _ environment: [String: String],
        profile: String? = nil
    ) -> SharedConfiguration {
        SharedConfiguration(environment: environment.merging(["HOME": "/h"]) { $1 }, profile: profile) {
            Self.files[$0]
        }
    }
}
