package import KinesisVideo
package import Matroska

/// The client's memory: fragments by number, up to a number of bytes.
package struct FragmentMemory: Sendable {
    private var fragments: [FragmentNumber: MemoryFragment] = [:]
    /// Numbers of all fragments kept, in ascending order.
    package private(set) var order: [FragmentNumber] = []
    /// Bytes of compressed pictures kept.
    package private(set) var bytes = 0
    /// Most bytes kept.
    package let limit: Int

    package init(limit: Int) {
        self.limit = limit
    }

    package var isFull: Bool { bytes > limit }

    package subscript(number: FragmentNumber) -> MemoryFragment? { fragments[number] }

    /// The key frame that a moment lies behind in its fragment; nil where that is not kept.
    func keyFrame(near time: Timestamp) -> MemoryKeyFrame? {
        for number in order.reversed() {
            guard let fragment = fragments[number], let track = fragment.track,
                fragment.metadata.producerTimestamp <= time,
                let last = fragment.times.last, let frame = fragment.frame(at: time),
                let key = fragment.keyIndex(before: frame)
            else { continue }
            // Behind the last frame comes the next fragment, or a gap.
            guard time.milliseconds <= last + (fragment.frameInterval ?? 0) else { return nil }
            return MemoryKeyFrame(
                track: track,
                frame: fragment.frames[key],
                address: FrameAddress(fragment: number, index: fragment.presentationIndex(of: key)),
                time: Timestamp(milliseconds: fragment.times[key])
            )
        }
        return nil
    }

    /// Begins a fragment; one that was there under the same number is replaced.
    package mutating func begin(_ fragment: MemoryFragment) {
        remove(fragment.number)
        let index = order.firstIndex { $0 > fragment.number } ?? order.count
        order.insert(fragment.number, at: index)
        fragments[fragment.number] = fragment
    }

    /// Adds a frame to an open fragment.
    ///
    /// - Returns: true where it is a picture that a decoder needs.
    package mutating func append(_ frame: EncodedFrame, to number: FragmentNumber) -> Bool {
        guard let before = fragments[number]?.bytes,
            let isPicture = fragments[number]?.append(frame),
            let after = fragments[number]?.bytes
        else { return false }
        bytes += after - before
        return isPicture
    }

    package mutating func end(_ number: FragmentNumber, isComplete: Bool) {
        fragments[number]?.completeness = isComplete ? .complete : .cut
    }

    package mutating func remove(_ number: FragmentNumber) {
        guard let fragment = fragments.removeValue(forKey: number) else { return }
        bytes -= fragment.bytes
        order.removeAll { $0 == number }
    }

    /// Removes fragments until the limit is kept: first those behind playback, farthest first, then those ahead of it.
    ///
    /// - Parameters:
    ///   - kept: The fragments that playback stands on and needs next; they stay whatever their size.
    ///   - isReverse: Whether playback goes to lower numbers.
    ///   - mayDropAhead: Whether what lies ahead may go.
    package mutating func trim(keeping kept: ClosedRange<FragmentNumber>, isReverse: Bool, mayDropAhead: Bool)
    {
        while isFull {
            let first = order.first.flatMap { $0 < kept.lowerBound ? $0 : nil }
            let last = order.last.flatMap { $0 > kept.upperBound ? $0 : nil }
            let (behind, ahead) = isReverse ? (last, first) : (first, last)
            guard let number = behind ?? (mayDropAhead ? ahead : nil) else { return }
            remove(number)
        }
    }
}
