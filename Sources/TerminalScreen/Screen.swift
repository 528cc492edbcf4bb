/// One frame: the chrome's cells and, in the same write, the bytes of the pictures.
package struct ScreenFrame: Sendable {
    /// The chrome; blank where pictures lie.
    package var buffer: ScreenBuffer
    /// Where pictures lie; none where there are none.
    ///
    /// A screen repaints everything when this changes, because cells under a picture are not the chrome's.
    package var pictureRegions: [ScreenRectangle]
    /// Escape sequences that draw the pictures inside of their regions, each with its own cursor address; may be
    /// empty.
    package var picture: [UInt8]
    /// Text to leave in the clipboard of the terminal, with this frame; nil for none.
    package var clipboard: String?

    /// Creates a frame.
    package init(buffer: ScreenBuffer, pictureRegions: [ScreenRectangle] = [], picture: [UInt8] = []) {
        self.buffer = buffer
        self.pictureRegions = pictureRegions
        self.picture = picture
    }
}

/// What frames are shown on and input comes from; owned by one thread.
package protocol Screen: AnyObject {
    /// Rows and columns now.
    var size: ScreenSize { get }

    /// False while a frame would have to wait behind others that are still on their way.
    var isReady: Bool { get }

    /// What is known of the way to the terminal.
    var link: OutputLink.Figures { get }

    /// True once after the program was stopped and continued: what was shown before is gone.
    func takeLost() -> Bool

    /// Shows a frame.
    ///
    /// - Returns: Bytes handed to the terminal, or nil where the screen was not ready and nothing was done.
    @discardableResult
    func present(_ frame: ScreenFrame) throws(TerminalError) -> Int?

    /// Repaints everything with the next frame.
    func invalidate()

    /// Waits for input, at most so long; an empty answer means that nothing came, or that the screen's bell rang.
    func readInput(timeout: Duration) throws(TerminalError) -> [InputEvent]

    /// Stops the program as the shell's job control does, and returns when it goes on.
    func suspend()

    /// Gives the terminal back.
    func close()
}
