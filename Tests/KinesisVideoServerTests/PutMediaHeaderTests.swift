import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

/// Which bytes of a body stand ahead of the Cluster in which chunk: 03 PutMedia, "Which bytes belong to which chunk".
@Suite struct PutMediaHeaderTests {
    private static let segment: [UInt8] = [0x18, 0x53, 0x80, 0x67]
    private static let unknown: [UInt8] = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]

    /// EBML header, and Info with Tracks, without the Segment's own header.
    private static func parts() throws -> (ebml: [UInt8], rest: [UInt8]) {
        var body = ProducerBody()
        body.header()
        let place = try #require(body.bytes.firstRange(of: segment))
        return (Array(body.bytes[..<place.lowerBound]), Array(body.bytes[(place.upperBound + 1)...]))
    }

    private static func clusters(_ count: Int) throws -> [UInt8] {
        var body = ProducerBody()
        for index in 0..<count { try body.videoCluster(at: UInt64(index) * 1000) }
        return body.bytes
    }

    @Test(
        arguments: [
            [0xFF], [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], nil,
        ] as [[UInt8]?]
    )
    func theSegmentBecomesOfUnknownSizeInEightBytes(size: [UInt8]?) throws {
        let (ebml, rest) = try Self.parts()
        let content = rest + (try Self.clusters(2))
        // A known size in four bytes, where none is given.
        let known = (0..<4).map { UInt8(truncatingIfNeeded: (content.count | 0x1000_0000) >> (24 - 8 * $0)) }
        let result = IngestedFragment.ingest(ebml + Self.segment + (size ?? known) + content)
        #expect(result.failure == nil)
        let expected = ebml + Self.segment + Self.unknown + rest
        #expect(result.complete.map(\.header) == [expected, expected])
    }

    @Test func tagsAheadOfTracksBelongToTheFirstChunkOnly() throws {
        let (ebml, rest) = try Self.parts()
        let early = ProducerBody.tags(("site", "early"))
        let late = ProducerBody.tags(("site", "late"))
        let body = ebml + Self.segment + [0xFF] + early + rest + late + (try Self.clusters(3))
        let result = IngestedFragment.ingest(body)
        let head = ebml + Self.segment + Self.unknown
        #expect(
            result.complete.map(\.header) == [
                head + early + rest + late, head + rest + late, head + rest + late,
            ]
        )
    }

    @Test func endOfFragmentTagsAheadOfTheClustersAreDropped() throws {
        let (ebml, rest) = try Self.parts()
        let end = ProducerBody.tags((ServiceTags.endOfFragment, ""))
        let body = ebml + Self.segment + [0xFF] + end + rest + end + (try Self.clusters(2))
        let expected = ebml + Self.segment + Self.unknown + rest
        #expect(IngestedFragment.ingest(body).complete.map(\.header) == [expected, expected])
    }

    @Test func tagsAheadOfTheDocumentAreDropped() throws {
        let (ebml, rest) = try Self.parts()
        let body =
            ProducerBody.tags((ServiceTags.endOfFragment, "")) + ebml + Self.segment + [0xFF] + rest
            + (try Self.clusters(1))
        #expect(
            IngestedFragment.ingest(body).complete.map(\.header) == [
                ebml + Self.segment + Self.unknown + rest
            ]
        )
    }

    @Test func tagsBehindAClusterBelongToTheChunkBefore() throws {
        var body = ProducerBody()
        body.header()
        try body.videoCluster(at: 0)
        body.tag("place", "first")
        try body.videoCluster(at: 1000)
        body.tag("place", "second")
        let chunks = IngestedFragment.ingest(body.bytes).complete
        #expect(chunks.map(\.bytes).map { $0.firstRange(of: Array("first".utf8)) != nil } == [true, false])
        #expect(chunks.map(\.bytes).map { $0.firstRange(of: Array("second".utf8)) != nil } == [false, true])
    }
}
