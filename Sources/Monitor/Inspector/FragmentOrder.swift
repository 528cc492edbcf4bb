/// What the inspector's table is sorted by.
package enum FragmentOrder: Sendable, Hashable, CaseIterable {
    /// The numbers of the fragments; what lies between two is told.
    case number
    /// Their bytes, the most first.
    case size
    /// The time that they last, the longest first.
    case duration

    /// The one that comes next, and round.
    var next: FragmentOrder {
        switch self {
        case .number: .size
        case .size: .duration
        case .duration: .number
        }
    }

    /// Lines that are in the order of their numbers in this one, or the other way round.
    func sorted(_ lines: [InspectorLine], isReversed: Bool) -> [InspectorLine] {
        switch self {
        case .number: isReversed ? lines.reversed() : lines
        case .size: Self.sorted(lines, isReversed) { Int64($0.size) }
        case .duration: Self.sorted(lines, isReversed) { $0.duration ?? -1 }
        }
    }

    /// The fragments alone: what lies between two says nothing where others stand there.
    private static func sorted(
        _ lines: [InspectorLine],
        _ isReversed: Bool,
        by key: (InspectedFragment) -> Int64
    ) -> [InspectorLine] {
        let fragments = lines.compactMap(\.fragment).enumerated().sorted { left, right in
            let (first, second) = (key(left.element), key(right.element))
            guard first != second else { return left.offset < right.offset }
            return isReversed ? first < second : first > second
        }
        return fragments.map { InspectorLine.fragment($0.element) }
    }
}
