import KinesisVideo

/// One call to the service on behalf of a player.
struct PlayerCall: Sendable {
    enum Operation: Sendable {
        case live(StartSelector)
        case fetch([FragmentNumber])
        case list(FragmentSelector)

        /// Name of the service's operation.
        var name: String {
            switch self {
            case .live: "GetMedia"
            case .fetch: "GetMediaForFragmentList"
            case .list: "ListFragments"
            }
        }
    }

    let request: Int
    let operation: Operation
    /// Ends when the call is to be given up.
    let cancellation: AsyncStream<Never>

    /// Makes the call and hands on what comes, until it ends or is given up.
    func perform(on source: any MediaSource, _ post: @escaping @Sendable (PlayerEvent) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await read(source, post) }
            group.addTask { for await _ in cancellation {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func read(_ source: any MediaSource, _ post: @Sendable (PlayerEvent) -> Void) async {
        switch operation {
        case .live(let selector): await read(source.live(from: selector), post)
        case .fetch(let numbers): await read(source.fragments(numbers), post)
        case .list(let selector):
            do {
                post(.listed(request: request, try await source.list(selector)))
            } catch {
                post(.listFailed(request: request, MediaSourceError(error)))
            }
        }
    }

    private func read(
        _ events: AsyncThrowingStream<MediaEvent, any Error>,
        _ post: @Sendable (PlayerEvent) -> Void
    ) async {
        do {
            for try await event in events { post(.media(request: request, event)) }
            post(.mediaEnded(request: request, nil))
        } catch {
            post(.mediaEnded(request: request, MediaSourceError(error)))
        }
    }
}

extension MediaSourceError {
    /// Any other error may be gone the next time.
    init(_ error: any Error) {
        self = error as? MediaSourceError ?? MediaSourceError(.retryable, "\(error)")
    }
}
