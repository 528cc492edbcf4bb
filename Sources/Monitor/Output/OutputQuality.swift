package import TerminalVideo

/// A step of what is given up so that pictures arrive in time; each includes those before.
package enum OutputQuality: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Every cell as it should be.
    case exact
    /// Differences that are just visible stay.
    case justVisible
    /// Five bits a channel, 20 pictures a second.
    case fewColors
    /// 256 colours, 15 pictures a second.
    case palette
    /// 10 pictures a second.
    case tenFrames
    /// Two columns in one colour, 8 pictures a second.
    case halfWidth
    /// 4 pictures a second.
    case fourFrames
    /// Key frames only.
    case keyFrames

    /// Order by what is given up.
    package static func < (first: OutputQuality, second: OutputQuality) -> Bool {
        first.rawValue < second.rawValue
    }

    /// The name on screen: `q0` to `q7`.
    package var name: String { "q\(rawValue)" }

    /// Shortest time between two pictures.
    package var interval: Duration {
        switch self {
        case .exact, .justVisible: .zero
        case .fewColors: .milliseconds(50)
        case .palette: .milliseconds(67)
        case .tenFrames: .milliseconds(100)
        case .halfWidth: .milliseconds(125)
        case .fourFrames, .keyFrames: .milliseconds(250)
        }
    }

    /// Colours, of those that the terminal has.
    package func depth(on terminal: ColorDepth) -> ColorDepth {
        self >= .palette && terminal == .truecolor ? .palette256 : terminal
    }

    /// True where two columns share a colour.
    package var isHalfWidth: Bool { self >= .halfWidth }

    /// What may be left out whatever the budget.
    package var tolerance: Tolerance {
        switch self {
        case .exact: .exact
        case .justVisible: .justVisible
        case .fewColors: Tolerance(cell: 12, pen: 8, brightness: 3, refinement: 2)
        // In 256 colours this is how much worse than the best a colour may be that is shown already.
        case .palette, .tenFrames: Tolerance(cell: 12, pen: 12)
        case .halfWidth, .fourFrames, .keyFrames: Tolerance(cell: 20, pen: 20)
        }
    }

    /// Largest difference of a channel that may stay for the sake of the budget.
    package var largestDifference: UInt8 {
        switch self {
        // A picture that rests comes right in the end: its largest differences go first.
        case .exact: 255
        case .justVisible: 9
        default: 24
        }
    }
}
