import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// HTTP/1.1, on TLS where there is a certificate, with socket options for media: large reads, no delay for small
/// acknowledgements.
struct ServiceChannel: ServerChildChannel {
    let base: HTTP1Channel
    let tls: TLSIdentity?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        channel.setOption(.recvAllocator, value: ReceiveBuffers())
            .flatMap { channel.setOption(.maxMessagesPerRead, value: 1) }
            .flatMap { channel.setOption(.tcpOption(.tcp_nodelay), value: 1) }
            .flatMapThrowing {
                if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler()) }
                try channel.pipeline.syncOperations.addHandler(ArrivalHandler())
            }
            .flatMap { base.setup(channel: channel, logger: logger) }
            .map { AcceptedConnection($0) }
    }

    func handle(value connection: AcceptedConnection, logger: Logger) async {
        let channel = connection.channel
        await withTaskCancellationHandler {
            await base.handle(value: connection.take(), logger: logger)
        } onCancel: {
            // An end in order waits for the other side, which on TLS may never answer: then it goes without.
            channel.eventLoop.scheduleTask(in: .seconds(1)) {
                let pipeline = channel.pipeline.syncOperations
                if let secured = try? pipeline.context(handlerType: NIOSSLServerHandler.self) {
                    secured.close(promise: nil)
                } else {
                    channel.close(promise: nil)
                }
            }
        }
    }
}

/// A connection on its way from the listener to the task that serves it.
///
/// One that comes while the service ends may be dropped on that way, by a listener that is closed or a loop that is
/// cancelled. NIO ends the program where its channel is dropped unfinished, so whatever nobody took is closed here.
final class AcceptedConnection: ServerChildChannelValue {
    let channel: any Channel
    private let value: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    init(_ value: HTTP1Channel.Value) {
        self.value = value
        channel = value.channel
    }

    /// The connection, which its taker now has to end.
    func take() -> HTTP1Channel.Value {
        isTaken.store(true, ordering: .relaxed)
        return value
    }

    deinit {
        guard !isTaken.load(ordering: .relaxed) else { return }
        let value = value
        // It fails where the other side has gone, which leaves it as closed.
        Task { try? await value.executeThenClose { _, _ in } }
    }
}
