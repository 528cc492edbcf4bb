import KinesisVideo
import KinesisVideoProducer
import Matroska
import Testing

/// Frames as they come, and what is given out for each.
@Suite struct FragmentBuilderTests {
    private static let video = TrackEntry(number: 1, uid: 1, type: .video, codecID: "V_MJPEG")
    private static let audio = TrackEntry.pcm(number: 2, samplingFrequency: 8000, channels: 1)
    private static let more = TrackEntry.g711(number: 3, law: .aLaw)

    /// Frames out of words such as `V0k A100 V400 V120@80`: track, time, k for a key frame, decode time.
    private static func frames(_ text: String) -> [MediaFrame] {
        text.split(separator: " ").map { word in
            let parts = word.dropFirst().split(separator: "@")
            let track: UInt64 = word.first == "V" ? 1 : word.first == "A" ? 2 : 3
            let decode = parts.count > 1 ? Int64(parts[1].filter { $0 != "k" }) : nil
            return MediaFrame(
                track: track,
                presentationTime: .milliseconds(Int64(parts[0].filter { $0 != "k" }) ?? -1),
                decodeTime: decode.map { .milliseconds($0) },
                isKey: word.last == "k" || track != 1,
                data: [1, 2, 3]
            )
        }
    }

    private static func text(_ parts: [StreamUpload.Part]) -> String {
        parts.map { part in
            switch part {
            case .tracks(let tracks): "T\(tracks.count)"
            case .fragmentStart(let time): "[\(time)"
            case .frame(let frame): "\(["V", "A", "B"][Int(frame.track) - 1])\(frame.timecode)"
            case .metadata(let tag): "\(tag.name)=\(tag.text ?? "")"
            case .endOfFragment: "]"
            }
        }.joined(separator: " ")
    }

    private static func definition(_ tracks: [TrackEntry] = [video]) -> StreamDefinition {
        StreamDefinition(name: "test", tracks: tracks)
    }

    private static func build(_ text: String, _ definition: StreamDefinition) throws -> [String] {
        var builder = try FragmentBuilder(definition)
        return try frames(text).map { Self.text(try builder.put($0)) } + [Self.text(builder.finish())]
    }

    @Test func aFrameThatIsNotReorderedIsGivenOutAtOnce() throws {
        let given = try Self.build("V0k V40 V400k V440", Self.definition())
        #expect(given == ["T1 [0 V0", "V40", "[400 V400", "V440", "]"])
    }

    @Test func theStartOfAnOpenGroupIsTheTimeOfItsLeadingPictures() throws {
        // V400k is decoded at 280, and V320 and V360 are shown ahead of it.
        let given = try Self.build("V0@0k V200@40 V400@280k V320@320 V360@360 V440@400", Self.definition())
        #expect(given == ["T1 [0 V0", "V200", "", "[320 V400 V320", "V360", "V440", "]"])
    }

    @Test(arguments: [
        // What is decoded first goes out first, whichever track it was put on.
        ("V0k V40 A10 V80 A50 A90", "T2 [0 V0 A10 V40 A50 V80 A90 ]"),
        // The later of two at the same moment is a millisecond later.
        ("V0k A0 V40 A40", "T2 [0 V0 A1 V40 A41 ]"),
        // A fragment without sound is joined with the next.
        (
            "V0k A0 V400k A900 V800k V1200k A1300",
            "T2 [0 V0 A1 [400 V400 V800 A900 [1200 V1200 A1300 ]"
        ),
    ])
    func tracksAreInterleavedByDecodeTime(input: String, expected: String) throws {
        let given = try Self.build(input, Self.definition([Self.video, Self.audio]))
        #expect(given.filter { !$0.isEmpty }.joined(separator: " ") == expected)
    }

    @Test func threeTracksAreTakenAndAFourthIsNot() throws {
        let tracks = [Self.video, Self.audio, Self.more]
        let given = try Self.build("V0k A0 B0 V40 A40 B40", Self.definition(tracks))
        #expect(given.filter { !$0.isEmpty }.joined(separator: " ") == "T3 [0 V0 A1 B2 V40 A41 B42 ]")
        let fourth = TrackEntry.pcm(number: 4, samplingFrequency: 8000, channels: 1)
        #expect(throws: ProducerError.self) { try FragmentBuilder(Self.definition(tracks + [fourth])) }
    }

    @Test func aTrackThatIsSilentHoldsTheOthersForSixtyFrames() throws {
        var builder = try FragmentBuilder(Self.definition([Self.video, Self.audio]))
        var given = 0
        for index in 0..<100 {
            let frame = MediaFrame(
                presentationTime: .milliseconds(index * 10),
                isKey: index == 0,
                data: [1]
            )
            given += try builder.put(frame).count { if case .frame = $0 { true } else { false } }
        }
        #expect(given == 40)
    }

    @Test func framesAheadOfAKeyFrameAreDroppedAndCounted() throws {
        var builder = try FragmentBuilder(Self.definition())
        for frame in Self.frames("V0 V40 V80k V120") { _ = try builder.put(frame) }
        #expect(builder.takeDrops().map(\.reason) == [.noKeyFrame, .noKeyFrame])
        #expect(Self.text(try builder.endFragment()) == "]")
        #expect(throws: ProducerError.noOpenFragment) { try builder.endFragment() }
        let after = try Self.frames("V160 V200k").map { Self.text(try builder.put($0)) }
        #expect(after == ["", "[200 V200"])
        #expect(builder.takeDrops().map(\.timecode) == [160])
    }

    @Test func fragmentsByTimeWaitForTheFirstKeyFrameBehindTheirLength() throws {
        var definition = Self.definition()
        definition.fragmentsAtKeyFrames = false
        let given = try Self.build("V0k V1000k V1900 V2100k V2200k", definition)
        #expect(given == ["T1 [0 V0", "V1000", "V1900", "[2100 V2100", "V2200", "]"])
        var builder = try FragmentBuilder(definition)
        #expect(throws: ProducerError.fragmentsAreTimed) { try builder.endFragment() }
    }

    @Test func aGroupOfPicturesThatIsTooLongIsSplitAndCounted() throws {
        var builder = try FragmentBuilder(Self.definition())
        var starts: [UInt64] = []
        for second in 0..<50 {
            let frame = MediaFrame(presentationTime: .seconds(second), isKey: second == 0, data: [1])
            for case .fragmentStart(let time) in try builder.put(frame) { starts.append(time) }
        }
        #expect(starts == [0, 20_000, 40_000])
        #expect(builder.splitFragments == 2)
    }

    @Test func metadataTrailsItsFragmentAndWhatIsPersistentStays() throws {
        var builder = try FragmentBuilder(Self.definition())
        var given = ""
        func put(_ words: String) throws {
            for frame in Self.frames(words) { given += Self.text(try builder.put(frame)) + " " }
        }
        try builder.putMetadata("place", "yard", isPersistent: true)
        try put("V0k V40")
        try builder.putMetadata("event", "door")
        try put("V400k")
        try builder.putMetadata("place", "roof", isPersistent: true)
        try put("V800k")
        try builder.putMetadata("place", "", isPersistent: true)
        try builder.putMetadata("last", "yes")
        given += Self.text(builder.finish())
        #expect(
            given == "T1 [0 V0 V40 place=yard event=door [400 V400 place=roof [800 V800 last=yes ]"
        )
    }

    @Test(arguments: [
        ("", "x"), (String(repeating: "n", count: 129), "x"), ("AWS_THING", "x"),
        ("name", String(repeating: "v", count: 257)),
    ])
    func metadataThatTheServiceWouldRefuseIsRefusedWhenItIsPut(name: String, value: String) throws {
        var builder = try FragmentBuilder(Self.definition())
        #expect(throws: ProducerError.self) { try builder.putMetadata(name, value) }
    }

    @Test func theEleventhItemOfAFragmentIsRefused() throws {
        var builder = try FragmentBuilder(Self.definition())
        for index in 0..<10 { try builder.putMetadata("n\(index)", "v", isPersistent: index < 4) }
        #expect(throws: ProducerError.self) { try builder.putMetadata("n", "v") }
        // The same name again takes no new place.
        try builder.putMetadata("n0", "w", isPersistent: true)
        _ = try Self.frames("V0k V400k").map { try builder.put($0) }
        for index in 0..<6 { try builder.putMetadata("m\(index)", "v") }
        #expect(throws: ProducerError.self) { try builder.putMetadata("m", "v") }
    }

    @Test func eventsAreSaidOnceAndDoNotCountTowardsTheTenItems() throws {
        var builder = try FragmentBuilder(Self.definition())
        for index in 0..<10 { try builder.putMetadata("n\(index)", "v") }
        for _ in 0..<2 { try builder.putEvent(.imageGeneration(prefix: "door")) }
        try builder.putEvent(.notification)
        #expect(throws: ProducerError.self) {
            try builder.putEvent(.imageGeneration(prefix: String(repeating: "p", count: 257)))
        }
        let parts = try Self.frames("V0k V400k").flatMap { try builder.put($0) }
        let names = parts.compactMap { part in if case .metadata(let tag) = part { tag.name } else { nil } }
        #expect(
            names.dropFirst(10) == [
                "AWS_KINESISVIDEO_IMAGE_GENERATION", "AWS_KINESISVIDEO_IMAGE_PREFIX",
                "AWS_KINESISVIDEO_NOTIFICATION",
            ]
        )
        #expect(!builder.finish().contains { if case .metadata = $0 { true } else { false } })
    }

    @Test func aFrameOfAnUndeclaredTrackIsRefused() throws {
        var builder = try FragmentBuilder(Self.definition())
        #expect(throws: ProducerError.unknownTrack(2)) { try builder.put(Self.frames("A0")[0]) }
    }

    @Test func soundAloneIsCutByTime() throws {
        let given = try Self.build("A0 A1000 A2000 A3000 A4000", Self.definition([Self.audio]))
        #expect(given == ["T1 [0 A0", "A1000", "[2000 A2000", "A3000", "[4000 A4000", "]"])
    }
}
