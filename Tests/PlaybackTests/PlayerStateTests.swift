import KinesisVideo
import Matroska
import Playback
import Testing

/// What the state answers to single events, written as words.
@Suite struct PlayerStateTests {
    private let stream = SampleStream()

    /// The actions as words; log lines are left out.
    private func words(_ actions: [PlayerAction]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .openLive(_, .now): "live now"
            case .openLive(_, .afterFragment(let number)): "live after \(name(number))"
            case .openLive: "live elsewhere"
            case .fetch(_, let numbers): "fetch " + numbers.map(name).joined(separator: " ")
            case .cancel: "cancel"
            case .list: "list"
            case .resetDecoder(_, let track): "reset \(track.codecPrivate)"
            case .decode(_, let token, let frame): "decode \(token)\(frame.isKey ? " key" : "")"
            case .drainDecoder: "drain"
            case .show(let token, let frame, _, let isExact):
                "show \(token) = \(name(frame.fragment)).\(frame.index)\(isExact ? "" : " near")"
            case .discard(let tokens): tokens.isEmpty ? nil : "discard \(tokens)"
            case .log, .measure: nil
            }
        }
    }

    private func name(_ number: FragmentNumber) -> String {
        stream.index(number).map { "#\($0)" } ?? "?"
    }

    private func time(_ milliseconds: Int64) -> PlayerTime {
        PlayerTime(
            elapsed: .milliseconds(milliseconds),
            wall: stream.start(1800).advanced(byMilliseconds: milliseconds)
        )
    }

    private func began(_ index: Int, request: Int) -> PlayerEvent {
        .media(
            request: request,
            .fragmentBegan(stream.metadata(index), tracks: stream.tracks(index), timestampScale: 1_000_000)
        )
    }

    private func frame(_ index: Int, _ place: Int, request: Int) -> PlayerEvent {
        .media(request: request, .frame(stream.frames(index)[place]))
    }

    private func epoch(_ actions: [PlayerAction]) -> Int? {
        actions.compactMap { if case .decode(let epoch, _, _) = $0 { epoch } else { nil } }.last
    }

    private func picture(_ token: Int, epoch: Int) -> PlayerEvent {
        .decoded(epoch: epoch, [DecodedFrame(token: token, bytes: 1000)])
    }

    /// A service that is killed in the first fragment that a player saw has nothing that the player could go on behind.
    @Test func aBreakInsideOfTheFirstFragmentIsLeftForTheNextOne() throws {
        var state = PlayerState(stream: "door", settings: PlayerSettings(opening: .live))
        _ = state.start(at: time(0))
        _ = state.handle(began(1799, request: 1), at: time(10))
        let first = state.handle(frame(1799, 0, request: 1), at: time(10))
        #expect(words(first).contains("decode 1 key"))
        _ = state.handle(picture(1, epoch: try #require(epoch(first))), at: time(20))
        let cut = MediaSourceError(.retryable, "connection reset")
        _ = state.handle(.mediaEnded(request: 1, cut), at: time(100))
        var request: Int?
        for moment in stride(from: Int64(200), through: 3000, by: 100) where request == nil {
            for case .openLive(let opened, _) in state.handle(.tick, at: time(moment)) { request = opened }
        }
        let next = try #require(request)
        _ = state.handle(began(1801, request: next), at: time(3100))
        let second = state.handle(frame(1801, 0, request: next), at: time(3100))
        #expect(words(second).contains("decode 2 key"))
        let decoded = picture(2, epoch: try #require(epoch(second)))
        var shown = words(state.handle(decoded, at: time(3110)))
        for moment in stride(from: Int64(3200), through: 5000, by: 50) {
            shown += words(state.handle(.tick, at: time(moment)))
        }
        #expect(shown.contains("show 2 = #1801.0"), "\(shown)")
    }

    /// Runs events at their times and compares what comes out of each.
    private func expect(
        _ settings: PlayerSettings,
        start: [String],
        _ script: [(Int64, PlayerEvent, [String])],
        _ location: SourceLocation = #_sourceLocation
    ) {
        var state = PlayerState(stream: "door", settings: settings)
        #expect(words(state.start(at: time(0))) == start, sourceLocation: location)
        for (row, (milliseconds, event, expected)) in script.enumerated() {
            let actions = words(state.handle(event, at: time(milliseconds)))
            #expect(actions == expected, "row \(row)", sourceLocation: location)
        }
    }

    @Test func decodesLiveFramesAsTheyComeAndShowsTheFirstAtOnce() {
        expect(
            PlayerSettings(),
            start: ["live now"],
            [
                (5, began(1799, request: 1), []),
                (5, frame(1799, 0, request: 1), ["reset [1]", "decode 1 key"]),
                (6, frame(1799, 1, request: 1), ["decode 2"]),
                (7, picture(1, epoch: 2), ["show 1 = #1799.0"]),
                (8, picture(2, epoch: 2), []),
                (46, .tick, []),
                (47, .tick, ["show 2 = #1799.1"]),
            ]
        )
    }

    @Test func leavesOutWhatBelongsToAnEarlierEpoch() {
        expect(
            PlayerSettings(),
            start: ["live now"],
            [
                (5, began(1799, request: 1), []),
                (5, frame(1799, 0, request: 1), ["reset [1]", "decode 1 key"]),
                (6, picture(1, epoch: 1), ["discard [1]"]),
            ]
        )
    }

    @Test func listsThenFetchesThenDecodesToTheFrameAskedFor() {
        let target = stream.start(1000).advanced(byMilliseconds: 60)
        expect(
            PlayerSettings(opening: .time(target)),
            start: ["list"],
            [
                (5, .listed(request: 1, (998...1002).map { stream.info($0) }), ["fetch #1000"]),
                (9, began(1000, request: 2), []),
                (9, frame(1000, 0, request: 2), ["reset [1]", "decode 1 key"]),
                (9, frame(1000, 1, request: 2), ["decode 2"]),
                (10, picture(1, epoch: 2), ["show 1 = #1000.0 near"]),
                (10, frame(1000, 2, request: 2), ["decode 3"]),
                (11, picture(2, epoch: 2), ["show 2 = #1000.1"]),
            ]
        )
    }

    @Test func keepsOnlyTheNewestTarget() {
        expect(
            PlayerSettings(opening: .time(stream.start(1000))),
            start: ["list"],
            [
                (1, .command(.seek(to: stream.start(1001))), []),
                (2, .command(.seekBy(milliseconds: 2000)), []),
                (5, .listed(request: 1, (998...1004).map { stream.info($0) }), ["fetch #1002"]),
                (6, .command(.seekBy(milliseconds: -4000)), []),
                (7, .mediaEnded(request: 2, MediaSourceError(.retryable, "reset")), []),
            ]
        )
    }

    @Test func ignoresACallThatItHasGivenUp() {
        expect(
            PlayerSettings(),
            start: ["live now"],
            [
                (5, began(1799, request: 9), []),
                (6, .mediaEnded(request: 9, nil), []),
                (7, .listed(request: 9, []), []),
            ]
        )
    }

    @Test func goesOnAfterTheLastCompleteFragment() {
        expect(
            PlayerSettings(),
            start: ["live now"],
            [
                (5, began(1799, request: 1), []),
                (6, .media(request: 1, .fragmentEnded(isComplete: true, millisBehindNow: 0)), []),
                (7, began(1800, request: 1), []),
                (8, .mediaEnded(request: 1, MediaSourceError(.retryable, "reset")), []),
                // A second less a fifth at most.
                (807, .tick, []),
                (1008, .tick, ["live after #1799"]),
                (1010, .mediaEnded(request: 2, nil), []),
                (2609, .tick, []),
                (3010, .tick, ["live after #1799"]),
            ]
        )
    }

    @Test func connectionThatTheServiceEndsInOrderIsRenewedUnseen() {
        var state = PlayerState(stream: "door", settings: PlayerSettings())
        _ = state.start(at: time(0))
        for (milliseconds, event) in [
            (5, began(1799, request: 1)), (5, frame(1799, 0, request: 1)),
            (6, .media(request: 1, .fragmentEnded(isComplete: true, millisBehindNow: 0))),
            (7, picture(1, epoch: 2)), (2_400_000, .tick),
        ] as [(Int64, PlayerEvent)] {
            _ = state.handle(event, at: time(milliseconds))
        }
        let actions = state.handle(.mediaEnded(request: 1, nil), at: time(2_400_001))
        #expect(words(actions).contains("live after #1799"))
        let status = state.status(at: time(2_400_002))
        #expect(status.fault == nil)
        if case .retry = status.badge { Issue.record("\(status.badge)") }
    }

    @Test func survivesTimesThatNoCameraHas() {
        var state = PlayerState(stream: "door", settings: PlayerSettings())
        _ = state.start(at: time(0))
        for extreme in [Int64.min, -1, .max] {
            let metadata = FragmentMetadata(
                number: stream.number(Int(extreme & 0xFF) + 1),
                serverTimestamp: Timestamp(milliseconds: extreme),
                producerTimestamp: Timestamp(milliseconds: extreme)
            )
            let begin = MediaEvent.fragmentBegan(metadata, tracks: stream.tracks(0), timestampScale: .max)
            _ = state.handle(.media(request: 1, begin), at: time(10))
            for timecode in [Int64.min, 0, .max] {
                let frame = EncodedFrame(track: 1, timecode: timecode, isKey: true, data: [1])
                _ = state.handle(.media(request: 1, .frame(frame)), at: time(11))
            }
            for token in 1...9 { _ = state.handle(picture(token, epoch: 2), at: time(12)) }
            _ = state.handle(.command(.seekBy(milliseconds: extreme)), at: time(13))
            _ = state.status(at: time(14))
        }
        #expect(state.status(at: time(20)).stream == "door")
    }
}
