import SigV4
import Testing

struct SecrecyTests {
    private static let credentials = Credentials(
        accessKeyID: "AKID",
        secretAccessKey: "PLAINSECRET",
        sessionToken: "PLAINTOKEN"
    )
    private static let text = """
        [default]
        aws_access_key_id = AKID
        aws_secret_access_key = PLAINSECRET
        aws_session_token = PLAINTOKEN
        """
    private static let environment = [
        "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "PLAINSECRET", "HOME": "/h",
    ]

    private static var values: [any Sendable] {
        let file = ProfileFile(parsing: text, kind: .credentials)
        return [
            credentials, file, file.profiles,
            SharedConfiguration(environment: environment) { _ in text },
            SigningKey(
                secretAccessKey: "PLAINSECRET",
                scope: CredentialScope(day: "20260101", region: "r")
            ),
            RequestVerifier(keys: [credentials]),
            RequestSigner(credentials: credentials, region: "r"),
            CredentialResolution.found(credentials, from: .explicit),
        ]
    }

    @Test func nothingPrintsASecret() {
        for value in Self.values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.contains("PLAIN"))
            }
        }
    }

    @Test func credentialsPrintTheirKeyID() {
        #expect("\(Self.credentials)" == "Credentials(AKID)")
        #expect("\(ProfileFile(parsing: Self.text, kind: .credentials))" == "ProfileFile(default)")
    }
}
