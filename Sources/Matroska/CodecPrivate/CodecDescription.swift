/// What a track's codec and its codec private data say, in words.
package struct CodecDescription: Sendable, Hashable {
    /// One fact.
    package struct Line: Sendable, Hashable {
        /// What it is: `profile`.
        package var name: String
        /// What it says: `High (100)  level 4.0`.
        package var value: String
        /// Where it stands, in bytes from the start of the codec private data; nil for what stands elsewhere.
        package var offset: Int?

        init(_ name: String, _ value: String, at offset: Int? = nil) {
            (self.name, self.value, self.offset) = (name, value, offset)
        }
    }

    /// The facts, the most telling first.
    package private(set) var lines: [Line] = []
    /// What is wrong with the data, or unusual; nil where nothing is.
    package private(set) var fault: String?
    /// Bytes of the length ahead of each NAL unit of a frame; nil where frames have none.
    package private(set) var lengthSize: Int?

    /// Reads the codec private data of a track; of a codec that is not known here, nothing.
    package init(_ track: TrackEntry) {
        let data = track.codecPrivate
        do {
            switch track.codecID {
            case "V_MPEG4/ISO/AVC": try readAVC(data)
            case "V_MPEGH/ISO/HEVC": try readHEVC(data)
            case "A_AAC": try readAAC(data)
            case "A_MS/ACM": try readWave(data)
            default: break
            }
        } catch {
            fault = data.isEmpty ? "there is no codec private data" : "codec private data: \(error)"
        }
    }

    /// All in one line, for lists: `High (100) level 4.0, 1280x720, 4:2:0 8 bits, 25 fps`.
    package var summary: String {
        let telling: Set = ["profile", "picture", "samples", "timing", "sound"]
        return lines.filter { telling.contains($0.name) }.map(\.value).joined(separator: ", ")
    }

    private mutating func readAVC(_ data: [UInt8]) throws(CodecPrivateError) {
        let sets = try ParameterSets(avc: data)
        for unit in sets.units where (unit.bytes.first ?? 0) & 0x1F == 7 {
            let parameters = try AVCSequenceParameters(nalUnit: unit.bytes)
            let level = Self.level(tenths: Int(parameters.level))
            lines += [
                Line(
                    "profile",
                    "\(parameters.profileName) (\(parameters.profile)) level \(level)",
                    at: unit.offset + 1
                ),
                Line(
                    "picture",
                    "\(parameters.width)x\(parameters.height)"
                        + (parameters.isProgressive ? "" : " interlaced"),
                    at: unit.offset
                ),
                Line("samples", Self.samples(parameters.chromaFormat, parameters.bitDepth), at: unit.offset),
            ]
            if let rate = parameters.frameRate {
                lines.append(Line("timing", Self.rate(rate), at: unit.offset))
            }
        }
        describe(sets) {
            $0 & 0x1F
        } names: {
            [7: "SPS", 8: "PPS", 13: "SPS extension"][$0]
        }
    }

    private mutating func readHEVC(_ data: [UInt8]) throws(CodecPrivateError) {
        let sets = try ParameterSets(hevc: data)
        for unit in sets.units where (unit.bytes.first ?? 0) >> 1 & 0x3F == 33 {
            let parameters = try HEVCSequenceParameters(nalUnit: unit.bytes)
            let (profile, tier) = (parameters.profile, parameters.profile.isHighTier ? "High" : "Main")
            let level = Self.level(tenths: Int(profile.level) / 3)
            lines += [
                Line(
                    "profile",
                    "\(profile.name) (\(profile.profile)) level \(level) tier \(tier)",
                    at: unit.offset + 3
                ),
                Line("picture", "\(parameters.width)x\(parameters.height)", at: unit.offset),
                Line("samples", Self.samples(parameters.chromaFormat, parameters.bitDepth), at: unit.offset),
            ]
        }
        describe(sets) {
            $0 >> 1 & 0x3F
        } names: {
            [32: "VPS", 33: "SPS", 34: "PPS", 39: "SEI"][$0]
        }
    }

    /// The units, and a word where they lie as they should not.
    private mutating func describe(_ sets: ParameterSets, type: (UInt8) -> UInt8, names: (UInt8) -> String?) {
        for unit in sets.units {
            guard let first = unit.bytes.first else { continue }
            let name = names(type(first)) ?? "NAL unit \(type(first))"
            lines.append(Line(name, "\(unit.bytes.count) bytes", at: unit.offset))
        }
        lengthSize = sets.lengthSize
        switch sets.form {
        case .record:
            lines.append(Line("lengths", "\(sets.lengthSize ?? 0) bytes ahead of each NAL unit"))
        case .startCodes:
            fault =
                "start codes (annex B) where Matroska has a configuration record: players that trust the container "
                + "cannot decode this track"
        }
    }

    private mutating func readAAC(_ data: [UInt8]) throws(CodecPrivateError) {
        let configuration = try AudioSpecificConfiguration(data)
        let channels = configuration.channels.map { "\($0) channels" } ?? "channels described in the stream"
        lines = [
            Line(
                "sound",
                "\(configuration.objectTypeName), \(configuration.frequency) Hz, \(channels)",
                at: 0
            )
        ]
    }

    private mutating func readWave(_ data: [UInt8]) throws(CodecPrivateError) {
        let format = try WaveFormat(data)
        lines = [
            Line(
                "sound",
                "\(format.name), \(format.frequency) Hz, \(format.channels) channels, \(format.bitsPerSample) bits",
                at: 0
            )
        ]
    }

    private static func samples(_ chroma: UInt32, _ depth: UInt32) -> String {
        let names = ["grey", "4:2:0", "4:2:2", "4:4:4"]
        return "\(names[Int(min(chroma, 3))]) \(depth) bits"
    }

    /// `25 fps`, `29.97 fps`.
    private static func rate(_ rate: Double) -> String {
        guard rate.isFinite, rate < 1_000_000 else { return "\(rate) fps" }
        return decimal(Int((rate * 100).rounded())) + " fps"
    }

    /// `4.0`.
    private static func level(tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

    /// Hundredths as a decimal without zeros at its end.
    private static func decimal(_ hundredths: Int) -> String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
