package import KinesisVideo

/// Which fragments make a clip, and in which calls they are asked for.
///
/// ```
/// listing      [a] [b] [c]   [c'] [d]      c' is c sent twice
/// order           |<--------------->|
/// plan            [b] [c]          [d]
/// ```
package struct ClipPlan: Sendable, Hashable {
    /// The fragments, in the order in which they are shown.
    package let fragments: [FragmentInfo]

    /// Bytes of all fragments, as the listing has them.
    package var byteCount: Int { fragments.reduce(0) { $0 + max(0, $1.size) } }

    /// Chooses from a listing what the order touches.
    ///
    /// - Parameters:
    ///   - listing: Fragments in any order, those that begin up to 20 s before the order's start among them.
    ///   - order: What is wanted.
    package init(_ listing: [FragmentInfo], _ order: ClipOrder) {
        let sorted = listing.sorted {
            ($0.producerTimestamp, $0.number) < ($1.producerTimestamp, $1.number)
        }
        var chosen: [FragmentInfo] = []
        for (index, info) in sorted.enumerated() {
            let start = info.producerTimestamp.milliseconds
            // The last frame's own length is left out of the listing: up to a fragment that touches it is still this one.
            let next = index + 1 < sorted.count ? sorted[index + 1].producerTimestamp.milliseconds : .max
            let end = max(start + info.length + 1, next <= start + info.length * 3 / 2 ? next : 0)
            guard start < order.end.milliseconds, end > order.start.milliseconds,
                order.fragments?.contains(info.number) ?? true
            else { continue }
            // Sent twice: what the clip has already is not shown again.
            if let last = chosen.last,
                start + info.length / 2 <= last.producerTimestamp.milliseconds + last.length
            {
                continue
            }
            chosen.append(info)
        }
        fragments = chosen
    }

    /// Numbers for one GetMediaForFragmentList, from a place on: at most 1,000, and at most 16 MB where they are more
    /// than one.
    package func batch(from index: Int) -> [FragmentNumber] {
        var (numbers, bytes): ([FragmentNumber], Int) = ([], 0)
        for info in fragments.dropFirst(index).prefix(ServiceLimits.fetchedFragments.upperBound) {
            bytes += max(0, info.size)
            guard numbers.isEmpty || bytes <= 16 << 20 else { break }
            numbers.append(info.number)
        }
        return numbers
    }
}
