/// How many colours the terminal shows.
public enum ColorDepth: String, Sendable, Hashable, CaseIterable {
    /// Any of 2^24, as `38;2;R;G;B`.
    case truecolor
    /// The 6 x 6 x 6 cube and the grey ramp of the 256 colours, as `38;5;N`; never the first 16, which users change.
    case palette256 = "256"
    /// The 16 colours of ECMA-48 and their bright forms, dithered.
    case palette16 = "16"
    /// No colour and no byte above 0x7E: characters of growing ink for growing brightness.
    case none
}
