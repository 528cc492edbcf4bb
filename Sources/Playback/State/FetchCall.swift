import KinesisVideo

/// A GetMediaForFragmentList call.
struct FetchCall: Sendable, Hashable {
    var request: Int
    var numbers: [FragmentNumber]
    /// The fragment that is coming.
    var current: FragmentNumber?
    var completed: Set<FragmentNumber> = []
    /// Time since the call last brought anything.
    var silence = Duration.zero

    /// Fragments still to come.
    var remaining: [FragmentNumber] { numbers.filter { !completed.contains($0) } }
}
