import Testing

/// The built program in tmux, one at a time: the figures of a demo are those of a machine that runs one.
@Suite(.serialized, .enabled(if: Terminal.isAvailable, "tmux is not installed"))
struct TerminalEndToEndTests {}
