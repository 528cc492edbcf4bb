import NIOCore

/// Notices that a client has closed its side while a response is being written.
///
/// A reader that waits for media writes nothing, so a closed socket would go unnoticed; the end of the input does
/// not. Kept by the event loop of its channel.
final class DepartureHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private var isGone = false
    private var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var nextWatcher = 0

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { announce() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        announce()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        announce()
    }

    private func announce() {
        isGone = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
    }

    /// Runs `body` until it returns or the client closes its side, which cancels it.
    static func run(on channel: any Channel, _ body: @escaping @Sendable () async throws -> Void) async throws
    {
        let (departure, sink) = AsyncStream.makeStream(of: Void.self)
        let id = try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: DepartureHandler.self).add(sink)
        }.get()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in departure {}
                throw CancellationError()
            }
            defer {
                group.cancelAll()
                channel.eventLoop.execute {
                    try? channel.pipeline.syncOperations.handler(type: DepartureHandler.self).remove(id)
                }
            }
            try await group.next()
        }
    }

    private func add(_ watcher: AsyncStream<Void>.Continuation) -> Int {
        nextWatcher += 1
        if isGone {
            watcher.finish()
        } else {
            watchers[nextWatcher] = watcher
        }
        return nextWatcher
    }

    private func remove(_ id: Int) {
        watchers[id] = nil
    }
}
