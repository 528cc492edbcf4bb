import CFFmpeg

/// The log of libav, which must not reach the terminal that shows the picture.
enum LibraryLog {
    /// Switches it off for the whole process, once; every owner of a libav object asks for it before it makes one.
    static let off: Void = CFFmpeg_silence_log()
}
