import KinescopeTesting
import KinesisVideo
import KinesisVideoProducer
import Matroska
import NIOCore

/// Takes PutMedia bodies in memory and acknowledges their fragments, by the service's own rules.
final class SampleService: MediaTransport {
    /// A fragment that was stored.
    struct Fragment: Hashable {
        var connection: Int
        /// Milliseconds since 1970.
        var time: Int64
        var frames: [EncodedFrame]
        var tracks: [TrackEntry]
        var tags: [Tag]
    }

    /// What goes wrong on a connection.
    enum Fault: Sendable {
        /// It breaks when so many frames have come.
        case breaks(afterFrames: Int)
        /// It says an error of its fragment with this number, counted from 0.
        case error(IngestionError, atFragment: Int)
        /// It takes everything and says nothing.
        case silence
    }

    struct Broken: Error {}

    /// What has come.
    struct State {
        var connections = 0
        var open = 0
        var mostOpen = 0
        var fragments: [Fragment] = []
        var frames = 0
        var starts: [Int64] = []
        var faults: [Int: Fault] = [:]
        var lifetimes: [Duration?] = []
    }

    private let state: Watched<State>

    init(faults: [Int: Fault] = [:], lifetimes: [Duration?] = []) {
        state = Watched(State(faults: faults, lifetimes: lifetimes))
    }

    var fragments: [Fragment] { state.value.fragments }
    /// Frames that have come, on all connections.
    var frames: Int { state.value.frames }
    var connections: Int { state.value.connections }
    var mostOpen: Int { state.value.mostOpen }
    var starts: [Int64] { state.value.starts }

    /// Waits until something is so of what has come.
    func wait(until isSo: @escaping @Sendable (State) -> Bool) async throws {
        try await state.wait(until: isSo)
    }

    func lifetime() async throws -> Duration? {
        state.update { $0.lifetimes.isEmpty ? nil : $0.lifetimes.removeFirst() }
    }

    func forget() async {}

    func isWorthRetrying(_ error: any Error) -> Bool { error is Broken }

    func open(startTimestamp: Timestamp, isAbsolute: Bool, body: ConnectionBody) async throws
        -> any AsyncSequence<Acknowledgement, any Error> & Sendable
    {
        let (number, fault) = state.update { state -> (Int, Fault?) in
            state.connections += 1
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
            state.starts.append(startTimestamp.milliseconds)
            return (state.connections, state.faults[state.connections])
        }
        let (lines, sink) = AsyncThrowingStream.makeStream(of: Acknowledgement.self)
        let base = isAbsolute ? 0 : startTimestamp.milliseconds
        let task = Task {
            do {
                try await receive(body, number, base: base, fault, sink)
                sink.finish()
            } catch {
                sink.finish(throwing: error)
            }
            state.update { $0.open -= 1 }
        }
        sink.onTermination = { _ in task.cancel() }
        return lines
    }

    private func receive(
        _ body: ConnectionBody,
        _ number: Int,
        base: Int64,
        _ fault: Fault?,
        _ sink: AsyncThrowingStream<Acknowledgement, any Error>.Continuation
    ) async throws {
        var reader = SegmentReader()
        var open: Fragment?
        var (tracks, latest, frames, count) = ([TrackEntry](), Int64.min, 0, 0)
        func close() throws -> Bool {
            guard let fragment = open else { return true }
            open = nil
            defer { count += 1 }
            let code = fragment.time - base
            if case .error(let error, let place) = fault, place == count {
                sink.yield(Acknowledgement(.error, timecode: code, error: error))
                return false
            }
            if fragment.frames.first.map({ $0.timecode <= latest }) ?? true {
                sink.yield(Acknowledgement(.error, timecode: code, error: .timecodeNotIncreasing))
                return false
            }
            latest = max(latest, fragment.frames.map(\.timecode).max() ?? latest)
            state.update { $0.fragments.append(fragment) }
            if case .silence = fault { return true }
            sink.yield(Acknowledgement(.received, timecode: code))
            sink.yield(Acknowledgement(.persisted, timecode: code))
            return true
        }
        var iterator = body.makeAsyncIterator()
        while let buffer = try await iterator.next() {
            for event in reader.read(Array(buffer.readableBytesView).span) {
                switch event {
                case .tracks(let declared, _): tracks = declared
                case .clusterStart:
                    guard try close() else { return }
                case .clusterTimestamp(let time):
                    open = Fragment(
                        connection: number,
                        time: base + Int64(time),
                        frames: [],
                        tracks: tracks,
                        tags: []
                    )
                    if case .silence = fault { continue }
                    sink.yield(Acknowledgement(.buffering, timecode: Int64(time)))
                case .frame(let frame, _):
                    open?.frames.append(frame)
                    frames += 1
                    state.update { $0.frames += 1 }
                    if case .breaks(let limit) = fault, frames == limit { throw Broken() }
                case .tags(let tags, _):
                    if tags.contains(where: { $0.name == "AWS_KINESISVIDEO_END_OF_FRAGMENT" }) {
                        guard try close() else { return }
                    } else {
                        open?.tags += tags
                    }
                default: break
                }
            }
        }
        _ = reader.finish()
        _ = try close()
    }
}
