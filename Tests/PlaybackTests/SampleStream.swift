import KinesisVideo
import Matroska

/// A camera and the service behind it, as far as arithmetic can make them: fragments of equal length whose
/// frames say nothing but when they are due.
struct SampleStream: Sendable {
    /// Producer time of fragment 0.
    var origin = Timestamp(milliseconds: 1_763_820_000_000)
    var fragmentLength: Int64 = 2000
    var frameInterval: Int64 = 40
    /// Server time less producer time.
    var lag: Int64 = 300
    var hasFrameDelivery = true
    /// Frames behind one another in decode order are shown in the order I B B P: `true` swaps them.
    var hasBFrames = false
    /// Fragments that were never recorded.
    var missing: Set<Int> = []
    /// Fragments that begin without a key frame.
    var keyless: Set<Int> = []
    /// Fragments from which on the picture has another size.
    var codecChange: Int?
    /// Fragments from which on the producer has sent all once more: the service gave them new numbers.
    var resent: Int?
    /// Bytes of a frame.
    var frameSize = 1000

    var framesPerFragment: Int { Int(fragmentLength / frameInterval) }

    func number(_ index: Int) -> FragmentNumber {
        let shift = resent.map { index >= $0 } ?? false ? Self.resentShift : 0
        guard let number = FragmentNumber(String(1_000_000 + index + shift)) else {
            fatalError("\(index) is no number")
        }
        return number
    }

    private static let resentShift = 100_000

    func index(_ number: FragmentNumber) -> Int? {
        Int(number.description).map { ($0 - 1_000_000) % Self.resentShift }
    }

    /// The fragment that the service hands out after a number.
    func index(after number: FragmentNumber) -> Int? {
        guard let index = index(number) else { return nil }
        guard let resent, index >= resent, number != self.number(index) else { return index + 1 }
        return resent
    }

    func start(_ index: Int) -> Timestamp {
        origin.advanced(byMilliseconds: Int64(index) * fragmentLength)
    }

    func end(_ index: Int) -> Timestamp { start(index + 1) }

    func index(at time: Timestamp) -> Int {
        Int((time.milliseconds - origin.milliseconds) / fragmentLength)
    }

    func metadata(_ index: Int) -> FragmentMetadata {
        FragmentMetadata(
            number: number(index),
            serverTimestamp: start(index).advanced(byMilliseconds: lag),
            producerTimestamp: start(index)
        )
    }

    func info(_ index: Int) -> FragmentInfo {
        FragmentInfo(
            metadata: metadata(index),
            size: framesPerFragment * frameSize + 500,
            length: fragmentLength - frameInterval
        )
    }

    func tracks(_ index: Int) -> [TrackEntry] {
        let isChanged = codecChange.map { index >= $0 } ?? false
        return [
            TrackEntry(
                number: 1,
                type: .video,
                codecID: "V_MPEG4/ISO/AVC",
                codecPrivate: isChanged ? [2] : [1]
            )
        ]
    }

    /// The frames in decode order.
    ///
    /// Block times start anew in each fragment, as with a producer that connects each time.
    func frames(_ index: Int) -> [EncodedFrame] {
        let count = framesPerFragment
        return (0..<count).map { place in
            let shown = hasBFrames ? Self.shownPlace(of: place, count: count) : place
            return EncodedFrame(
                track: 1,
                timecode: 500 + Int64(shown) * frameInterval,
                isKey: place == (keyless.contains(index) ? 10 : 0),
                data: [UInt8](repeating: 7, count: frameSize)
            )
        }
    }

    /// I P B B P B B: each P is decoded before the two frames that are shown before it.
    private static func shownPlace(of place: Int, count: Int) -> Int {
        guard place > 0 else { return 0 }
        let group = (place - 1) / 3
        guard (group + 1) * 3 < count else { return place }
        return [3, 1, 2][(place - 1) % 3] + group * 3
    }

    func exists(_ index: Int) -> Bool { index >= 0 && !missing.contains(index) }
}
