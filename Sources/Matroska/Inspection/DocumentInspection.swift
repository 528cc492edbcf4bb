/// Everything that a fragment, or another piece of Matroska, holds: its elements, and what they mean.
///
/// Any bytes will do, whole or not. Cost: three passes over the bytes, and once more their size in memory.
package struct DocumentInspection: Sendable, Hashable {
    /// One frame.
    package struct Frame: Sendable, Hashable {
        /// Number of the track.
        package var track: UInt64
        /// Presentation time in ticks.
        package var time: Int64
        /// True where a decoder can start.
        package var isKey: Bool
        /// `I`, `P` or `B` as its first slice says; of other codecs `K` for a key frame, `·` for others.
        package var letter: Character
        /// Where its bytes lie.
        package var range: Range<Int>
        /// Its NAL units; none for other codecs.
        package var units: [NALUnit]
        /// What is wrong with it; nil where nothing is.
        package var fault: String?
    }

    /// The bytes.
    package let bytes: [UInt8]
    /// True where more would follow that was not read.
    package let isCut: Bool
    /// Their elements.
    package private(set) var tree: ElementTree
    /// The frames in decode order.
    package private(set) var frames: [Frame] = []
    /// The tracks.
    package private(set) var tracks: [TrackEntry] = []
    /// The tags, in the order in which they stand.
    package private(set) var tags: [Tag] = []
    /// Nanoseconds of a tick.
    package private(set) var timestampScale: UInt64 = 1_000_000
    /// Segments begun.
    package private(set) var documentCount = 0
    /// Clusters begun.
    package private(set) var clusterCount = 0

    /// Takes bytes apart.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - isCut: True where more would follow that was not read: nothing is said of what is missing then.
    package init(_ bytes: [UInt8], isCut: Bool = false) {
        (self.bytes, self.isCut) = (bytes, isCut)
        tree = ElementTree(bytes, isCut: isCut)
        var reader = SegmentReader(verifiesChecksums: true)
        for event in reader.read(bytes.span) { take(event) }
        if !isCut {
            for event in reader.finish() { take(event) }
        }
        let codecs = Dictionary(tracks.map { ($0.number, Codec($0)) }) { first, _ in first }
        for block in tree.blocks {
            for range in block.frames { frames.append(frame(range, of: block, codecs[block.track])) }
        }
    }

    /// Rows of elements that are damaged.
    package var faultyRows: [Int] { tree.rows.indices.filter { tree.rows[$0].fault != nil } }

    private mutating func take(_ event: SegmentEvent) {
        switch event {
        case .documentStart: documentCount += 1
        case .info(let info, _): timestampScale = info.timestampScale
        case .tracks(let tracks, _):
            self.tracks += tracks.filter { new in !self.tracks.contains { $0.number == new.number } }
        case .tags(let tags, _): self.tags += tags
        case .clusterStart: clusterCount += 1
        case .warning(let error), .damage(let error): tree.note(error)
        default: break
        }
    }

    private func frame(_ range: Range<Int>, of block: ElementTree.Block, _ codec: Codec?) -> Frame {
        var frame = Frame(
            track: block.track,
            time: block.time,
            isKey: block.isKey,
            letter: block.isKey ? "K" : "·",
            range: range,
            units: []
        )
        guard let codec, let standard = codec.standard else { return frame }
        guard let units = NALUnit.units(of: bytes, in: range, lengthSize: codec.lengthSize, standard) else {
            frame.fault =
                codec.lengthSize == nil
                ? "no start code" : "the lengths of its NAL units do not add up to the frame"
            return frame
        }
        frame.units = units
        let slice = units.lazy.compactMap { [bytes] unit in
            SliceType(bytes, unit, standard, extraBits: codec.extraBits)
        }.first
        if let slice { frame.letter = slice.rawValue }
        return frame
    }

    /// What frames of a track are taken apart with.
    private struct Codec {
        var standard: NALUnit.Standard?
        var lengthSize: Int?
        var extraBits = 0

        init(_ track: TrackEntry) {
            standard = NALUnit.Standard(codecID: track.codecID)
            lengthSize = CodecDescription(track).lengthSize
            guard standard == .hevc, let sets = try? ParameterSets(hevc: track.codecPrivate) else { return }
            for unit in sets.units where (unit.bytes.first ?? 0) >> 1 & 0x3F == 34 {
                extraBits = Self.extraBits(unit.bytes) ?? 0
            }
        }

        /// Source: ITU-T H.265, 7.3.2.3.1.
        private static func extraBits(_ pictureParameters: [UInt8]) -> Int? {
            var reader = BitReader(nalUnit: pictureParameters)
            guard (try? reader.skip(16)) != nil, (try? reader.unsignedGolomb()) != nil,
                (try? reader.unsignedGolomb()) != nil, (try? reader.skip(2)) != nil
            else { return nil }
            return (try? reader.bits(3)).map { Int($0) }
        }
    }
}
