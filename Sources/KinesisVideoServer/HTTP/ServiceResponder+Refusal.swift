import FragmentStorage
import HTTPTypes
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore
import NIOHTTP1
import SigV4

extension ServiceResponder {
    /// Answers a request with an error, and ends its connection where its body is not wanted.
    func refuse(
        _ request: Request,
        _ error: any Error,
        _ note: RequestNote,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ logger: Logger
    ) async throws {
        let refusal = serviceError(error)
        let loggable = (error as? SignatureError)?.loggable ?? "\(refusal)"
        note.write("refused", status: refusal.status, error: loggable, to: logger)
        metrics.count(.init(operation: note.operation, status: refusal.status))
        let body = try JSONBody.encode(refusal)
        var head = head(
            .init(code: refusal.status),
            type: "application/json",
            note.id,
            length: body.readableBytes
        )
        head.headerFields[.amznErrorType] = refusal.name
        // A body that is still on its way would keep the connection busy for ever.
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        let isUpload =
            request.headers[.transferEncoding] != nil || request.headers[.expect] != nil
            || length > Self.jsonLimit || refusal.status == 413 || refusal.status == 408
            || error is HTTPParserError || request.uri.path == ServiceRoute.putMedia.path
        if isUpload { head.headerFields[.connection] = "close" }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
        if isUpload { try await ConnectionEnd.closeAfterDraining(request.body, channel) }
    }

    /// Every error becomes one the service has a name for, in this one place.
    private func serviceError(_ error: any Error) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as SignatureError: return error.serviceError
        case let error as StoreError where error.kind == .streamDeleted:
            return .notFound("the stream has been deleted")
        case let error as StoreError where error.kind == .streamExists: return .inUse("the name is taken")
        case let error as StoreError where error.kind == .invalidToken:
            return .invalidArgument("the token is none of this service's")
        case let error as HTTPParserError: return .broken(error)
        default:
            logger.error("internal failure", metadata: ["error": "\(error)"])
            return .internalFailure("the service failed: \(error)")
        }
    }
}
