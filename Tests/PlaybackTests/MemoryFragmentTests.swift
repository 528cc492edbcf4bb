import KinesisVideo
import Matroska
import Playback
import Testing

@Suite struct MemoryFragmentTests {
    private static func fragment(_ stream: SampleStream, frames: Int, isComplete: Bool) -> MemoryFragment {
        var fragment = MemoryFragment(
            metadata: stream.metadata(0),
            origin: .archive,
            tracks: stream.tracks(0),
            timestampScale: 1_000_000
        )
        for frame in stream.frames(0).prefix(frames) { _ = fragment.append(frame) }
        if isComplete { fragment.completeness = .complete }
        return fragment
    }

    @Test(arguments: [false, true])
    func aWholeFragmentWithOneKeyFrameIsOneGroupOfPictures(hasBFrames: Bool) {
        let stream = SampleStream(hasBFrames: hasBFrames)
        let group = Self.fragment(stream, frames: 50, isComplete: true).groupOfPictures
        #expect(group?.count == 50)
        #expect(group?.length == 2000)
    }

    @Test func aGroupThatHasNotEndedIsUnknown() {
        #expect(Self.fragment(SampleStream(), frames: 50, isComplete: false).groupOfPictures == nil)
        #expect(Self.fragment(SampleStream(), frames: 1, isComplete: true).groupOfPictures == nil)
    }

    @Test func aSecondKeyFrameEndsTheGroupOfTheFirst() {
        var fragment = Self.fragment(SampleStream(), frames: 20, isComplete: false)
        let next = EncodedFrame(track: 1, timecode: 500 + 20 * 40, isKey: true, data: [1])
        _ = fragment.append(next)
        #expect(fragment.groupOfPictures?.count == 20)
        #expect(fragment.groupOfPictures?.length == 800)
    }

    @Test func picturesAheadOfTheFirstKeyFrameBelongToNoGroup() {
        let group = Self.fragment(SampleStream(keyless: [0]), frames: 50, isComplete: true).groupOfPictures
        #expect(group?.count == 40)
        #expect(group?.length == 1600)
    }
}
