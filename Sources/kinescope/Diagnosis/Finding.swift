import Foundation

/// One line of a diagnosis: what was looked at, what was seen, and what to do about it.
struct Finding: Sendable, Hashable, Encodable {
    /// How it is.
    enum State: String, Sendable, Hashable, Encodable {
        /// As it should be.
        case ok
        /// Works, but not as most would want it.
        case warning
        /// Keeps something from working.
        case fault
        /// Could not be looked at.
        case unknown
    }

    /// What was looked at, in a word or two.
    var topic: String
    var state: State
    /// What was seen, with its figures; free of secrets.
    var evidence: String
    /// What to do; nil where nothing is to be done.
    var advice: String?

    init(_ topic: String, _ state: State, _ evidence: String, _ advice: String? = nil) {
        (self.topic, self.state, self.evidence, self.advice) = (topic, state, evidence, advice)
    }

    /// One line, or two where there is something to do.
    var text: String {
        let name = topic.padding(toLength: 12, withPad: " ", startingAt: 0)
        let word = state.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
        let indent = String(repeating: " ", count: 21)
        let evidence = PrintableText.visible(evidence)
        return "\(name)\(word)\(evidence)"
            + (advice.map { "\n\(indent)> \(PrintableText.visible($0))" } ?? "")
    }
}
