import HTTPTypes
import KinesisVideo
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// How long a connection may take to say what it wants.
public struct ConnectionPatience: Sendable {
    /// From a connection's opening, or from the first byte of a later request, to the whole head.
    public var head = Duration.seconds(20)
    /// Between requests.
    public var idle = Duration.seconds(75)
    /// Between bytes of an upload, after which it ends as if its body did.
    public var silence = Duration.seconds(ServiceLimits.idleSeconds)
    /// From the head of an upload to the error 4003 that makes its producer connect anew.
    public var age = Duration.seconds(ServiceLimits.connectionSeconds)

    /// The times of `kinescope serve`.
    public init() {}
}

/// Closes connections that hold a place without asking for anything, and answers heads that are too large.
///
/// ```
/// opened > first byte ... head      at most `head` from the opening
/// answered ............. first byte at most `idle`
///          first byte .. head       at most `head`
/// head ................. answered   as long as it takes: media has its own rules
/// ```
/// Behind the HTTP decoder; `ArrivalHandler` tells it of bytes ahead of the decoder. Kept by the event loop of
/// its channel.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let patience: ConnectionPatience
    private var deadline: Scheduled<Void>?
    /// Requests whose head has come and whose answer has not ended.
    private var unanswered = 0
    /// Between the head of a request and its end.
    private var isReading = false
    /// What the next request was refused for, while answers to those before it are owed.
    private var refusal: ServiceError?
    /// Whether bytes of a head have come; true from the opening on, whose time is counted from the start.
    private var hasBegun = true

    init(_ patience: ConnectionPatience) {
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) {
        wait(patience.head, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ArrivalHandler.Arrival else { return context.fireUserInboundEventTriggered(event) }
        guard unanswered == 0, !isReading, !hasBegun else { return }
        hasBegun = true
        wait(patience.head, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            unanswered += 1
            isReading = true
            deadline?.cancel()
        case .body: break
        case .end:
            isReading = false
            waitForNext(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered = max(0, unanswered - 1)
            if unanswered == 0, let refusal {
                context.write(data, promise: promise)
                return refuse(refusal, context)
            }
            waitForNext(context)
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError, !isReading, error.isAboutARequest else {
            return context.fireErrorCaught(error)
        }
        // The decoder takes nothing more: answered here, in its turn, since no request will come of it.
        if unanswered == 0 { refuse(.broken(error), context) } else { refusal = .broken(error) }
    }

    /// Answers with a refusal and closes.
    ///
    /// The other side may still be sending; closing with unread bytes would reset the connection and lose the answer.
    private func refuse(_ refusal: ServiceError, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let body = (try? JSONBody.encode(refusal)) ?? ByteBuffer()
        let head = HTTPResponse(
            status: .init(code: refusal.status),
            headerFields: [
                .connection: "close", .contentType: "application/json", .amznErrorType: refusal.name,
                .amznRequestID: RequestNote(nil).id, .contentLength: String(body.readableBytes),
            ]
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        wait(.seconds(2), context)
    }

    private func waitForNext(_ context: ChannelHandlerContext) {
        guard unanswered == 0, !isReading else { return }
        hasBegun = false
        wait(patience.idle, context)
    }

    private func wait(_ time: Duration, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
    }
}

extension ServiceError {
    /// The answer to a request that is no HTTP.
    static func broken(_ error: HTTPParserError) -> ServiceError {
        guard case .headerOverflow = error else {
            return .invalidArgument("the request is no HTTP: \(error)")
        }
        return ServiceError(
            name: "RequestHeaderFieldsTooLargeException",
            status: 431,
            message: "the request line and header fields are too large"
        )
    }
}

extension HTTPParserError {
    /// False where the other side has only gone.
    fileprivate var isAboutARequest: Bool { self != .invalidEOFState && self != .closedConnection }
}

/// Tells `RequestDeadlines` of bytes that make no whole head yet; sits ahead of the decoder.
final class ArrivalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes have come in.
    struct Arrival {}

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.fireUserInboundEventTriggered(Arrival())
        context.fireChannelRead(data)
    }
}
