/// What the codec private data of an AAC track says.
///
/// Source: ISO/IEC 14496-3, 1.6.2.1.
package struct AudioSpecificConfiguration: Sendable, Hashable {
    /// Audio object type: 2 for AAC LC.
    package var objectType: UInt32
    /// Samples a second.
    package var frequency: UInt32
    /// Channels; nil where the stream itself describes them.
    package var channels: Int?

    /// Reads the data.
    ///
    /// - Parameter data: The codec private data.
    /// - Throws: `CodecPrivateError` where it ends early or holds what cannot be.
    package init(_ data: [UInt8]) throws(CodecPrivateError) {
        var reader = BitReader(data)
        objectType = try reader.bits(5)
        if objectType == 31 { objectType = 32 + (try reader.bits(6)) }
        let index = Int(try reader.bits(4))
        if index == 15 {
            frequency = try reader.bits(24)
        } else {
            guard index < Self.frequencies.count else {
                throw .badValue("sampling frequency \(index), at most 12")
            }
            frequency = Self.frequencies[index]
        }
        let configuration = Int(try reader.bits(4))
        guard configuration <= 7 else { throw .badValue("channel configuration \(configuration), at most 7") }
        channels = configuration == 0 ? nil : configuration == 7 ? 8 : configuration
    }

    private static let frequencies: [UInt32] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
    ]

    /// Its name.
    package var objectTypeName: String {
        switch objectType {
        case 1: "AAC Main"
        case 2: "AAC LC"
        case 5: "HE-AAC"
        case 29: "HE-AAC v2"
        case 39: "AAC ELD"
        default: "audio object type \(objectType)"
        }
    }
}

/// What the codec private data of an `A_MS/ACM` track says.
///
/// Source: WAVEFORMATEX; little-endian.
package struct WaveFormat: Sendable, Hashable {
    /// 1 PCM, 6 A-law, 7 mu-law.
    package var tag: UInt16
    /// How many channels.
    package var channels: UInt16
    /// Samples a second.
    package var frequency: UInt32
    /// Bits of a sample.
    package var bitsPerSample: UInt16

    /// Reads the data.
    ///
    /// - Parameter data: The codec private data.
    /// - Throws: `CodecPrivateError` where it ends early.
    package init(_ data: [UInt8]) throws(CodecPrivateError) {
        guard data.count >= 16 else { throw .ended }
        func short(_ index: Int) -> UInt16 { UInt16(data[index]) | UInt16(data[index + 1]) << 8 }
        tag = short(0)
        channels = short(2)
        frequency = UInt32(short(4)) | UInt32(short(6)) << 16
        bitsPerSample = short(14)
    }

    /// Describes sound of 8 bits a sample, such as G.711.
    package init(tag: UInt16, channels: UInt16, frequency: UInt32) {
        (self.tag, self.channels, self.frequency, bitsPerSample) = (tag, channels, frequency, 8)
    }

    /// The data, 18 bytes.
    package var bytes: [UInt8] {
        let block = UInt32(channels) * UInt32(bitsPerSample) / 8
        var bytes: [UInt8] = []
        for (value, length) in [
            (UInt32(tag), 2), (UInt32(channels), 2), (frequency, 4), (frequency &* block, 4), (block, 2),
            (UInt32(bitsPerSample), 2), (0, 2),
        ] {
            for byte in 0..<length { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
        }
        return bytes
    }

    /// Its name.
    package var name: String {
        switch tag {
        case 1: "PCM"
        case 3: "PCM float"
        case 6: "A-law"
        case 7: "mu-law"
        default: "format 0x\(String(tag, radix: 16, uppercase: true))"
        }
    }
}
