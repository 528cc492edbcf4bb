import Testing

/// A size of the terminal that the acceptance scenarios are run at, and where the player's timeline lies then.
struct TerminalSize: Sendable, Hashable, CustomTestStringConvertible {
    let columns: Int
    let rows: Int

    /// The size that the screens are designed for.
    static let small = TerminalSize(columns: 80, rows: 24)
    /// One at which they show more.
    static let large = TerminalSize(columns: 120, rows: 35)
    /// Those that a scenario has to pass at.
    static let both = [small, large]

    var testDescription: String { "\(columns)x\(rows)" }

    /// Row of the player's rail.
    var rail: Int { rows - 3 }
    /// Row of the player's times.
    var ruler: Int { rows - 2 }
    /// Columns of the player's timeline, from column 1.
    var trackCount: Int { columns - 6 }
}
