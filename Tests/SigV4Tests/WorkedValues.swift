import HTTPTypes
import SigV4

/// The worked values of 07 Authentication: one request as each known client sends it.
enum WorkedValue: CaseIterable, Sendable {
    /// boto3: DescribeStream.
    case a
    /// The C producer: PutMedia.
    case b
    /// The Java producer: PutMedia.
    case c

    static let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    static let signer = RequestSigner(credentials: credentials, region: "us-west-2")
    /// 2026-01-01T00:00:00Z.
    static let time = SigningTime(secondsSince1970: 1_767_225_600)
    static let body = #"{"StreamName": "demo"}"#

    var request: HTTPRequest {
        let (authority, path, fields): (String, String, KeyValuePairs<String, String>) =
            switch self {
            case .a:
                ("127.0.0.1:8080", "/describeStream", ["content-type": "application/json"])
            case .b:
                (
                    "127.0.0.1", "/putMedia",
                    [
                        "connection": "keep-alive", "content-type": "application/json",
                        "transfer-encoding": "chunked", "user-agent": "ua/1",
                        "x-amzn-fragment-acknowledgment-required": "1",
                        "x-amzn-fragment-timecode-type": "ABSOLUTE",
                        "x-amzn-producer-start-timestamp": "1767225600.5", "x-amzn-stream-name": "demo",
                    ]
                )
            case .c:
                (
                    "127.0.0.1", "/putMedia",
                    [
                        "transfer-encoding": "chunked", "user-agent": "java/1",
                        "x-amzn-fragment-timecode-type": "ABSOLUTE",
                        "x-amzn-producer-start-timestamp": "1767225600.005", "x-amzn-stream-name": "demo",
                    ]
                )
            }
        let named = fields.compactMap { name, value in
            HTTPField.Name(name).map { HTTPField(name: $0, value: value) }
        }
        return HTTPRequest(
            method: .post,
            scheme: "http",
            authority: authority,
            path: path,
            headerFields: HTTPFields(named)
        )
    }

    var options: SigningOptions {
        switch self {
        case .a: .json
        case .b: SigningOptions(signedHeaders: .all(except: ["content-type"]), signsSessionToken: false)
        case .c: SigningOptions(signedHeaders: .all(except: ["user-agent"]))
        }
    }

    var payload: PayloadHash {
        switch self {
        case .a: PayloadHash(sha256Of: Self.body.utf8)
        case .b: .empty
        case .c: .unsigned
        }
    }

    /// What the server knows of the body when it checks.
    var received: ReceivedPayload {
        self == .a ? .read(payload) : .unread
    }

    var digest: String {
        switch self {
        case .a: "b2b85c17e67d278b508d8c3a6b73495ee9dbb91e372c69c647ffb4e814a37e0b"
        case .b: "4b6f68bf35d8f943a0acebf31c99a3148d29631dd56f518d48fa5c0dc498219f"
        case .c: "2ced97cb6364ea4ea35dfd668a8167da61813bfe1ba64595ca34ad20cea80cf3"
        }
    }

    var signature: String {
        switch self {
        case .a: "00cf9bf4325b2f5db6eafbcd729535519dc16e30eafaf2c1f494fcbe1572e4a1"
        case .b: "1366a793d10ae80d29ea233ec44043fd779afcfceaa07fb1f7498f5c293c43ea"
        case .c: "9bd7417a47f1c4d31e4997dd07d441f4a17985ada6910dd6e3369f5599b44c72"
        }
    }

    /// The request signed as its client does it, with a token where `credentials` have one.
    func signed(
        _ credentials: Credentials = credentials,
        at time: SigningTime = time,
        options: SigningOptions? = nil
    ) throws -> HTTPRequest {
        let signer = RequestSigner(credentials: credentials, region: "us-west-2")
        let options = options ?? self.options
        return try signer.sign(request, payload: payload, at: time, options: options).request
    }
}
