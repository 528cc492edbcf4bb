import KinesisVideoProducer
import Matroska
import Testing

/// Frames and codec private data in the form that was asked for.
@Suite struct TrackFormTests {
    private static let sps: [UInt8] = [
        0x67, 0x42, 0xC0, 0x1E, 0xDA, 0x02, 0x80, 0xBF, 0xE5, 0x84, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00,
        0x03,
        0x00, 0xF0, 0x3C, 0x58, 0xBA, 0x80,
    ]
    private static let pps: [UInt8] = [0x68, 0xCE, 0x3C, 0x80]
    private static let slice: [UInt8] = [0x65, 0x88, 0x84, 0x21, 0xA0]
    private static let code: [UInt8] = [0, 0, 0, 1]

    private static func length(_ unit: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(unit.count)] + unit }

    private static func put(_ data: [UInt8], _ track: TrackEntry, _ form: StreamDefinition.NALForm) throws
        -> (data: [UInt8], track: TrackEntry)
    {
        var definition = StreamDefinition(name: "test", tracks: [track])
        definition.nalForm = form
        var builder = try FragmentBuilder(definition)
        var (bytes, declared) = ([UInt8](), track)
        for part in try builder.put(MediaFrame(presentationTime: .zero, isKey: true, data: data)) {
            if case .tracks(let tracks) = part { declared = tracks[0] }
            if case .frame(let frame) = part { bytes = frame.data }
        }
        return (bytes, declared)
    }

    private static let behindCodes = code + sps + [0, 0, 1] + pps + code + slice
    private static let behindLengths = length(sps) + length(pps) + length(slice)
    private static let record: [UInt8] =
        [1, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0, UInt8(sps.count)] + sps + [1, 0, 4] + pps

    @Test(arguments: [
        (behindCodes, StreamDefinition.NALForm.lengthPrefixed, behindLengths),
        (behindLengths, .lengthPrefixed, behindLengths),
        (behindCodes, .asGiven, behindCodes),
        (behindLengths, .startCodes, code + sps + code + pps + code + slice),
        (behindCodes, .startCodes, behindCodes),
    ])
    func framesAreAdapted(data: [UInt8], form: StreamDefinition.NALForm, expected: [UInt8]) throws {
        #expect(try Self.put(data, .h264(), form).data == expected)
    }

    @Test func theFirstKeyFrameBringsTheCodecPrivateDataAndTheSize() throws {
        let track = try Self.put(Self.behindCodes, .h264(), .lengthPrefixed).track
        #expect(track.codecPrivate == Self.record)
        #expect(track.video?.width == 640 && track.video?.height == 360)
        let bare = try Self.put(Self.behindLengths, .h264(), .startCodes).track
        #expect(bare.codecPrivate == Self.code + Self.sps + Self.code + Self.pps)
    }

    @Test(arguments: [
        (StreamDefinition.NALForm.lengthPrefixed, code + sps + code + pps, record),
        (.startCodes, record, code + sps + code + pps),
        (.lengthPrefixed, record, record),
    ])
    func codecPrivateDataThatIsGivenIsAdapted(
        form: StreamDefinition.NALForm,
        given: [UInt8],
        expected: [UInt8]
    ) throws {
        let track = try Self.put(Self.behindLengths, .h264(codecPrivate: given), form).track
        #expect(track.codecPrivate == expected)
    }

    @Test(arguments: [[1, 2, 3, 4, 5], [0, 0, 0, 9, 1], []] as [[UInt8]])
    func bytesInNeitherFormAreRefused(data: [UInt8]) {
        #expect(throws: ProducerError.self) { try Self.put(data, .h264(), .lengthPrefixed) }
    }

    @Test func soundLosesItsADTSHeader() throws {
        // AAC LC, 48 kHz, stereo, 12 bytes with its header of 7.
        let header: [UInt8] = [0xFF, 0xF1, 0x4C, 0x80, 0x01, 0x9F, 0xFC]
        let track = TrackEntry.aac(number: 1, samplingFrequency: 48_000, channels: 2)
        let put = try Self.put(header + [1, 2, 3, 4, 5], track, .lengthPrefixed)
        #expect(put.data == [1, 2, 3, 4, 5])
        #expect(put.track.codecPrivate == [0x11, 0x90])
    }

    @Test(arguments: TrackEntry.G711Law.allCases)
    func g711HasAWaveFormat(law: TrackEntry.G711Law) {
        let expected: [UInt8] = [
            UInt8(law.rawValue), 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0, 0, 0,
        ]
        #expect(TrackEntry.g711(number: 1, law: law).codecPrivate == expected)
    }
}
