import FragmentStorage
import HummingbirdCore
import KinesisVideo
import Logging
import NIOCore

/// The operations that hand media out: GetMedia, ListFragments and GetMediaForFragmentList.
///
/// Source: 04 GetMedia; 05 Archived media.
struct MediaResponses: Sendable {
    let store: FragmentStore
    let delivery: LiveDelivery
    let metrics: ServiceMetrics
    let quotas: ServiceQuotas
    let clock: @Sendable () -> Timestamp

    /// Prepares the answer of the operation at `path`; nothing is sent before all checks have passed.
    func answer(
        _ path: String,
        _ body: () async throws -> ByteBuffer,
        _ logger: Logger
    ) async throws -> ServiceResponder.Answer? {
        switch path {
        case GetMedia.path: try getMedia(JSONBody.decode(GetMedia.Input.self, from: await body()), logger)
        case ListFragments.path:
            try await listFragments(JSONBody.decode(ListFragments.Input.self, from: await body()), logger)
        case GetMediaForFragmentList.path:
            try fragmentList(JSONBody.decode(GetMediaForFragmentList.Input.self, from: await body()), logger)
        default: nil
        }
    }

    private func getMedia(_ input: GetMedia.Input, _ logger: Logger) throws -> ServiceResponder.Answer {
        let selector = try input.validate()
        let stream = try store.stream(input.stream)
        let connection = try quotas.connect(GetMedia.path, arn: stream.arn)
        let cursor = try stream.openCursor(selector, delivery: delivery)
        logger.info("getMedia", metadata: ["stream": "\(stream.name)", "start": "\(selector)"])
        return .media { [clock, metrics, quotas] writer in
            defer { withExtendedLifetime(connection) {} }
            var pacer = quotas.pacer(GetMedia.path)
            let place = metrics.ledger(of: stream).openReader()
            defer { place.close() }
            var metadata: FragmentMetadata?
            do {
                while let event = try await cursor.next() {
                    switch event {
                    case .chunk(let chunk):
                        place.reached(chunk.info.metadata.serverTimestamp)
                        let tags = ByteBuffer(
                            bytes: ChunkComposer.progressTags(chunk.info.metadata, now: clock())
                        )
                        try await writer.write(contentsOf: chunk.parts + [tags])
                        try await pacer?.moved(bytes: chunk.info.size, fragments: 1)
                    case .begin(let begun, let front):
                        metadata = begun
                        place.reached(begun.serverTimestamp)
                        try await writer.write(front)
                    case .media(let media):
                        try await writer.write(media)
                        try await pacer?.moved(bytes: media.readableBytes)
                    case .end(let info):
                        try await writer.write(
                            ByteBuffer(bytes: ChunkComposer.progressTags(info.metadata, now: clock()))
                        )
                        metadata = nil
                        try await pacer?.moved(bytes: 0, fragments: 1)
                    case .broken: return
                    }
                }
            } catch let error as StoreError {
                logger.error("getMedia failed", metadata: ["stream": "\(stream.name)", "error": "\(error)"])
                guard metadata == nil else { return }
                // With the number a reader can go on behind the fragment that cannot be read.
                let failure = InBandError(
                    id: 5000,
                    code: "INTERNAL_ERROR",
                    fragmentNumber: await cursor.lastNumber
                )
                try await writer.write(ByteBuffer(bytes: ChunkComposer.errorDocument(failure)))
            }
        }
    }

    private func listFragments(_ input: ListFragments.Input, _ logger: Logger) async throws
        -> ServiceResponder.Answer
    {
        try input.validate()
        let token = try input.nextToken.map { try ListingToken($0) }
        let stream = try store.stream(input.stream)
        try token?.check(stream: stream.arn)
        guard let selector = try token?.selector ?? input.fragmentSelector?.selector() else {
            throw ServiceError.invalidArgument("give FragmentSelector, or NextToken to go on")
        }
        let limit = input.maxResults ?? 100
        try quotas.admit(ListFragments.path, arn: stream.arn, points: limit)
        let page = try await stream.listFragments(selector, after: token?.last, limit: limit + 1)
        let shown = Array(page.prefix(limit))
        let next =
            page.count > limit
            ? shown.last.map { ListingToken(selector, last: $0.number, stream: stream.arn).text } : nil
        logger.debug("listFragments", metadata: ["stream": "\(stream.name)", "found": "\(shown.count)"])
        return .json(try JSONBody.encode(ListFragments.Output(fragments: shown, nextToken: next)))
    }

    private func fragmentList(_ input: GetMediaForFragmentList.Input, _ logger: Logger) throws
        -> ServiceResponder.Answer
    {
        try input.validate()
        let stream = try store.stream(input.stream)
        let numbers = input.fragments.compactMap { FragmentNumber($0) }
        let connection = try quotas.connect(
            GetMediaForFragmentList.path,
            arn: stream.arn,
            points: numbers.count
        )
        logger.info(
            "getMediaForFragmentList",
            metadata: ["stream": "\(stream.name)", "fragments": "\(numbers.count)"]
        )
        return .mediaList { [quotas] writer in
            defer { withExtendedLifetime(connection) {} }
            var pacer = quotas.pacer(GetMediaForFragmentList.path)
            for number in numbers {
                let failure: InBandError
                do {
                    if let chunk = try await stream.chunk(number) {
                        try await writer.write(contentsOf: chunk.parts)
                        try await pacer?.moved(bytes: chunk.info.size)
                        continue
                    }
                    failure = InBandError(id: 3000, code: "FRAGMENT_NOT_FOUND", fragmentNumber: number)
                } catch let error as StoreError {
                    logger.error("getMediaForFragmentList failed", metadata: ["error": "\(error)"])
                    failure = InBandError(id: 5000, code: "INTERNAL_ERROR", fragmentNumber: number)
                }
                return try await writer.write(ByteBuffer(bytes: ChunkComposer.errorDocument(failure)))
            }
        }
    }
}
