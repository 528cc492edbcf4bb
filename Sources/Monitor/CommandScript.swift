package import Playback

/// The commands that a monitor begins with, one after the other, each at the moment at which it makes sense.
///
/// ```
/// seek -30 ; mark in ; seek +10 ; mark out
///     |         |         |          +-- once the second seek has arrived
///     |         +---------+------------- once the first one has
///     +--------------------------------- once there is a picture to count from
/// ```
/// No I/O, no clock: times come with each look.
package struct CommandScript: Sendable {
    private var rest: ArraySlice<String>
    /// True while the last command's seek may be under way.
    private var hasSought = false
    /// True once that seek has been seen under way.
    private var hasLeft = false
    private var waitingSince: ContinuousClock.Instant?

    /// What a seek may take before the rest goes on without it.
    private static let patience = Duration.seconds(10)
    /// What a seek may take to show that it is under way.
    private static let start = Duration.milliseconds(500)

    /// Takes commands as they would be typed, with `;` between them.
    package init(_ line: String) {
        rest = line.split(separator: ";").filter { !$0.allSatisfy(\.isWhitespace) }.map(String.init)[...]
    }

    /// The next command, where its moment has come.
    ///
    /// - Parameters:
    ///   - status: What the player last said; nil where none is open.
    ///   - now: The clock.
    /// - Returns: The command; nil while it has to wait, and at the end.
    package mutating func next(_ status: PlayerStatus?, at now: ContinuousClock.Instant) -> String? {
        guard let command = rest.first, isTime(for: command, status, now) else { return nil }
        rest.removeFirst()
        waitingSince = nil
        (hasSought, hasLeft) = (Self.isSeek(command), false)
        return command
    }

    private mutating func isTime(
        for command: String,
        _ status: PlayerStatus?,
        _ now: ContinuousClock.Instant
    ) -> Bool {
        guard let status, hasSought || Self.needsPicture(command) else { return true }
        let since = waitingSince ?? now
        waitingSince = since
        if now - since >= Self.patience { return true }
        let isThere = status.position != nil && status.isExact && status.target == nil
        if !isThere { hasLeft = true }
        return isThere && (!hasSought || hasLeft || now - since >= Self.start)
    }

    private static func words(_ command: String) -> [Substring] {
        command.split(whereSeparator: \.isWhitespace)
    }

    private static func isSeek(_ command: String) -> Bool {
        words(command).first.map { ["seek", "seek-fragment", "seek-recording"].contains($0) } ?? false
    }

    /// True for what counts from the picture on screen, or keeps it.
    private static func needsPicture(_ command: String) -> Bool {
        let words = words(command)
        switch words.first {
        case "mark", "snapshot", "export", "seek-fragment", "seek-recording": return true
        case "seek": return words.dropFirst().first?.first.map { "+-−".contains($0) } ?? false
        default: return false
        }
    }
}
