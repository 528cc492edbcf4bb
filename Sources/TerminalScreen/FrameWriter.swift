import Foundation
import Glibc
import Synchronization

/// Writes frames on a thread of its own, so that a slow terminal holds up neither input nor decoding.
///
/// One frame at a time: while it is on its way the next is refused, never queued.
final class FrameWriter: Sendable {
    private struct State {
        var frame: [UInt8]?
        var failure: Int32 = 0
        var isBusy = false
        var isOver = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let descriptor: Int32

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - descriptor: Where frames go.
    ///   - mayWrite: Asked before each write; false drops the frame.
    init(descriptor: Int32, mayWrite: @escaping @Sendable () -> Bool) {
        self.descriptor = descriptor
        let thread = Thread { [self] in
            run(mayWrite)
            ended.signal()
        }
        thread.name = "terminal writer"
        thread.start()
    }

    /// True where the last frame has left.
    var isReady: Bool { state.withLock { !$0.isBusy } }

    /// Takes over a frame; false while the last one is on its way.
    func submit(_ frame: [UInt8]) throws(TerminalError) -> Bool {
        let (isTaken, failure) = state.withLock { state in
            guard !state.isBusy, state.failure == 0 else { return (false, state.failure) }
            state.frame = frame
            state.isBusy = true
            return (true, 0)
        }
        guard failure == 0 else {
            throw TerminalError(.inputEnded, "the terminal is gone: \(String(cString: strerror(failure)))")
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    /// Ends the thread, after the frame under way or half a second.
    func close() {
        state.withLock { $0.isOver = true }
        wake.signal()
        _ = ended.wait(timeout: .now() + 0.5)
    }

    private func run(_ mayWrite: () -> Bool) {
        while true {
            wake.wait()
            let (frame, isOver) = state.withLock { ($0.frame, $0.isOver) }
            if let frame {
                let failure = mayWrite() ? writeAll(frame) : 0
                state.withLock { state in
                    state.frame = nil
                    state.isBusy = false
                    state.failure = failure
                }
            }
            if isOver { return }
        }
    }

    private func writeAll(_ bytes: [UInt8]) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody else made the terminal non-blocking: wait for room.
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, 1000)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
