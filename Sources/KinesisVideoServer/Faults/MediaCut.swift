import Glibc
import HTTPTypes
import HummingbirdCore
package import NIOCore

/// What happens once so many bytes of media have passed.
package struct MediaCut: Sendable, Hashable {
    /// What happens there.
    package enum Effect: Sendable, Hashable {
        /// The connection is reset.
        case reset
        /// The body ends in order.
        case end
        /// Nothing moves for a while.
        case stall(Duration)
    }

    /// Bytes that pass before.
    package var byte: Int
    /// What happens there.
    package var effect: Effect

    /// Places an effect.
    package init(byte: Int, effect: Effect) {
        (self.byte, self.effect) = (byte, effect)
    }
}

/// Media that passes, and the cuts that are ahead: a value that says what to do with each piece.
package struct CutMedia: Sendable {
    /// A piece of media, or what happens behind it.
    package enum Step: Sendable, Hashable {
        /// Media goes on its way.
        case pass(ByteBuffer)
        /// Nothing moves for a while.
        case stall(Duration)
        /// The body ends in order.
        case end
        /// The connection is reset.
        case reset
    }

    private var cuts: ArraySlice<MediaCut>
    private var passed = 0
    /// True once nothing more is to pass.
    package private(set) var isOver = false

    /// Media that none has passed of; cuts ascend by place.
    package init(_ cuts: [MediaCut]) {
        self.cuts = cuts[...]
    }

    /// What is to be done before any media has come.
    package mutating func begin() -> [Step] {
        pass(ByteBuffer())
    }

    /// Takes the next piece.
    package mutating func pass(_ buffer: ByteBuffer) -> [Step] {
        var rest = buffer
        var steps: [Step] = []
        while !isOver, let cut = cuts.first, cut.byte <= passed + rest.readableBytes {
            cuts.removeFirst()
            if let part = rest.readSlice(length: max(0, cut.byte - passed)), part.readableBytes > 0 {
                steps.append(.pass(part))
                passed += part.readableBytes
            }
            switch cut.effect {
            case .stall(let time): steps.append(.stall(time))
            case .end: steps.append(.end)
            case .reset: steps.append(.reset)
            }
            isOver = !cut.effect.passes
        }
        guard !isOver, rest.readableBytes > 0 else { return steps }
        passed += rest.readableBytes
        return steps + [.pass(rest)]
    }
}

extension MediaCut.Effect {
    fileprivate var passes: Bool {
        if case .stall = self { return true }
        return false
    }
}

/// A connection that was reset by a fault.
struct InjectedReset: Error, CustomStringConvertible {
    let description = "reset, says --faults"

    /// Resets a connection: what the other side has not read is gone, as with a machine that lost its power.
    static func perform(on channel: any Channel) async {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        // Only a channel that is closed already fails.
        try? await channel.close()
    }
}

/// The body of an upload with its faults.
struct CutRequestBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let base: RequestBody
    let cuts: [MediaCut]
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: RequestBody.AsyncIterator
        var media: CutMedia
        let channel: any Channel
        var ready: [CutMedia.Step]

        mutating func next() async throws -> ByteBuffer? {
            while true {
                while !ready.isEmpty {
                    switch ready.removeFirst() {
                    case .pass(let buffer): return buffer
                    case .stall(let time): try await Task.sleep(for: time)
                    case .end: return nil
                    case .reset:
                        await InjectedReset.perform(on: channel)
                        throw InjectedReset()
                    }
                }
                guard !media.isOver, let buffer = try await base.next() else { return nil }
                ready = media.pass(buffer)
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        var media = CutMedia(cuts)
        let ready = media.begin()
        return AsyncIterator(base: base.makeAsyncIterator(), media: media, channel: channel, ready: ready)
    }
}

/// Writes media with its faults.
struct CutBodyWriter: ResponseBodyWriter {
    /// The body ends here, in order.
    struct Ended: Error {}

    private var base: any ResponseBodyWriter
    private var media: CutMedia
    private let channel: any Channel
    private var steps: [CutMedia.Step]

    init(_ base: any ResponseBodyWriter, _ cuts: [MediaCut], _ channel: any Channel) {
        self.base = base
        self.channel = channel
        media = CutMedia(cuts)
        steps = media.begin()
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        steps += media.pass(buffer)
        while !steps.isEmpty {
            switch steps.removeFirst() {
            case .pass(let part): try await base.write(part)
            case .stall(let time): try await Task.sleep(for: time)
            case .end: throw Ended()
            case .reset:
                await InjectedReset.perform(on: channel)
                throw InjectedReset()
            }
        }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await base.finish(trailingHeaders)
    }
}
