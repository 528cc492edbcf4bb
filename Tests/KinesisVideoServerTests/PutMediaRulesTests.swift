import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import Matroska
import NIOCore
import Testing

/// What a body is refused for: 03 PutMedia, "Error ids" and "MKV rules".
@Suite struct PutMediaRulesTests {
    private static func body(
        tracks: [TrackEntry] = [ProducerBody.video],
        timestampScale: UInt64 = 1_000_000,
        _ write: (inout ProducerBody) throws -> Void
    ) rethrows -> [UInt8] {
        var body = ProducerBody(tracks: tracks, timestampScale: timestampScale)
        body.header()
        try write(&body)
        return body.bytes
    }

    @Test func aFragmentOfMoreThan50MegabytesIsRefused() throws {
        let start = try Self.body { try $0.cluster(at: 0, []) }
        let writer = SegmentWriter(tracks: [], uid: [])
        let block = ByteBuffer(
            bytes: try writer.block(ProducerBody.frame(1, 0, size: 1_000_000), clusterTimestamp: 0)
        )
        var ingest = PutMediaIngest(timecodeType: .absolute, startTimestamp: Timestamp(milliseconds: 0))
        var result = IngestedFragment.Result()
        result.take(ingest.read(ByteBuffer(bytes: start)))
        for _ in 0..<49 {
            for action in ingest.read(block) { if case .fail = action { result.take([action]) } }
        }
        #expect(result.failure == nil)
        result.take(ingest.read(block))
        #expect(result.failure == .fragmentTooLarge)
        #expect(ingest.read(block).isEmpty)
        #expect(ingest.finish().isEmpty)
    }

    private static let timecodeEnds: [UInt64] = [.max, .max / 2, 1 << 63]
    private static let scaleEnds: [UInt64] = [.max, 1 << 63, 1, 0]

    /// No product of what a body says may be too large for the arithmetic.
    @Test(arguments: timecodeEnds, scaleEnds)
    func numbersAtTheirEndsGiveNoTime(timecode: UInt64, timestampScale: UInt64) throws {
        let body = try Self.body(timestampScale: timestampScale) { try $0.cluster(at: timecode, []) }
        for type in [PutMediaIngest.TimecodeType.absolute, .relative] {
            var ingest = PutMediaIngest(timecodeType: type, startTimestamp: Timestamp(milliseconds: 1))
            let actions = ingest.read(ByteBuffer(bytes: body)) + ingest.finish()
            let failures = actions.compactMap { action -> IngestionError? in
                if case .fail(let error, _, _) = action { error } else { nil }
            }
            #expect(failures.allSatisfy { $0 == .invalidProducerTimestamp || $0 == .invalidMedia })
            #expect(!failures.isEmpty || timestampScale < 2, "\(actions)")
        }
    }

    @Test func anErrorOfItsTimeNamesTheFragment() throws {
        let body = try Self.body { try $0.videoCluster(at: 4_102_444_800_000) }
        var ingest = PutMediaIngest(timecodeType: .absolute, startTimestamp: Timestamp(milliseconds: 0))
        let actions = ingest.read(ByteBuffer(bytes: body))
        guard case .fail(.invalidProducerTimestamp, _, 4_102_444_800_000)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
    }

    /// The element alone is more than a fragment may have, whoever waits for its bytes.
    @Test func aBlockLargerThanAFragmentIsRefusedByItsHead() throws {
        let start = try Self.body { try $0.cluster(at: 0, [ProducerBody.frame(1, 0, isKey: true)]) }
        let result = IngestedFragment.ingest(start + [0xA3, 0x08, 0x42, 0xC1, 0xD8, 0x00])
        #expect(result.failure == .fragmentTooLarge || result.failure == .invalidMedia)
        let large = IngestedFragment.ingest(start + [0xA3, 0x01, 0, 0, 0, 0x04, 0x2C, 0x1D, 0x80])
        #expect(large.failure == .fragmentTooLarge)
    }

    @Test(arguments: [(50, true), (51, false)])
    func theSizeCountsWhereTheWholeBodyComesAtOnce(megabytes: Int, isTaken: Bool) throws {
        let frames = (0..<Int64(megabytes)).map { ProducerBody.frame(1, $0, isKey: true, size: 999_000) }
        let result = IngestedFragment.ingest(
            try Self.body {
                try $0.cluster(at: 0, frames)
                try $0.videoCluster(at: 1000)
            }
        )
        #expect((result.failure == .fragmentTooLarge) == !isTaken)
        #expect(result.complete.count == (isTaken ? 2 : 0))
    }

    /// Muxers of live media write any size for a Segment that has not ended.
    @Test(arguments: [-1, 1, 1_000_000])
    func aSegmentMayEndBeforeOrBehindItsSize(more: Int) throws {
        let whole = try Self.body {
            try $0.videoCluster(at: 0)
            try $0.videoCluster(at: 1000)
        }
        let id = try #require(whole.indices.first { whole[$0...].starts(with: [0x18, 0x53, 0x80, 0x67]) })
        // An unknown size of one byte or eight stands behind the id.
        let start = id + 4 + (whole[id + 4] == 0x01 ? 8 : 1)
        let length = whole.count - start + more
        let size = [0x01] + (0..<7).reversed().map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        let result = IngestedFragment.ingest(Array(whole[..<(id + 4)]) + size + whole[start...])
        #expect(result.failure == nil)
        #expect(result.complete.count == 2)
    }

    @Test func metadataBesideAnEndOfFragmentTagStaysWithItsFragment() throws {
        let result = IngestedFragment.ingest(
            try Self.body {
                try $0.videoCluster(at: 0)
                $0.append(SegmentWriter.tags([Tag("user", "1"), Tag(ServiceTags.endOfFragment, "")]))
                try $0.videoCluster(at: 1000)
            }
        )
        #expect(result.failure == nil)
        #expect(result.complete.count == 2)
        let first = try #require(result.complete.first).bytes
        #expect(first.suffix(200).contains(Array("user".utf8)))
        #expect(!first.contains(Array(ServiceTags.endOfFragment.utf8)))
    }

    @Test func aFragmentOfMoreThanTwentySecondsIsRefused() throws {
        func last(_ time: Int64) throws -> IngestedFragment.Result {
            IngestedFragment.ingest(
                try Self.body {
                    try $0.cluster(
                        at: 0,
                        [ProducerBody.frame(1, 0, isKey: true), ProducerBody.frame(1, time)]
                    )
                }
            )
        }
        #expect(try last(20_000).complete.map(\.end) == [.complete(length: 20_000, frameCount: 2)])
        #expect(try last(20_001).failure == .fragmentTooLong)
    }

    @Test(arguments: [(0, false), (79, false), (80, false), (81, true)] as [(UInt64, Bool)])
    func aFragmentMustBeginBehindTheEndOfTheOneBefore(timestamp: UInt64, isAccepted: Bool) throws {
        let result = IngestedFragment.ingest(
            try Self.body {
                try $0.videoCluster(at: 0)
                try $0.videoCluster(at: timestamp)
            }
        )
        #expect(result.failure == (isAccepted ? nil : .timecodeNotIncreasing))
        #expect(result.complete.count == (isAccepted ? 2 : 1))
    }

    @Test func theEndOfAFragmentIsItsLatestBlockNotItsLast() throws {
        let reordered: [(Int64, Bool)] = [(0, true), (120, false), (40, false), (80, false)]
        let result = IngestedFragment.ingest(
            try Self.body {
                try $0.cluster(at: 0, reordered.map { ProducerBody.frame(1, $0.0, isKey: $0.1) })
                try $0.videoCluster(at: 100)
            }
        )
        #expect(result.complete.map(\.end) == [.complete(length: 120, frameCount: 4)])
        #expect(result.failure == .timecodeNotIncreasing)
    }

    @Test func aSecondDocumentIsRefused() throws {
        let once = try Self.body { try $0.videoCluster(at: 0) }
        let result = IngestedFragment.ingest(once + once)
        #expect(result.failure == .invalidMedia)
    }

    @Test func aSecondTracksIsRefused() throws {
        let once = try Self.body { try $0.videoCluster(at: 0) }
        var writer = EBMLWriter()
        writer.write(.tracks) { $0.write(ProducerBody.video) }
        #expect(IngestedFragment.ingest(once + writer.bytes).failure == .invalidMedia)
    }

    @Test func aClusterWithoutTracksIsRefused() throws {
        var ebml = EBMLWriter()
        ebml.writeDocumentHeader()
        ebml.beginUnknownSize(.segment)
        var body = ProducerBody()
        body.append(ebml.bytes)
        try body.videoCluster(at: 0)
        let result = IngestedFragment.ingest(body.bytes)
        #expect(result.failure == .invalidMedia)
        #expect(result.fragments.isEmpty)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "\u{0}\u{0}\u{0}\u{18}ftypisom", "{}", "not media at all, only words",
    ])
    func aBodyThatIsNoMatroskaIsRefused(text: String) {
        #expect(IngestedFragment.ingest(Array(text.utf8)).failure == .invalidMedia)
    }

    @Test func aBodyThatBeginsWithAnotherElementIsRefusedAtOnce() {
        var ingest = PutMediaIngest(timecodeType: .absolute, startTimestamp: Timestamp(milliseconds: 0))
        // A Void of 100 bytes of which only the id has come.
        let actions = ingest.read(ByteBuffer(bytes: [0xEC, 0xE4, 0, 0, 0, 0, 0, 0, 0, 0]))
        guard case .fail(.invalidMedia, _, _)? = actions.first else {
            Issue.record("expected a failure, got \(actions)")
            return
        }
    }

    @Test func everyCutInsideTheHeaderIsRefused() throws {
        let whole = Self.body { _ in }
        // Where nothing is missing but a Cluster: ahead of Info, ahead of Tracks and at the end.
        let ids: [[UInt8]] = [[0x15, 0x49, 0xA9, 0x66], [0x16, 0x54, 0xAE, 0x6B]]
        let boundaries = try ids.map { try #require(whole.firstRange(of: $0)).lowerBound } + [whole.count]
        for length in 1...whole.count {
            let result = IngestedFragment.ingest(Array(whole[..<length]))
            let expected = boundaries.contains(length) ? nil : IngestionError.invalidMedia
            #expect(result.failure == expected, "prefix of \(length) bytes")
            #expect(result.fragments.isEmpty)
        }
    }

    @Test func producerTimestampsOutsideOf1970To2099AreRefused() throws {
        func failure(_ timestamp: UInt64, _ type: PutMediaIngest.TimecodeType, start: Int64 = 0) throws
            -> IngestionError?
        {
            let body = try Self.body { try $0.videoCluster(at: timestamp) }
            return IngestedFragment.ingest(body, type, start: Timestamp(milliseconds: start)).failure
        }
        #expect(try failure(4_102_444_799_999, .absolute) == nil)
        #expect(try failure(4_102_444_800_000, .absolute) == .invalidProducerTimestamp)
        #expect(try failure(0, .relative, start: -1) == .invalidProducerTimestamp)
        #expect(try failure(5000, .relative, start: -1) == .invalidProducerTimestamp)
        #expect(try failure(0, .absolute, start: -1) == nil)
        #expect(try failure(1, .relative, start: 4_102_444_799_999) == .invalidProducerTimestamp)
    }

    @Test func relativeTimesCountFromTheStartAndAbsoluteOnesDoNot() throws {
        let body = try Self.body { try $0.videoCluster(at: 5000) }
        let start = Timestamp(milliseconds: 1_763_820_196_480)
        let relative = IngestedFragment.ingest(body, .relative, start: start).complete
        #expect(relative.map(\.producerTimestamp) == [Timestamp(milliseconds: 1_763_820_201_480)])
        #expect(relative.map(\.timecode) == [5000])
        let absolute = IngestedFragment.ingest(body, .absolute, start: start).complete
        #expect(absolute.map(\.producerTimestamp) == [Timestamp(milliseconds: 5000)])
    }

    @Test func ticksAreScaledToMillisecondsAndFloored() throws {
        let frames = [ProducerBody.frame(1, 12_345, isKey: true), ProducerBody.frame(1, 22_345)]
        // A tick is 100 µs.
        let body = try Self.body(timestampScale: 100_000) { try $0.cluster(at: 12_345, frames) }
        let fragments = IngestedFragment.ingest(body).complete
        #expect(fragments.map(\.producerTimestamp) == [Timestamp(milliseconds: 1234)])
        #expect(fragments.map(\.timecode) == [12_345])
        #expect(fragments.map(\.end) == [.complete(length: 1000, frameCount: 2)])
    }

    @Test func aBlockOfAnUndeclaredTrackIsRefused() throws {
        let result = IngestedFragment.ingest(
            try Self.body {
                try $0.cluster(at: 0, [ProducerBody.frame(1, 0, isKey: true), ProducerBody.frame(2, 0)])
            }
        )
        #expect(result.failure == .trackMismatch)
        let undeclared = try Self.body(tracks: []) { try $0.videoCluster(at: 0) }
        #expect(IngestedFragment.ingest(undeclared).failure == .trackMismatch)
    }

    @Test func aFragmentNeedsAFrameOfEveryTrack() throws {
        let body = try Self.body(tracks: [ProducerBody.video, ProducerBody.audio]) {
            try $0.videoCluster(at: 0)
        }
        #expect(IngestedFragment.ingest(body).failure == .framesMissing)
        let empty = try Self.body { try $0.cluster(at: 0, []) }
        #expect(IngestedFragment.ingest(empty).failure == .framesMissing)
    }

    @Test(arguments: [(3, true), (4, false)])
    func aStreamHasThreeTracksAtMost(count: Int, isAccepted: Bool) throws {
        let tracks = (1...UInt64(count)).map { TrackEntry(number: $0, type: .video, codecID: "V_TEST") }
        let body = try Self.body(tracks: tracks) { body in
            try body.cluster(at: 0, tracks.map { ProducerBody.frame($0.number, 0, isKey: true) })
        }
        #expect(IngestedFragment.ingest(body).failure == (isAccepted ? nil : .tooManyTracks))
    }

    @Test func moreTracksThanAreReadAreTooManyAsWell() {
        let tracks = (1...UInt64(1025)).map { TrackEntry(number: $0, type: .video, codecID: "V_TEST") }
        var body = ProducerBody(tracks: tracks)
        body.header()
        #expect(IngestedFragment.ingest(body.bytes).failure == .tooManyTracks)
    }

    /// The header of the chunks holds the scale that all of their times are read with.
    @Test(arguments: [1_000_000, 500_000] as [UInt32]) func theTimestampScaleStaysBehindTheClusters(
        scale: UInt32
    ) throws {
        let bytes = (0..<4).reversed().map { UInt8(truncatingIfNeeded: scale >> ($0 * 8)) }
        let info: [UInt8] = [0x15, 0x49, 0xA9, 0x66, 0x88, 0x2A, 0xD7, 0xB1, 0x84] + bytes
        var body = ProducerBody()
        body.header()
        var ahead = body
        try body.videoCluster(at: 0)
        body.append(info)
        try body.videoCluster(at: 4000)
        #expect(IngestedFragment.ingest(body.bytes).failure == (scale == 1_000_000 ? nil : .invalidMedia))
        ahead.append(info)
        try ahead.videoCluster(at: 0)
        #expect(IngestedFragment.ingest(ahead.bytes).failure == nil)
    }
}

/// Limits of fragment metadata: 03 PutMedia, "Fragment metadata".
@Suite struct PutMediaMetadataTests {
    private static func failure(_ items: [(String, String)], ahead: Bool = false) throws -> IngestionError? {
        var body = ProducerBody()
        body.header()
        if ahead { for (name, value) in items { body.tag(name, value) } }
        try body.videoCluster(at: 0)
        if !ahead { for (name, value) in items { body.tag(name, value) } }
        return IngestedFragment.ingest(body.bytes).failure
    }

    @Test func tenItemsAreTheMost() throws {
        let items = (0..<11).map { ("name\($0)", "value") }
        #expect(try Self.failure(Array(items[..<10])) == nil)
        #expect(try Self.failure(items) == .metadataLimit)
    }

    @Test func tagsAheadOfTheFirstClusterDoNotCount() throws {
        #expect(try Self.failure((0..<30).map { ("name\($0)", "value") }, ahead: true) == nil)
    }

    @Test func reservedNamesDoNotCount() throws {
        let items = (0..<10).map { ("name\($0)", "value") }
        #expect(
            try Self.failure(
                items + [("AWS_KINESISVIDEO_IMAGE_GENERATION", ""), ("AWS_KINESISVIDEO_NOTIFICATION", "")]
            ) == nil
        )
    }

    @Test func eachFragmentCountsForItself() throws {
        var body = ProducerBody()
        body.header()
        for start in [UInt64(0), 1000] {
            try body.videoCluster(at: start)
            for index in 0..<10 { body.tag("name\(index)", "value") }
        }
        #expect(IngestedFragment.ingest(body.bytes).failure == nil)
    }

    @Test func tagsWithTargetsAreOfTheFileAndNeverCount() throws {
        var body = ProducerBody()
        body.header()
        try body.videoCluster(at: 0)
        // Tags { Tag { Targets {}, SimpleTag { TagName "n" } } }, twenty times.
        let simple: [UInt8] = [0x67, 0xC8, 0x84, 0x45, 0xA3, 0x81, 0x6E]
        let tag: [UInt8] = [0x73, 0x73, UInt8(0x80 + 3 + simple.count), 0x63, 0xC0, 0x80] + simple
        for _ in 0..<20 { body.append([0x12, 0x54, 0xC3, 0x67, UInt8(0x80 + tag.count)] + tag) }
        #expect(IngestedFragment.ingest(body.bytes).failure == nil)
    }

    @Test(arguments: [(128, 256, true), (129, 1, false), (1, 257, false)])
    func namesAndValuesHaveALongestLength(name: Int, value: Int, isAccepted: Bool) throws {
        let item = (String(repeating: "n", count: name), String(repeating: "v", count: value))
        #expect(try Self.failure([item]) == (isAccepted ? nil : .metadataLimit))
    }
}
