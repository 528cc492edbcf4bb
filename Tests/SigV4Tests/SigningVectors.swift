import Foundation
import HTTPTypes
import SigV4
import Testing

/// The published signing vectors, read from the folder beside the package or from the file that
/// `KINESCOPE_SIGV4_VECTORS` names.
struct SigningVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Context: Decodable, Sendable {
        struct KeyPair: Decodable, Sendable {
            let accessKeyId: String
            let secretAccessKey: String
            let token: String?
        }

        let credentials: KeyPair
        let expirationInSeconds: Int
        let normalize: Bool
        let region: String
        let service: String
        let signBody: Bool
        let timestamp: String
        let omitSessionToken: Bool?
    }

    let name: String
    let context: Context
    let request: String
    let headerCanonicalRequest: String
    let headerStringToSign: String
    let headerSignature: String
    let headerSignedRequest: String
    let queryCanonicalRequest: String
    let queryStringToSign: String
    let querySignature: String
    let querySignedRequest: String

    var testDescription: String { name }

    static let file: URL? = {
        if let path = ProcessInfo.processInfo.environment["KINESCOPE_SIGV4_VECTORS"], !path.isEmpty {
            return URL(filePath: path)
        }
        let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let file = package.appending(path: "../shared/sigv4/vectors.json").standardizedFileURL
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }()

    static func readAll() throws -> [SigningVector] {
        guard let file else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([SigningVector].self, from: Data(contentsOf: file))
    }
}

extension SigningVector {
    var time: SigningTime? {
        SigningTime(rfc3339: context.timestamp)
    }

    var signer: RequestSigner {
        RequestSigner(
            credentials: Credentials(
                accessKeyID: context.credentials.accessKeyId,
                secretAccessKey: context.credentials.secretAccessKey,
                sessionToken: context.credentials.token
            ),
            region: context.region,
            service: context.service
        )
    }

    var options: SigningOptions {
        SigningOptions(
            sendsPayloadHash: context.signBody,
            signsSessionToken: context.omitSessionToken != true,
            normalizesPath: context.normalize
        )
    }

    var payload: PayloadHash {
        context.signBody ? PayloadHash(sha256Of: message.body.utf8) : .empty
    }

    /// The request to sign.
    var unsigned: HTTPRequest? {
        ReceivedMessage(request)?.request
    }

    private var message: (head: String, body: String) {
        let parts = request.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : "")
    }
}

/// The head of a request as the vectors write it: spaces in the path, folded header lines.
struct ReceivedMessage {
    let request: HTTPRequest

    init?(_ text: String) {
        let head = text.split(separator: "\n\n", maxSplits: 1).first ?? ""
        let lines = head.split(separator: "\n")
        guard let start = lines.first, let target = Self.target(start) else { return nil }
        var fields: [(name: HTTPField.Name, value: String)] = []
        var host: String?
        for line in lines.dropFirst() {
            if line.first == " " {
                guard let last = fields.indices.last else { return nil }
                fields[last].value += " \(line)"
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { return nil }
            if name.canonicalName == "host" {
                host = String(parts[1])
            } else {
                fields.append((name, String(parts[1])))
            }
        }
        request = HTTPRequest(
            method: target.method,
            scheme: "https",
            authority: host,
            path: target.path,
            headerFields: HTTPFields(fields.map { HTTPField(name: $0.name, value: $0.value) })
        )
    }

    private static func target(_ line: Substring) -> (method: HTTPRequest.Method, path: String)? {
        let suffix = " HTTP/1.1"
        guard line.hasSuffix(suffix), let space = line.firstIndex(of: " "),
            let method = HTTPRequest.Method(String(line[..<space]))
        else { return nil }
        return (method, String(line.dropLast(suffix.count)[line.index(after: space)...]))
    }
}
