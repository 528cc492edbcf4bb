import Foundation
import KinescopeTesting
import Matroska
import Testing

@Suite struct SegmentReaderTests {
    /// Everything a reader gives for an input that arrives in parts.
    private static func events(_ parts: [ArraySlice<UInt8>]) -> [SegmentEvent] {
        var reader = SegmentReader(verifiesChecksums: true)
        var events: [SegmentEvent] = []
        for part in parts { events += reader.read(Array(part).span) }
        return events + reader.finish()
    }

    @Test(arguments: Captures.files(in: Captures.hostile))
    func anySplitOfHostileInputGivesTheSameEvents(file: URL) throws {
        let bytes = try Captures.bytes(file)
        #expect(firstDifferingSplit(of: bytes, maximumCuts: 800, read: Self.events) == nil)
    }

    @Test(arguments: ["getmedia-mixed-tags", "getmedia-blockgroup-lacing", "getmedia-error", "h264-aac"])
    func anySplitOfSoundInputGivesTheSameEvents(name: String) throws {
        let bytes = try Captures.bytes(Captures.made.appending(path: "\(name).mkv"))
        #expect(firstDifferingSplit(of: bytes, maximumCuts: 300, read: Self.events) == nil)
    }

    @Test(arguments: ["good", "good-unknown-cluster", "lace-ebml", "crc-right", "void-between"])
    func everyPrefixGivesAPrefixOfTheEvents(name: String) throws {
        let bytes = try Captures.bytes(Captures.hostile.appending(path: "\(name).mkv"))
        let whole = Self.events([bytes[...]])
        for length in bytes.indices {
            // Input that ends early closes its Cluster or breaks off; what came before must be the same.
            var events = Self.events([bytes[..<length]])
            if case .damage? = events.last { events.removeLast() }
            if events != Array(whole.prefix(events.count)), case .clusterEnd? = events.last {
                events.removeLast()
            }
            #expect(events == Array(whole.prefix(events.count)), "prefix of \(length) bytes")
        }
    }

    @Test func memoryDoesNotFollowDeclaredSizes() {
        var writer = EBMLWriter()
        writer.beginUnknownSize(.segment)
        var reader = SegmentReader()
        let header = SegmentWriter(tracks: [], uid: []).header()
        #expect(reader.read(header.span).contains { if case .damage = $0 { true } else { false } } == false)
        // A Cluster with a SimpleBlock that claims 64 MiB: allowed, but only what arrives may be held.
        let cluster: [UInt8] = [
            0x1F, 0x43, 0xB6, 0x75, 0xFF, 0xE7, 0x81, 0x00, 0xA3, 0x13, 0xF0, 0x00, 0x00, 0x00,
        ]
        _ = reader.read(cluster.span)
        let end = reader.finish()
        guard case .damage(let error)? = end.first else {
            Issue.record("expected a truncated block, got \(end)")
            return
        }
        #expect(error.kind == .truncated)
    }

    @Test func goesOnAtTheNextClusterAfterDamageInsideOne() throws {
        let track = TrackEntry(number: 1, type: .video, codecID: "V_TEST")
        let writer = SegmentWriter(tracks: [track], uid: [UInt8](repeating: 7, count: 16))
        let frame = EncodedFrame(track: 1, timecode: 0, isKey: true, data: [1, 2, 3])
        let sound = writer.clusterStart(timestamp: 0) + (try writer.block(frame, clusterTimestamp: 0))
        let input = writer.header() + sound + [0, 0, 0] + sound
        let events = Self.events([input[...]])
        let frames = events.filter { if case .frame = $0 { true } else { false } }
        #expect(frames.count == 2)
        #expect(events.contains { if case .damage(let error) = $0 { error.kind == .badID } else { false } })
    }
}

@Suite struct SegmentWriterTests {
    @Test func whatIsWrittenIsReadBack() throws {
        let video = TrackEntry(
            number: 1,
            uid: 11,
            type: .video,
            codecID: "V_MPEG4/ISO/AVC",
            codecPrivate: [1, 0x64, 0, 30],
            name: "kvs",
            language: "und",
            defaultDuration: 40_000_000,
            video: .init(width: 640, height: 360)
        )
        let audio = TrackEntry(
            number: 2,
            uid: 12,
            type: .audio,
            codecID: "A_AAC",
            codecPrivate: [0x11, 0x90],
            audio: .init(samplingFrequency: 48_000, channels: 2, bitDepth: 16)
        )
        let writer = SegmentWriter(tracks: [video, audio], uid: [UInt8](repeating: 9, count: 16), title: "t")
        let frames = [
            EncodedFrame(
                track: 1,
                timecode: 1_763_820_196_480,
                isKey: true,
                data: [UInt8](repeating: 5, count: 300)
            ),
            EncodedFrame(track: 2, timecode: 1_763_820_196_470, isKey: true, data: []),
            EncodedFrame(track: 1, timecode: 1_763_820_196_520, isKey: false, isDiscardable: true, data: [1]),
        ]
        var bytes = writer.header() + writer.clusterStart(timestamp: 1_763_820_196_470)
        for frame in frames { bytes += try writer.block(frame, clusterTimestamp: 1_763_820_196_470) }
        bytes += writer.tags(Tag("place", "Zürich"))

        var reader = SegmentReader()
        let events = reader.read(bytes.span) + reader.finish()
        let readFrames = events.compactMap { if case .frame(let frame, _) = $0 { frame } else { nil } }
        #expect(readFrames == frames)
        let tracks = events.compactMap { if case .tracks(let tracks, _) = $0 { tracks } else { nil } }
        #expect(tracks == [[video, audio]])
        let tags = events.compactMap { if case .tags(let tags, _) = $0 { tags } else { nil } }
        #expect(tags == [[Tag("place", "Zürich")]])
    }

    static let readRates: [(Double, Double?)] = [
        (.nan, nil), (.infinity, nil), (-8000, nil), (1e300, 1e300), (44_100.5, 44_100.5),
    ]

    @Test(arguments: readRates)
    func aRateThatCannotBeIsNotTaken(written: Double, read: Double?) {
        let track = TrackEntry(
            number: 1,
            type: .audio,
            codecID: "A_PCM/INT/LIT",
            audio: .init(samplingFrequency: written, channels: 1)
        )
        let bytes = SegmentWriter(tracks: [track], uid: [UInt8](repeating: 9, count: 16)).header()
        var reader = SegmentReader()
        let events = reader.read(bytes.span) + reader.finish()
        let tracks = events.compactMap { if case .tracks(let tracks, _) = $0 { tracks } else { nil } }
        #expect(tracks.first?.first?.audio?.channels == 1)
        #expect(tracks.first?.first?.audio?.samplingFrequency == read)
    }

    static let wholeRates: [(Double, Int32)] = [
        (.nan, 0), (.infinity, .max), (-.infinity, 0), (1e300, .max), (0, 0), (44_100.5, 44_100),
        (2_147_483_646.5, 2_147_483_646),
    ]

    @Test(arguments: wholeRates)
    func aRateIsAWholeNumberOf32Bits(frequency: Double, rate: Int32) {
        #expect(TrackEntry.AudioSettings(samplingFrequency: frequency).sampleRate == rate)
        #expect(TrackEntry.AudioSettings().sampleRate == 0)
    }

    @Test func aFrameTooFarFromItsClusterIsRefused() {
        let writer = SegmentWriter(tracks: [], uid: [])
        let frame = EncodedFrame(track: 1, timecode: 40_000, isKey: true, data: [])
        #expect(throws: MatroskaError.self) { try writer.block(frame, clusterTimestamp: 0) }
    }
}

@Suite struct CRC32Tests {
    @Test func matchesThePublishedCheckValue() {
        #expect(CRC32.checksum(of: Array("123456789".utf8).span) == 0xCBF4_3926)
    }

    @Test func partsGiveTheSameAsTheWhole() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for cut in [0, 1, 7, 8, 9, 500, 999] {
            var crc = CRC32()
            crc.update(Array(bytes[..<cut]).span)
            crc.update(Array(bytes[cut...]).span)
            #expect(crc.value == CRC32.checksum(of: bytes.span))
        }
    }
}
