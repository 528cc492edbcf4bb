/// Which fragments lie in a spool, and which has to go where there are too many.
///
/// A value without I/O.
///
/// ```
/// waiting, waiting | live, live, live(open)
///    ^ sent beside the live ones, oldest first; the first to go where the spool is full
/// ```
package struct SpoolIndex: Sendable, Hashable {
    private struct Entry: Sendable, Hashable {
        var number: FragmentSpool.Number
        var bytes: Int
        /// True where nobody is sending it.
        var isWaiting: Bool
    }

    /// Bytes that the files may have together.
    let capacity: Int
    /// Bytes that they have.
    package private(set) var bytes = 0
    /// The number of the next fragment.
    private(set) var next: FragmentSpool.Number = 1
    /// In the order of their numbers.
    private var entries: [Entry] = []

    /// Begins with what a process before this one has left behind.
    package init(capacity: Int, found: [(number: FragmentSpool.Number, bytes: Int)] = []) {
        self.capacity = capacity
        entries = found.sorted { $0.number < $1.number }
            .map { Entry(number: $0.number, bytes: $0.bytes, isWaiting: true) }
        bytes = found.reduce(0) { $0 + $1.bytes }
        next = (entries.last?.number ?? 0) + 1
    }

    /// Fragments that nobody is sending.
    package var waiting: Int { entries.count(where: \.isWaiting) }

    /// Enters a fragment that is being made.
    package mutating func begin() -> FragmentSpool.Number {
        defer { next += 1 }
        entries.append(Entry(number: next, bytes: 0, isWaiting: false))
        return next
    }

    /// Notes what was written.
    ///
    /// - Returns: the fragments that have to go for it, oldest first.
    package mutating func grow(_ number: FragmentSpool.Number, by count: Int) -> [FragmentSpool.Number] {
        guard let index = index(of: number) else { return [] }
        entries[index].bytes += count
        bytes += count
        var gone: [FragmentSpool.Number] = []
        while bytes > capacity, let oldest = entries.first(where: \.isWaiting) {
            remove(oldest.number)
            gone.append(oldest.number)
        }
        return gone
    }

    /// Leaves a fragment to whoever sends what waits.
    package mutating func putBack(_ number: FragmentSpool.Number) {
        if let index = index(of: number) { entries[index].isWaiting = true }
    }

    /// Takes the oldest that waits, to be sent.
    package mutating func takeOldest() -> FragmentSpool.Number? {
        guard let index = entries.firstIndex(where: \.isWaiting) else { return nil }
        entries[index].isWaiting = false
        return entries[index].number
    }

    /// Forgets a fragment.
    package mutating func remove(_ number: FragmentSpool.Number) {
        guard let index = index(of: number) else { return }
        bytes -= entries.remove(at: index).bytes
    }

    private func index(of number: FragmentSpool.Number) -> Int? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].number == number ? low : nil
    }
}
