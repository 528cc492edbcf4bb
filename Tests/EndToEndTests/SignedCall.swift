import Foundation
import HTTPTypes
import SigV4

/// A request that a test signs by itself and sends byte by byte, well signed or not.
struct SignedCall {
    static let credentials = Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "SECRETexample")
    /// The service's environment for it.
    static let environment = [
        "AWS_ACCESS_KEY_ID": credentials.accessKeyID, "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey,
    ]

    var request: HTTPRequest
    var body: String
    var credentials = Self.credentials
    var service = "kinesisvideo"
    /// Seconds that the signer's clock is ahead.
    var skew: Int64 = 0
    var payload: PayloadHash?
    var options = SigningOptions.json

    init(_ method: String, _ path: String, _ body: String = "", host: String = "127.0.0.1") {
        request = HTTPRequest(
            method: HTTPRequest.Method(method) ?? .post,
            scheme: "http",
            authority: host,
            path: path
        )
        self.body = body
        if method == "POST" { set("content-type", "application/json") }
    }

    /// A PutMedia as producers send it, without its body.
    static func putMedia(_ stream: String, host: String = "127.0.0.1") -> SignedCall {
        var call = SignedCall("POST", "/putMedia", host: host)
        call.set("transfer-encoding", "chunked")
        call.set("x-amzn-stream-name", stream)
        call.set("x-amzn-fragment-timecode-type", "ABSOLUTE")
        call.set("x-amzn-producer-start-timestamp", "0")
        return call
    }

    mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { request.headerFields[name] = value }
    }

    mutating func append(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) {
            request.headerFields.append(HTTPField(name: name, value: value))
        }
    }

    /// The request, signed, as it goes over the wire.
    func wire(at now: Date = Date()) throws -> String {
        try Self.text(signed(at: now), body: body)
    }

    /// The request with its signature.
    func signed(at now: Date = Date()) throws -> HTTPRequest {
        let time = SigningTime(secondsSince1970: Int64(now.timeIntervalSince1970) + skew)
        return try RequestSigner(credentials: credentials, region: "local-1", service: service)
            .sign(request, payload: payload ?? PayloadHash(sha256Of: body.utf8), at: time, options: options)
            .request
    }

    /// A request as it goes over the wire; a body in chunks is left to the caller.
    static func text(_ request: HTTPRequest, body: String) -> String {
        var lines = ["\(request.method.rawValue) \(request.path ?? "/") HTTP/1.1"]
        if let host = request.authority { lines.append("Host: \(host)") }
        lines += request.headerFields.map { "\($0.name.rawName): \($0.value)" }
        let isChunked = request.headerFields[.transferEncoding] != nil
        if !isChunked, !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (isChunked ? "" : body)
    }
}

/// An error answer.
struct Refusal: Equatable {
    var status: Int
    var name: String?
    var message: String?
}

extension RawConnection {
    /// Sends a request on a connection of its own and reads the answer.
    static func exchange(_ url: String, _ text: String, trusting caFile: String? = nil) async throws -> (
        head: Head, body: [UInt8]
    ) {
        try await with(url, trusting: caFile) { connection in
            try await connection.send(text)
            return try await connection.receiveAnswer()
        }
    }

    /// Reads an answer whose body has a length.
    func receiveAnswer() async throws -> (head: Head, body: [UInt8]) {
        let head = try await receiveHead()
        let length = head.fields["content-length"].flatMap { Int($0) } ?? 0
        return (head, try await receive(exactly: length))
    }

    /// How a call is answered, as an error.
    static func refusal(_ url: String, _ call: SignedCall) async throws -> Refusal {
        try await refusal(url, try call.wire())
    }

    /// How a request is answered, as an error.
    static func refusal(_ url: String, _ text: String) async throws -> Refusal {
        let (head, body) = try await exchange(url, text)
        let members = try? JSONDecoder().decode([String: String].self, from: Data(body))
        return Refusal(
            status: head.status,
            name: head.fields["x-amzn-errortype"],
            message: members?["Message"]
        )
    }
}
