import Matroska
import MediaCodec

/// Frames of a Matroska track as a camera would send them without container.
struct ByteStream {
    private let sets: [UInt8]

    init(_ track: TrackEntry) {
        let isHEVC = track.codecID == "V_MPEGH/ISO/HEVC"
        var rest = track.codecPrivate.dropFirst(isHEVC ? 22 : 5)
        var sets: [UInt8] = []
        func number(_ count: Int) -> Int {
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        }
        func take(_ count: Int) {
            for _ in 0..<count {
                let length = number(2)
                sets += [0, 0, UInt8(length >> 8), UInt8(length & 0xFF)] + rest.prefix(length)
                rest = rest.dropFirst(length)
            }
        }
        if isHEVC {
            for _ in 0..<number(1) {
                _ = number(1)
                take(number(2))
            }
        } else {
            take(number(1) & 0x1F)
            take(number(1))
        }
        self.sets = sets
    }

    /// Length-prefixed, the parameter sets before each key frame.
    func withSets(_ packet: MediaPacket) -> [UInt8] {
        packet.isKey ? sets + packet.data : packet.data
    }

    func frame(_ packet: MediaPacket) -> [UInt8] {
        startCodes(withSets(packet))
    }

    /// The parameter sets behind start codes.
    var setUpData: [UInt8] { Self.startCodes(units(sets)) }

    /// A frame's NAL units behind start codes.
    func startCodes(_ frame: [UInt8]) -> [UInt8] { Self.startCodes(units(frame)) }

    private static func startCodes(_ units: [[UInt8]]) -> [UInt8] { units.flatMap { [0, 0, 0, 1] + $0 } }

    func units(_ frame: [UInt8]) -> [[UInt8]] {
        var (rest, units): (ArraySlice<UInt8>, [[UInt8]]) = (frame[...], [])
        while rest.count > 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            units.append(Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return units
    }
}
