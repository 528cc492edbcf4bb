import KinescopeTesting
import KinesisVideoProducer
import Matroska
import Testing

@Suite struct FragmentAssemblerTests {
    private static let both = [ProducerBody.video, ProducerBody.audio]

    /// Frames out of words such as `V0k A100 V400`: track, time in milliseconds, k for a key frame.
    private static func frames(_ text: String) -> [EncodedFrame] {
        text.split(separator: " ").map { word in
            let track: UInt64 = word.first == "V" ? 1 : 2
            let isKey = word.last == "k" || track == 2
            return ProducerBody.frame(
                track,
                Int64(word.dropFirst().filter { $0 != "k" }) ?? -1,
                isKey: isKey,
                size: 2
            )
        }
    }

    private static func text(_ frames: [EncodedFrame]) -> String {
        frames.map { "\($0.track == 1 ? "V" : "A")\($0.timecode)\($0.track == 1 && $0.isKey ? "k" : "")" }
            .joined(separator: " ")
    }

    /// What comes out of all frames, and what had come out before the end.
    private static func assemble(
        _ frames: [EncodedFrame],
        tracks: [TrackEntry] = both
    ) -> (fragments: [AssembledFragment], early: Int, dropped: Int) {
        var assembler = FragmentAssembler(tracks: tracks)
        var fragments = frames.compactMap { assembler.take($0) }
        let early = fragments.count
        fragments += assembler.finish()
        return (fragments, early, assembler.droppedFrames)
    }

    @Test(arguments: [
        // The example of the type's own documentation: A800 is not earlier than V800.
        (
            "V0k A0 V200 V400 A600 A800 V800k V1000 A1000 V1200",
            ["V0k A0 V200 V400 A600", "A800 V800k V1000 A1000 V1200"]
        ),
        // Sound earlier than the key frame stays behind.
        ("V0k A0 V400 A600 V800k A900", ["V0k A0 V400 A600", "V800k A900"]),
        // No sound from V400 to V800: that joins what follows.
        ("V0k A0 V400k V800k A800", ["V0k A0", "V400k V800k A800"]),
        // Nothing but pictures at the end.
        ("V0k A0 V400k V800k", ["V0k A0 V400k V800k"]),
        // Sound ahead of the first picture is kept.
        ("A0 A100 V200k V400 A500 V600k A600", ["A0 A100 V200k V400 A500", "V600k A600"]),
        // A block of the fragment before is as late as the key frame: no cut there.
        ("V0k A0 V800 V400k A900 V1200k A1200", ["V0k A0 V800 V400k A900", "V1200k A1200"]),
    ])
    func cutsAtKeyFramesWhereBothSidesAreLegal(input: String, expected: [String]) {
        let result = Self.assemble(Self.frames(input))
        #expect(result.fragments.map { Self.text($0.frames) } == expected)
        #expect(result.dropped == 0)
    }

    @Test func picturesAheadOfTheFirstKeyFrameAreDroppedAndCounted() {
        let result = Self.assemble(Self.frames("V0 A0 V400 V800k A800 V1200"))
        #expect(result.dropped == 2)
        #expect(result.fragments.map { Self.text($0.frames) } == ["A0 V800k A800 V1200"])
    }

    @Test func aFileWithoutAKeyFrameGivesNothing() {
        let result = Self.assemble(Self.frames("V0 V400 V800"), tracks: [ProducerBody.video])
        #expect(result.fragments.isEmpty)
        #expect(result.dropped == 3)
    }

    @Test func aFragmentOfASingleTrackIsGivenOutByTheNextKeyFrame() {
        var assembler = FragmentAssembler(tracks: [ProducerBody.video])
        let frames = Self.frames("V0k V400 V800k V1200 V1600k")
        let given = frames.map { assembler.take($0).map { Self.text($0.frames) } }
        #expect(given == [nil, nil, "V0k V400", nil, "V800k V1200"])
        #expect(assembler.finish().map { Self.text($0.frames) } == ["V1600k"])
        #expect(assembler.finish().isEmpty)
    }

    @Test func theTimeOfAnOpenGroupIsThatOfItsLeadingPictures() {
        // V1200k is decoded first, but V900 and V1000 are shown ahead of it.
        let result = Self.assemble(
            Self.frames("V0k V800 V400 V1200k V900 V1000 V1600"),
            tracks: [ProducerBody.video]
        )
        #expect(result.fragments.map(\.timestamp) == [0, 900])
    }

    /// Files at random; every rule that the service has must hold whatever the order of frames.
    @Test(arguments: 0..<200)
    func anyFileGivesLegalFragmentsInTheSameOrder(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let hasSound = seed % 3 != 0
        var (picture, sound) = (Int64.zero, Int64.zero)
        var frames: [EncodedFrame] = []
        for _ in 0..<120 {
            if hasSound, generator.next() % 2 == 0 {
                sound += Int64(generator.next() % 40)
                frames.append(ProducerBody.frame(2, sound, isKey: true, size: 1))
            } else {
                picture += 40
                // Pictures are decoded out of order now and then.
                let time = max(0, picture + Int64(generator.next() % 4) * 40 - 80)
                frames.append(ProducerBody.frame(1, time, isKey: generator.next() % 6 == 0, size: 1))
            }
        }
        let tracks = hasSound ? Self.both : [ProducerBody.video]
        let (fragments, _, dropped) = Self.assemble(frames, tracks: tracks)

        let leading = frames.prefix { $0.track == 2 || !$0.isKey }
        #expect(dropped == leading.count { $0.track == 1 })
        let kept = leading.filter { $0.track == 2 } + frames[leading.count...]
        #expect(fragments.flatMap(\.frames) == kept)

        var latest = Int64.min
        for (index, fragment) in fragments.enumerated() {
            let first = fragment.frames.first?.timecode ?? .min
            #expect(
                index == 0 || first > latest,
                "fragment \(index) begins at \(first), not behind \(latest)"
            )
            latest = max(latest, fragment.frames.map(\.timecode).max() ?? .min)
            #expect(fragments.count == 1 || Set(fragment.frames.map(\.track)) == Set(tracks.map(\.number)))
        }
    }

    @Test func aGroupOfPicturesThatIsTooLongForAFragmentIsSplit() {
        // A key frame, then 45 s without one; two pictures are decoded ahead of those shown before them.
        var times: [Int64] = [0]
        for second in 1...45 as ClosedRange<Int64> { times += [second * 1000, second * 1000 - 500] }
        let frames = times.map { ProducerBody.frame(1, $0, isKey: $0 == 0, size: 2) }
        let result = Self.assemble(frames, tracks: [ProducerBody.video])
        #expect(result.fragments.flatMap(\.frames) == frames)
        #expect(result.fragments.count == 3)
        for (earlier, later) in zip(result.fragments, result.fragments.dropFirst()) {
            let end = earlier.frames.map(\.timecode).max() ?? 0
            #expect(end - earlier.timestamp <= 20_000)
            #expect((later.frames.first?.timecode ?? 0) > end)
        }
    }
}

/// A small generator with a seed, so that a failure can be had again.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
