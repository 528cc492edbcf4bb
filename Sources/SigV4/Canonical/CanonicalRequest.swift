import Crypto
import HTTPTypes

/// The parts of a request that a signature covers, and the one text form that both sides hash.
///
/// ```
/// POST                              method
/// /describeStream                   path, encoded once more
///                                   query, sorted
/// content-type:application/json     signed headers, sorted, values trimmed
/// host:127.0.0.1:8080
/// x-amz-date:20260101T000000Z
///
/// content-type;host;x-amz-date      their names
/// 3b47...eaa3                       payload hash
/// ```
///
/// Source: 07 Authentication, "Signing".
public struct CanonicalRequest: Sendable, Hashable {
    /// One header line as sent or received.
    public struct Header: Sendable, Hashable {
        /// The name in lower case.
        public let name: String

        /// The value as it is on the wire; `text` trims it.
        public let value: String

        /// Takes a name in any case and a value.
        public init(name: String, value: String) {
            self.name = name.lowercased()
            self.value = value
        }
    }

    /// The method in upper case.
    public var method: String

    /// The path as it is on the wire, before the `?`.
    public var path: String

    /// The query as it is on the wire, after the `?`; empty where there is none.
    public var query: String

    /// All headers in their order, duplicates included; those not signed are left out of `text`.
    public var headers: [Header]

    /// Names of the signed headers in lower case; `text` sorts them.
    public var signedHeaders: [String]

    /// What the signature says about the body.
    public var payloadHash: PayloadHash

    /// Whether `.`, `..` and empty segments are resolved before the path is encoded.
    public var normalizesPath: Bool

    /// Takes the parts as they are on the wire.
    public init(
        method: String,
        path: String,
        query: String = "",
        headers: [Header],
        signedHeaders: [String],
        payloadHash: PayloadHash,
        normalizesPath: Bool = true
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.signedHeaders = signedHeaders
        self.payloadHash = payloadHash
        self.normalizesPath = normalizesPath
    }

    /// The text that is hashed; lines end in a single line feed, the last one in nothing.
    public var text: String {
        let names = signedHeaders.sorted()
        var lines = [
            method, CanonicalPath.text(path, isNormalized: normalizesPath), CanonicalQuery.text(query),
        ]
        // Grouped once: a search for each name would let a hostile request cost the square of its headers.
        let values = Dictionary(grouping: headers, by: \.name).mapValues { $0.map { Self.trimmed($0.value) } }
        lines += names.map { "\($0):\(values[$0, default: []].joined(separator: ","))" }
        lines += ["", names.joined(separator: ";"), payloadHash.text]
        return lines.joined(separator: "\n")
    }

    /// SHA-256 of `text` in hexadecimal digits.
    public var digest: String {
        Hexadecimal.text(SHA256.hash(data: Array(text.utf8)))
    }

    /// The text that the key signs.
    public func stringToSign(at time: SigningTime, scope: CredentialScope) -> String {
        "\(RequestSigner.algorithm)\n\(time.timestamp)\n\(scope)\n\(digest)"
    }

    private static func trimmed(_ value: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return value.utf8.split(whereSeparator: isSpace)
            .map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }
}

extension CanonicalRequest {
    /// The request with its authority as the header `host`, in front of the other headers.
    init(
        _ request: HTTPRequest,
        signedHeaders: [String],
        payloadHash: PayloadHash,
        normalizesPath: Bool
    ) {
        let target = RequestTarget(request.path ?? "/")
        self.init(
            method: request.method.rawValue,
            path: target.path,
            query: target.query,
            headers: request.signableHeaders,
            signedHeaders: signedHeaders,
            payloadHash: payloadHash,
            normalizesPath: normalizesPath
        )
    }
}
