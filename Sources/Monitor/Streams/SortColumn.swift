/// What the list of streams is sorted by.
package enum SortColumn: String, Sendable, Hashable, CaseIterable {
    /// The order of the key that cycles through them.
    case name
    /// By what the row does, live first.
    case state
    /// By data rate, highest first.
    case rate = "Mb/s"
    /// By the age of the last fragment.
    case age = "AGE"
    /// By lag.
    case lag = "LAG"
    /// By retention.
    case retention = "KEEP"
    /// By readers, most first.
    case readers = "VIEW"
    /// By fragments a second, most first.
    case fragments = "FRAG/s"
    /// By the name of the codec.
    case codec = "CODEC"
    /// By bytes in the archive, most first.
    case stored = "STORED"

    /// The column after it, of those on the screen.
    func next(of columns: [SortColumn]) -> SortColumn {
        let shown = Self.allCases.filter(columns.contains)
        let place = shown.firstIndex(of: self).map { $0 + 1 } ?? 0
        return shown.isEmpty ? .name : shown[place % shown.count]
    }

    /// True where the largest comes first unless reversed.
    var isDescending: Bool { [.rate, .readers, .fragments, .stored].contains(self) }
}
