import Foundation
import KinescopeTesting
import KinesisVideo
import Matroska
import Testing

@Suite struct ChunkReaderTests {
    /// Everything a reader gives for an input that arrives in parts.
    private static func events(_ parts: [ArraySlice<UInt8>]) -> [ChunkEvent] {
        var reader = ChunkReader(verifiesChecksums: true)
        var events: [ChunkEvent] = []
        for part in parts { events += reader.read(Array(part).span) }
        return events + reader.finish()
    }

    private static let described = [Captures.made, Captures.real].flatMap { folder in
        Captures.files(in: folder).filter {
            FileManager.default.fileExists(atPath: ExpectedFile.url(of: $0).path)
        }
    }

    @Test(arguments: described)
    func chunksTagsAndFramesAreThoseOfTheDescription(file: URL) throws {
        let expected = try ExpectedFile(beside: file)
        let found = FoundChunk.chunks(of: Self.events([try Captures.bytes(file)[...]]))
        try #require(found.count == expected.chunks.count)
        for (found, expected) in zip(found, expected.chunks) {
            let summary = found.summary
            #expect(summary.offset == expected.offset)
            #expect(summary.text(of: ServiceTags.fragmentNumber) == expected.fragmentNumber)
            #expect(summary.text(of: ServiceTags.serverTimestamp) == expected.serverTimestamp)
            #expect(summary.text(of: ServiceTags.producerTimestamp) == expected.producerTimestamp)
            #expect(summary.text(of: ServiceTags.continuationToken) == expected.continuationToken)
            #expect(summary.hasContinuationToken == (expected.continuationToken != nil))
            #expect(summary.millisBehindNow == expected.millisBehindNow.flatMap { Int64($0) })
            #expect(summary.inBandError?.code == expected.errorCode)
            #expect(summary.inBandError?.id == expected.errorId.flatMap { Int($0) })
            #expect(summary.clusterCount == expected.clusters.count)
            #expect(summary.timestampScale == expected.info?.timecodeScale ?? 1_000_000)
            #expect(summary.tracks.map(\.number) == expected.tracks.map(\.number))
            #expect(summary.tracks.map(\.codecID) == expected.tracks.map(\.codecId))
            #expect(summary.tags.map(\.name) == expected.tags.map(\.name))
            #expect(summary.tags.map(\.text) == expected.tags.map(\.shownValue))
            #expect(found.frames == expected.frames)
        }
        #expect(found.allSatisfy(\.summary.isComplete) == expected.isComplete)
    }

    @Test(arguments: [
        "getmedia-mixed-tags", "getmedia-error", "getmedia-empty-cluster", "getmedia-backwards",
    ])
    func anySplitGivesTheSameEvents(name: String) throws {
        let bytes = try Captures.bytes(Captures.made.appending(path: "\(name).mkv"))
        #expect(firstDifferingSplit(of: bytes, maximumCuts: 200, read: Self.events) == nil)
    }

    /// Chunks that a tool has joined: one document whose service tags alone tell where a fragment begins.
    @Test func serviceTagsDivideASegmentThatHoldsSeveralFragments() throws {
        var body = ProducerBody()
        body.header()
        let numbers = (1...3).compactMap {
            FragmentNumber("9134385233318143239268206260774392014615916939\($0)")
        }
        for (index, number) in numbers.enumerated() {
            let timestamp = Timestamp(milliseconds: Int64(index) * 2000)
            let metadata = FragmentMetadata(
                number: number,
                serverTimestamp: timestamp,
                producerTimestamp: timestamp
            )
            body.append(ChunkComposer.fragmentTags(metadata))
            try body.videoCluster(at: UInt64(index) * 2000)
            body.append(ChunkComposer.progressTags(metadata, now: timestamp))
        }
        let chunks = FoundChunk.chunks(of: Self.events([body.bytes[...]]))
        #expect(chunks.map(\.summary.metadata?.number) == numbers)
        #expect(chunks.map(\.frames.count) == [3, 3, 3])
        #expect(
            chunks.allSatisfy { $0.summary.tracks == [ProducerBody.video] && $0.summary.hasContinuationToken }
        )
    }

    @Test func aChunkIsCompleteWithItsLastTagAndNotBefore() throws {
        let bytes = try Captures.bytes(Captures.made.appending(path: "getmedia-av.mkv"))
        let whole = Self.events([bytes[...]])
        let ends = whole.compactMap { if case .completed(_, let end) = $0 { Int(end) } else { nil } }
        #expect(ends.count == 6)
        for end in ends {
            func completed(_ length: Int) -> Int {
                var reader = ChunkReader()
                return reader.read(Array(bytes[..<length]).span).count {
                    if case .completed = $0 { true } else { false }
                }
            }
            #expect(completed(end) == completed(end - 1) + 1)
        }
    }

    @Test func anErrorDocumentIsReadAsTheErrorItWasMadeOf() throws {
        let number = try #require(FragmentNumber("91343852333181432392682062607743920146159169392"))
        for error in [
            InBandError(id: 3000, code: "FRAGMENT_NOT_FOUND", fragmentNumber: number),
            InBandError(id: 5000, code: "INTERNAL_ERROR"),
        ] {
            let chunks = FoundChunk.chunks(of: Self.events([ChunkComposer.errorDocument(error)[...]]))
            #expect(chunks.count == 1 && chunks[0].summary.inBandError?.code == error.code)
            #expect(chunks[0].summary.inBandError?.id == error.id)
            #expect(chunks[0].summary.metadata == nil)
            if let number = error.fragmentNumber {
                #expect(chunks[0].summary.inBandError?.fragmentNumber == number)
            }
        }
    }
}

/// A chunk out of the events of a reader.
private struct FoundChunk {
    var summary: ChunkSummary
    var frames: [FrameDigest]

    static func chunks(of events: [ChunkEvent]) -> [FoundChunk] {
        var chunks: [FoundChunk] = []
        var frames: [FrameDigest] = []
        for event in events {
            switch event {
            case .began: frames = []
            case .frame(let frame): frames.append(FrameDigest(frame))
            case .ended(let summary): chunks.append(FoundChunk(summary: summary, frames: frames))
            case .mediaBegan, .completed, .warning, .damage: break
            }
        }
        return chunks
    }
}
