import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    /// What lies next to a fragment in the order of numbers.
    enum Neighbor {
        case fragment(FragmentNumber)
        /// Not known before this has been listed.
        case unlisted(ClosedRange<Timestamp>)
        /// Nothing.
        case none
    }

    func neighbor(of number: FragmentNumber, forward: Bool, _ now: PlayerTime) -> Neighbor {
        guard let start = timeline.fragment(number)?.producerTimestamp else { return .none }
        if forward {
            if case .fragment(let next) = timeline.follower(of: number) { return .fragment(next.number) }
            if settings.hasArchive, let piece = timeline.unlisted(from: start, to: settled(now)).first {
                let end = min(edge(now), piece.lowerBound.advanced(byMilliseconds: listingSpan))
                return .unlisted(piece.lowerBound...max(piece.lowerBound, end))
            }
            return timeline.next(after: number).map { .fragment($0.number) } ?? .none
        }
        let previous = timeline.previous(before: number)?.number
        if let previous, case .fragment(let next) = timeline.follower(of: previous), next.number == number {
            return .fragment(previous)
        }
        let oldest = expiry(now) ?? Timestamp(milliseconds: 0)
        if settings.hasArchive, let piece = timeline.unlisted(from: oldest, to: start).last {
            return .unlisted(
                max(
                    piece.lowerBound,
                    piece.upperBound.advanced(byMilliseconds: -listingSpan)
                )...piece.upperBound
            )
        }
        return previous.map { .fragment($0) } ?? .none
    }
}
