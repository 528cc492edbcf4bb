import Matroska
import Testing

@Suite struct CodecDescriptionTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).compactMap {
            UInt8(hex.dropFirst($0).prefix(2), radix: 16)
        }
    }

    private static func description(_ codec: String, _ hex: String) -> CodecDescription {
        CodecDescription(TrackEntry(number: 1, type: .video, codecID: codec, codecPrivate: bytes(hex)))
    }

    private static let avcC =
        "0164000cffe100196764000cacd941013b0110000003001000000303c0f142996001000568ef829cb0fdf8f800"
    private static let hvcC =
        "0101600000009000000000003cf000fcfdf8f800000f03200001001840010c01ffff016000000300900000030000"
        + "03003c959009210001002b42010101600000030090000003000003003ca00a080b9f796564924caf016808000003"
        + "000800000300c84022000100074401c172b42240"

    /// What ffprobe says of the same files: profile, level, size, samples and, for H.264, the rate.
    static let tracks: [(String, String, String)] = [
        ("V_MPEG4/ISO/AVC", avcC, "High (100) level 1.2, 256x144, 4:2:0 8 bits, 30 fps"),
        (
            "V_MPEG4/ISO/AVC",
            "0142c00bffe100176742c00bda0c3fef011000000300100000030280f142aa01000568ce031c80",
            "Constrained Baseline (66) level 1.1, 192x108, 4:2:0 8 bits, 20 fps"
        ),
        (
            "V_MPEG4/ISO/AVC",
            "0142c00affe100186742c00ada0a37e4c044000003000400000300503c489a8001000568ce029c80",
            "Constrained Baseline (66) level 1.0, 160x90, 4:2:0 8 bits, 10 fps"
        ),
        ("V_MPEGH/ISO/HEVC", hvcC, "Main (1) level 2.0 tier Main, 320x180, 4:2:0 8 bits"),
        ("A_AAC", "138856e500", "AAC LC, 22050 Hz, 1 channels"),
        ("A_MS/ACM", "06000100401f0000401f0000010008000000", "A-law, 8000 Hz, 1 channels, 8 bits"),
        ("A_MS/ACM", "07000100401f0000401f0000010008000000", "mu-law, 8000 Hz, 1 channels, 8 bits"),
        ("A_PCM/INT/LIT", "", ""),
    ]

    @Test(arguments: tracks)
    func codecPrivateDataIsPutInWords(_ row: (codec: String, hex: String, words: String)) {
        let description = Self.description(row.codec, row.hex)
        #expect(description.summary == row.words)
        #expect(description.fault == nil)
    }

    @Test func unitsAreListedWithTheirPlaces() {
        let lines = Self.description("V_MPEG4/ISO/AVC", Self.avcC).lines
        #expect(lines.first { $0.name == "SPS" }.map { "\($0.value) @\($0.offset ?? 0)" } == "25 bytes @8")
        #expect(lines.first { $0.name == "PPS" }.map { "\($0.value) @\($0.offset ?? 0)" } == "5 bytes @36")
        #expect(lines.first { $0.name == "lengths" }?.value == "4 bytes ahead of each NAL unit")
        let hevc = Self.description("V_MPEGH/ISO/HEVC", Self.hvcC).lines
        #expect(hevc.suffix(4).map(\.name) == ["VPS", "SPS", "PPS", "lengths"])
    }

    @Test func startCodesInPlaceOfARecordAreExplained() {
        let units = "0000000167" + "64000cacd941013b0110000003001000000303c0f14299600000000168ef829cb0"
        let description = Self.description("V_MPEG4/ISO/AVC", units)
        #expect(description.fault?.hasPrefix("start codes (annex B) where Matroska has") == true)
        #expect(description.summary == "High (100) level 1.2, 256x144, 4:2:0 8 bits, 30 fps")
        #expect(description.lengthSize == nil)
    }

    @Test(arguments: [
        tracks[1], ("V_MPEGH/ISO/HEVC", hvcC, ""), ("A_AAC", "1388", ""),
        ("A_MS/ACM", "06000100401f0000401f000001000800", ""),
    ])
    func everyBeginningOfTheDataIsRefused(_ row: (codec: String, hex: String, words: String)) {
        let data = Self.bytes(row.hex)
        for length in 0..<data.count {
            let track = TrackEntry(
                number: 1,
                type: .video,
                codecID: row.codec,
                codecPrivate: Array(data.prefix(length))
            )
            let description = CodecDescription(track)
            #expect(description.fault != nil, "\(length) bytes")
        }
    }

    @Test(arguments: [("V_MPEG4/ISO/AVC", avcC), ("V_MPEGH/ISO/HEVC", hvcC), ("A_AAC", "138856e500")])
    func noFlippedBitIsTooMuch(_ row: (codec: String, hex: String)) {
        var data = Self.bytes(row.hex)
        for index in data.indices {
            for bit in 0..<8 {
                data[index] ^= 1 << UInt8(bit)
                let track = TrackEntry(number: 1, type: .video, codecID: row.codec, codecPrivate: data)
                let description = CodecDescription(track)
                #expect(description.summary.utf8.count < 400)
                data[index] ^= 1 << UInt8(bit)
            }
        }
    }
}
