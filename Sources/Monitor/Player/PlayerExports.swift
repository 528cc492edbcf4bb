package import Playback

/// What leaves the player as a file; done by others, who report through the inbox.
package struct PlayerExports: Sendable {
    /// Begins to write a clip; at most one is under way.
    package var startClip: @Sendable (ClipJob) -> Void
    /// Gives the clip under way up.
    package var cancelClip: @Sendable () -> Void
    /// Writes the picture on screen in full size under a name.
    package var saveSnapshot: @Sendable (_ player: any VideoPlayer, _ fileName: String) -> Void

    /// Creates the means to write files; without them nothing is written.
    package init(
        startClip: @escaping @Sendable (ClipJob) -> Void = { _ in },
        cancelClip: @escaping @Sendable () -> Void = {},
        saveSnapshot: @escaping @Sendable (any VideoPlayer, String) -> Void = { _, _ in }
    ) {
        self.startClip = startClip
        self.cancelClip = cancelClip
        self.saveSnapshot = saveSnapshot
    }
}
