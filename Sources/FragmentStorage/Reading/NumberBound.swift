import KinesisVideo

/// Where a reader goes on: at a fragment number or behind it.
struct NumberBound: Sendable, Hashable {
    /// The number; nil for the very beginning.
    var number: FragmentNumber?
    /// True where the fragment of that number itself is wanted.
    var isIncluded: Bool

    /// Before everything.
    static let beginning = NumberBound(number: nil, isIncluded: false)

    static func at(_ number: FragmentNumber) -> NumberBound { NumberBound(number: number, isIncluded: true) }

    static func after(_ number: FragmentNumber) -> NumberBound {
        NumberBound(number: number, isIncluded: false)
    }

    /// True where a fragment of this number is still to come.
    func admits(_ candidate: FragmentNumber) -> Bool {
        guard let number else { return true }
        return isIncluded ? candidate >= number : candidate > number
    }
}
