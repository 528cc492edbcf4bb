import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import Matroska
import NIOCore
import Testing

@Suite struct PutMediaIngestTests {
    /// A connection as the C producer makes it: end-of-fragment tags ahead of and behind each Cluster, and metadata.
    private static func likeTheCProducer() throws -> [UInt8] {
        var body = ProducerBody()
        body.header()
        body.tag(ServiceTags.endOfFragment, "")
        for index in 0..<3 {
            try body.videoCluster(at: 1_763_820_196_000 + UInt64(index) * 1000)
            body.tag("place", "gate \(index)")
            body.tag(ServiceTags.endOfFragment, "")
        }
        return body.bytes
    }

    /// Clusters that only the next one ends, sound among the pictures, B frames, padding.
    private static func likeAMuxer() throws -> [UInt8] {
        var body = ProducerBody(tracks: [ProducerBody.video, ProducerBody.audio])
        body.header()
        body.append(void(9))
        for start in stride(from: Int64(0), to: 4000, by: 1000) {
            try body.cluster(
                at: UInt64(start),
                [(1, 0, true), (2, 10, true), (1, 80, false), (1, 40, false), (2, 60, true)].map {
                    track,
                    time,
                    key in
                    ProducerBody.frame(track, start + time, isKey: key)
                }
            )
            body.append(void(5))
        }
        return body.bytes
    }

    private static func void(_ size: Int) -> [UInt8] {
        var writer = EBMLWriter()
        writer.write(.void, [UInt8](repeating: 0, count: size))
        return writer.bytes
    }

    @Test func anySplitOfAProducersBodyGivesTheSameFragments() throws {
        for body in [try Self.likeTheCProducer(), try Self.likeAMuxer()] {
            #expect(firstDifferingSplit(of: body) { [IngestedFragment.ingest($0)] } == nil)
        }
    }

    @Test(arguments: [
        [UInt8](repeating: 0xAA, count: 50), Array("{\"not\":\"media\"}".utf8),
        [0x1A, 0x45, 0xDF, 0xA3, 0x81],
    ])
    func anySplitOfGarbageBehindGoodMediaGivesTheSameResult(garbage: [UInt8]) throws {
        let body = try Self.likeTheCProducer() + garbage
        #expect(IngestedFragment.ingest(body).failure == .invalidMedia)
        #expect(
            firstDifferingSplit(of: body, maximumCuts: 200) { [IngestedFragment.ingest($0).settled] } == nil
        )
    }

    @Test func everyClusterBecomesOneFragmentWithItsBytesAsSent() throws {
        let result = IngestedFragment.ingest(try Self.likeAMuxer())
        #expect(result.failure == nil)
        #expect(result.fragments.map(\.timecode) == [0, 1000, 2000, 3000])
        #expect(
            result.fragments.map(\.end) == .init(repeating: .complete(length: 80, frameCount: 5), count: 4)
        )
        let sent = try Self.likeAMuxer()
        let first = try #require(sent.firstRange(of: [0x1F, 0x43, 0xB6, 0x75]))
        #expect(result.fragments.flatMap(\.bytes) == Array(sent[first.lowerBound...]))
    }

    @Test func anEndOfFragmentTagCompletesTheFragmentAtOnceAndIsNotKept() throws {
        var body = ProducerBody()
        body.header()
        try body.videoCluster(at: 5000)
        let cluster = body.bytes
        body.tag(ServiceTags.endOfFragment, "")
        var ingest = PutMediaIngest(timecodeType: .absolute, startTimestamp: Timestamp(milliseconds: 0))
        var result = IngestedFragment.Result()
        result.take(ingest.read(ByteBuffer(bytes: cluster)))
        #expect(result.fragments.map(\.end) == [.open])
        result.take(ingest.read(ByteBuffer(bytes: body.bytes[cluster.count...])))
        #expect(result.fragments.map(\.end) == [.complete(length: 80, frameCount: 3)])
        #expect(cluster.suffix(result.fragments[0].bytes.count) == result.fragments[0].bytes[...])
        #expect(ingest.finish().isEmpty)
    }

    @Test(arguments: [
        [UInt8](), ProducerBody.tags(("AWS_KINESISVIDEO_END_OF_FRAGMENT", "")),
        ProducerBody.tags(("a", "b"), ("c", "d")),
    ])
    func bodiesOfNothingButTagsAreQuiet(body: [UInt8]) {
        #expect(IngestedFragment.ingest(body) == IngestedFragment.Result())
        #expect(firstDifferingSplit(of: body) { [IngestedFragment.ingest($0)] } == nil)
    }

    @Test func aClusterThatEndsBetweenTwoElementsIsWholeAtTheEndOfTheBody() throws {
        var body = ProducerBody()
        body.header()
        try body.videoCluster(at: 0)
        #expect(IngestedFragment.ingest(body.bytes).complete.count == 1)
        let cut = IngestedFragment.ingest(body.bytes.dropLast())
        #expect(cut.complete.isEmpty)
        #expect(cut.failure == .invalidMedia)
    }
}

extension ProducerBody {
    /// A body of Tags alone.
    static func tags(_ items: (String, String)...) -> [UInt8] {
        var body = ProducerBody()
        for (name, value) in items { body.tag(name, value) }
        return body.bytes
    }
}
