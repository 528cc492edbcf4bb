public import KinesisVideo
import KinesisVideoClient
public import KinesisVideoConsumer
import Matroska

/// The media of a stream as a service hands it out.
public struct ServiceMedia: MediaSource {
    private let consumer: StreamConsumer

    /// Plays through a consumer.
    public init(_ consumer: StreamConsumer) {
        self.consumer = consumer
    }

    /// GetMedia from a start; ends when the service ends the body.
    public func live(from selector: StartSelector) -> AsyncThrowingStream<MediaEvent, any Error> {
        events(ChunkTranslation(isLive: true)) { try await consumer.live(from: selector) }
    }

    /// GetMediaForFragmentList.
    public func fragments(_ numbers: [FragmentNumber]) -> AsyncThrowingStream<MediaEvent, any Error> {
        events(ChunkTranslation(isLive: false)) { try await consumer.fragments(numbers) }
    }

    /// ListFragments, all pages.
    public func list(_ selector: FragmentSelector) async throws -> [FragmentInfo] {
        do {
            return try await consumer.list(selector, spacing: CallSchedule.spacing)
        } catch {
            throw Self.mediaError(error)
        }
    }

    private func events(
        _ translation: ChunkTranslation,
        _ open: @escaping @Sendable () async throws -> ChunkSequence
    ) -> AsyncThrowingStream<MediaEvent, any Error> {
        let (stream, sink) = AsyncThrowingStream.makeStream(of: MediaEvent.self)
        // The reader of the stream owns the call: it ends with the stream.
        let task = Task {
            do {
                var translation = translation
                for try await event in try await open() {
                    for media in try translation.take(event) { sink.yield(media) }
                }
                sink.finish()
            } catch {
                sink.finish(throwing: Self.mediaError(error))
            }
        }
        sink.onTermination = { _ in task.cancel() }
        return stream
    }

    private static func mediaError(_ error: any Error) -> any Error {
        switch error {
        case is MediaSourceError, is CancellationError: return error
        case let error as InBandError:
            let isMissing = error.code == "FRAGMENT_NOT_FOUND"
            if isMissing { return MediaSourceError(.fragmentMissing(error.fragmentNumber), "\(error)") }
            return MediaSourceError(error.isRetryable ? .retryable : .denied, "\(error)")
        case ClientError.service(let refusal):
            if refusal.isDenied { return MediaSourceError(.denied, "\(refusal)") }
            if refusal.status == 404 { return MediaSourceError(.notFound, "\(refusal)") }
            return MediaSourceError(.retryable, "\(refusal)")
        default: return MediaSourceError(.retryable, "\(error)")
        }
    }
}

/// Turns the events of chunks into those of media.
private struct ChunkTranslation: Sendable {
    /// True for GetMedia, whose chunks are complete only once their last tag has been read.
    let isLive: Bool
    private var isOpen = false

    init(isLive: Bool) {
        self.isLive = isLive
    }

    mutating func take(_ event: ChunkEvent) throws -> [MediaEvent] {
        switch event {
        case .began, .warning: return []
        case .mediaBegan(let chunk):
            guard let metadata = chunk.metadata else { return [] }
            isOpen = true
            return [.fragmentBegan(metadata, tracks: chunk.tracks, timestampScale: chunk.timestampScale)]
        case .frame(let frame): return isOpen ? [.frame(frame)] : []
        case .completed(let chunk, _): return end(isComplete: chunk.isComplete, chunk)
        case .ended(let chunk):
            if let error = chunk.inBandError { throw error }
            // An archived chunk has no last tag: the next one, or the end of the body, ends it.
            return end(isComplete: chunk.isComplete && !isLive, chunk)
        case .damage: return isOpen ? end(isComplete: false, nil) : []
        }
    }

    private mutating func end(isComplete: Bool, _ chunk: ChunkSummary?) -> [MediaEvent] {
        guard isOpen else { return [] }
        isOpen = false
        return [.fragmentEnded(isComplete: isComplete, millisBehindNow: chunk?.millisBehindNow)]
    }
}
