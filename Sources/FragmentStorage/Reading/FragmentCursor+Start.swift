import KinesisVideo

extension FragmentCursor.Start {
    /// Takes a request's selector.
    ///
    /// - Parameters:
    ///   - selector: what the request asks for.
    ///   - live: the stream's newest fragments.
    ///   - counter: what the stream's numbers have come to.
    /// - Throws: ``StoreError`` `invalidToken`.
    init(_ selector: StartSelector, live: LiveBuffer, counter: FragmentCounter) throws {
        switch selector {
        case .now:
            // With nothing in memory the reader waits for what comes next, which no import is: an archive
            // may still be growing downwards.
            let newest = live.last?.info.number ?? live.openFragments.first?.number
            self = .bound(newest.map(NumberBound.at) ?? .after(counter.lastNumber))
        case .earliest:
            self = .bound(.beginning)
        case .afterFragment(let number):
            self = .bound(.after(number))
        case .continuationToken(let token):
            guard let number = FragmentNumber(token) else { throw StoreError(.invalidToken, path: token) }
            self = .bound(.after(number))
        case .serverTimestamp(let moment):
            self = .moment(.server, moment)
        case .producerTimestamp(let moment):
            self = .moment(.producer, moment)
        }
    }
}

extension FragmentCursor {
    /// Where to go on; nil while no fragment matches the moment that the reader asked for.
    func bound() async throws -> NumberBound? {
        guard case .moment(let clock, let moment) = start else {
            if case .bound(let bound) = start { return bound }
            return nil
        }
        let live = stream.read {
            MomentMatch(clock: clock, moment: moment, chunks: $0.live.chunks.map(\.info))
        }
        let archived = try await stream.archived { environment, view in
            MomentMatch(
                clock: clock,
                covering: try environment.index.covering(view, clock: clock, moment: moment)?.info.number,
                following: try environment.index.firstStarting(view, clock: clock, atOrAfter: moment)?.info
                    .number
            )
        }
        guard let number = live.merged(with: archived).number else { return nil }
        let bound = NumberBound.at(number)
        start = .bound(bound)
        return bound
    }
}

/// The fragment that a start by time begins at.
///
/// By the server's clock the last fragment that covers the moment, since uploads faster than real time
/// overlap; by the producer's, which may repeat, the lowest-numbered one. Where none covers it, the
/// lowest-numbered that starts later.
struct MomentMatch: Sendable, Hashable {
    let clock: FragmentClock
    var covering: FragmentNumber?
    var following: FragmentNumber?

    init(clock: FragmentClock, covering: FragmentNumber?, following: FragmentNumber?) {
        self.clock = clock
        self.covering = covering
        self.following = following
    }

    /// Looks through fragments in the order of their numbers.
    init(clock: FragmentClock, moment: Timestamp, chunks: [FragmentInfo]) {
        self.clock = clock
        for info in chunks {
            let start = clock == .server ? info.serverTimestamp : info.producerTimestamp
            if start <= moment, start == moment || moment < start.advanced(byMilliseconds: info.length) {
                covering = clock == .producer ? covering ?? info.number : info.number
            } else if start >= moment {
                following = following ?? info.number
            }
        }
    }

    /// Joins what memory and archive have.
    func merged(with other: MomentMatch) -> MomentMatch {
        let covering = [covering, other.covering].compactMap { $0 }
        return MomentMatch(
            clock: clock,
            covering: clock == .server ? covering.max() : covering.min(),
            following: [following, other.following].compactMap { $0 }.min()
        )
    }

    /// Where the reader begins.
    var number: FragmentNumber? { covering ?? following }
}
