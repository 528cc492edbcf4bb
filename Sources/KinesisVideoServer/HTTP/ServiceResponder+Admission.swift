import HTTPTypes
import HummingbirdCore
import KinesisVideo
import NIOCore
import SigV4

extension ServiceResponder {
    /// A request whose caller is known.
    struct Admitted: Sendable {
        var route: ServiceRoute
        var grant: AccessGrant
        /// The stream that the path names.
        var stream: String?
        /// Empty for PutMedia, whose body is media.
        var body: ByteBuffer
        /// Names of the streams that the call is about.
        var streams: [String] = []
    }

    /// Most bytes of a JSON body.
    static let jsonLimit = 1 << 20
    /// A JSON body comes at once or not at all.
    private static let jsonTime = Duration.seconds(30)

    /// Checks the signature once, ahead of everything else, then what the caller may do.
    ///
    /// A body is read for those only who show a key that is known; media is not read at all. Without a valid
    /// signature nobody learns which paths there are.
    func admit(
        _ request: Request,
        _ found: (route: ServiceRoute, stream: String?)?,
        _ note: inout RequestNote,
        _ writer: borrowing ResponseWriter
    ) async throws -> Admitted {
        if let found, found.route.effect == .open {
            return Admitted(route: found.route, grant: AccessGrant(caller: "anybody"), body: ByteBuffer())
        }
        let access = configuration.access
        try access.screen(request.head, at: clock())
        guard found != nil || access.isSigned else { throw Self.unknown(request) }
        var body = ByteBuffer()
        let payload: ReceivedPayload
        if found?.route == .putMedia {
            payload = .unread
        } else {
            let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
            guard announced <= Self.jsonLimit else { throw Self.tooLarge }
            try await Self.continueIfExpected(request, writer)
            body = try await self.body(of: request)
            payload = .read(access.isSigned ? PayloadHash(sha256Of: body.readableBytesView) : .unsigned)
        }
        let grant = try access.admit(request.head, payload: payload, at: clock())
        if access.isSigned { note.caller = grant.caller }
        guard let (route, stream) = found else { throw Self.unknown(request) }
        let streams =
            stream.map { [$0] }
            ?? (route == .putMedia ? NamedStreams.of(request.headers) : NamedStreams.of(body))
        note.stream = streams.first
        try grant.check(route, streams: streams)
        if uploads.isStopping {
            throw ServiceError(name: "ServiceUnavailable", status: 503, message: "the service is ending")
        }
        return Admitted(route: route, grant: grant, stream: stream, body: body, streams: streams)
    }

    private static func unknown(_ request: Request) -> ServiceError {
        .unknownOperation("\(request.method.rawValue) \(request.uri.path.prefix(256)) is no operation")
    }

    /// Lets a client send its body that waits for that word.
    static func continueIfExpected(_ request: Request, _ writer: borrowing ResponseWriter)
        async throws
    {
        guard request.headers[.expect]?.lowercased() == "100-continue" else { return }
        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
    }

    private static let tooLarge = ServiceError(
        name: "RequestEntityTooLargeException",
        status: 413,
        message: "the body has more than \(jsonLimit) bytes"
    )

    private func body(of request: Request) async throws -> ByteBuffer {
        return try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                do {
                    return try await request.body.collect(upTo: Self.jsonLimit)
                } catch is NIOTooManyBytesError {
                    throw Self.tooLarge
                }
            }
            group.addTask {
                try await Task.sleep(for: Self.jsonTime)
                throw ServiceError(
                    name: "RequestTimeoutException",
                    status: 408,
                    message: "the body did not come within \(Self.jsonTime)"
                )
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ByteBuffer()
        }
    }
}
