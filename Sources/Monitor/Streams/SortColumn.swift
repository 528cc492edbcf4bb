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

    /// The column after it.
    var next: SortColumn {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }

    /// True where the largest comes first unless reversed.
    var isDescending: Bool { self == .rate || self == .readers }
}
