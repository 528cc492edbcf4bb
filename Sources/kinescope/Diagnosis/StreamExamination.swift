import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska
import SigV4

/// Asks the service what a diagnosis needs, a few calls in all; whatever is refused becomes a fact of its own.
struct StreamExamination: Sendable {
    let client: ServiceClient
    let name: String
    let now: Timestamp

    private var reference: StreamReference { StreamReference(name: name) }
    private var consumer: StreamConsumer { StreamConsumer(client: client, stream: reference) }

    /// Gathers the facts.
    ///
    /// - Throws: `CancellationError`.
    func facts() async throws -> StreamFacts {
        let stream = try await trying { try await client.stream(named: name) }
        var facts = StreamFacts(
            name: name,
            endpoint: client.endpoint.url,
            region: client.endpoint.region,
            key: key,
            now: now,
            skew: client.clockOffset,
            stream: stream
        )
        guard case .success(let info) = stream else { return facts }
        for operation in [DataOperation.putMedia, .getMedia, .listFragments, .getMediaForFragmentList] {
            facts.dataEndpoints[operation] = try await trying {
                try await client.dataEndpoint(operation, of: reference)
            }
        }
        facts.acknowledgements = try await trying { try await client.acknowledgements(of: name) }.value
        // Fragments are found by the server's clock, whatever this machine's says.
        facts.now = now.advanced(byMilliseconds: (client.clockOffset ?? 0) * 1000)
        let hour = facts.now.advanced(byMilliseconds: -3_600_000)
        facts.recent = try await trying { try await list(from: hour, limit: 1000) }
        let recent = facts.recent?.value ?? []
        if recent.isEmpty {
            let start = Timestamp(milliseconds: 0)
            facts.hasArchive = try await trying { try await !list(from: start, limit: 1).isEmpty }.value
        } else {
            facts.hasArchive = true
        }
        facts.media = try await media(recent.last, isArchived: info.dataRetentionInHours > 0)
        return facts
    }

    private var key: StreamFacts.Key? {
        client.endpoint.credentials.map { credentials in
            StreamFacts.Key(
                ending: String(credentials.accessKeyID.suffix(4)),
                isTemporary: credentials.sessionToken != nil,
                isExpired: credentials.isExpired(
                    at: SigningTime(secondsSince1970: now.milliseconds / 1000)
                )
            )
        }
    }

    private func list(from start: Timestamp, limit: Int) async throws -> [FragmentInfo] {
        let selector = FragmentSelector(clock: .server, start: start, end: ServiceLimits.endOfTime)
        let url = try await client.dataEndpoint(.listFragments, of: reference)
        let input = ListFragments.Input(reference, selector: selector, maxResults: limit, nextToken: nil)
        return try await client.call(ListFragments.self, input, at: url).fragments.sorted {
            $0.number < $1.number
        }
    }

    /// The newest fragment: from the archive, else what the live buffer gives within three seconds.
    private func media(
        _ newest: FragmentInfo?,
        isArchived: Bool
    ) async throws -> Result<StreamFacts.Media, StreamFacts.Refusal>? {
        var options = ReadingOptions()
        options.attempts = 0
        options.silence = .seconds(3)
        let start: StartSelector
        if let newest {
            // The fragment itself, by the moment at which the service began to receive it.
            start = .serverTimestamp(newest.serverTimestamp)
            options.lastNumber = newest.number
        } else if isArchived {
            return nil
        } else {
            start = .now
        }
        let reading = options
        return try await trying {
            var last: ReceivedFragment?
            for try await fragment in consumer.follow(from: start, options: reading) {
                last = fragment
                if newest == nil { break }
            }
            guard let last else {
                throw ClientError.unexpectedAnswer("GetMedia ended without a fragment")
            }
            return StreamFacts.Media(
                metadata: last.metadata,
                tracks: last.tracks,
                timestampScale: last.timestampScale,
                frames: last.frames
            )
        }
    }

    private func trying<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Result<Value, StreamFacts.Refusal> {
        do {
            return .success(try await body())
        } catch let error as CancellationError {
            throw error
        } catch {
            return .failure(StreamFacts.Refusal(error, hiding: client.endpoint.credentials?.accessKeyID))
        }
    }
}

extension Result {
    /// What succeeded; nil otherwise.
    var value: Success? { try? get() }
}

extension StreamFacts.Refusal {
    /// Says why, with the id of the key cut short wherever the service repeats it.
    init(_ error: any Error, hiding key: String?) {
        let kind: Kind =
            switch CommandFailure(error).status {
            case .unreachable: .unreachable
            case .denied: .denied
            case .notFound: .notFound
            case .throttled: .throttled
            default: .other
            }
        var reason = "\(error)"
        if let key { reason = reason.replacing(key, with: "…\(key.suffix(4))") }
        self.init(kind: kind, reason: reason)
    }
}
