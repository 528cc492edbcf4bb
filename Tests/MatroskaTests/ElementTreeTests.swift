import Foundation
import KinescopeTesting
import Matroska
import Testing

@Suite struct ElementTreeTests {
    static let files = Captures.files(in: Captures.hostile) + Captures.files(in: Captures.made)

    /// What holds of every tree: rows in order, inside of their masters and of the input.
    private static func violation(_ tree: ElementTree, count: Int) -> String? {
        var masters: [ElementTree.Row] = []
        for (index, row) in tree.rows.enumerated() {
            if index > 0, row.offset < tree.rows[index - 1].offset { return "row \(index) goes back" }
            guard row.offset < row.end, row.end <= count else { return "row \(index) leaves the input" }
            guard row.payload.upperBound <= count else { return "payload of row \(index)" }
            guard row.level <= masters.count else { return "row \(index) has no master" }
            masters.removeLast(masters.count - row.level)
            if let master = masters.last, row.offset < master.payload.lowerBound || row.end > master.end {
                return "row \(index) at \(row.offset) leaves its master"
            }
            if row.isMaster { masters.append(row) }
        }
        for block in tree.blocks {
            let row = tree.rows[block.row]
            for frame in block.frames
            where frame.lowerBound < row.payload.lowerBound || frame.upperBound > row.end {
                return "a frame leaves its block at \(row.offset)"
            }
        }
        return nil
    }

    @Test(arguments: files)
    func everyPrefixOfAnyInputGivesAWellFormedTree(file: URL) throws {
        let bytes = try Captures.bytes(file)
        // Every prefix of the front, where most rules are broken, and a few hundred of the rest.
        let lengths = Set(0...min(bytes.count, 600))
            .union(stride(from: 0, through: bytes.count, by: max(1, bytes.count / 100)))
            .union([bytes.count])
        for length in lengths {
            let tree = ElementTree(Array(bytes.prefix(length)))
            let violation = Self.violation(tree, count: length)
            #expect(violation == nil, "prefix of \(length) bytes: \(violation ?? "")")
        }
    }

    @Test(arguments: files)
    func everyByteOfAWholeFileBelongsToARow(file: URL) throws {
        let bytes = try Captures.bytes(file)
        let tree = ElementTree(bytes)
        let step = max(1, bytes.count / 500)
        for offset in stride(from: 0, to: bytes.count, by: step) {
            guard let index = tree.row(at: offset) else {
                Issue.record("no row holds byte \(offset)")
                return
            }
            let row = tree.rows[index]
            #expect(row.offset <= offset && offset < row.end)
        }
    }

    @Test(arguments: Captures.files(in: Captures.hostile))
    func whatTheReaderCallsDamageIsARow(file: URL) throws {
        let bytes = try Captures.bytes(file)
        var reader = SegmentReader(verifiesChecksums: true)
        let isDamaged = (reader.read(bytes.span) + reader.finish()).contains { event in
            if case .damage = event { true } else { false }
        }
        guard isDamaged, !bytes.isEmpty else { return }
        #expect(!DocumentInspection(bytes).faultyRows.isEmpty)
    }

    @Test func readingGoesOnAtTheNextCluster() throws {
        var bytes = try Captures.bytes(Captures.made.appending(path: "h264-aac.mkv"))
        let clusters = ElementTree(bytes).rows.filter { $0.name == "Cluster" }
        #expect(clusters.count > 2)
        // A byte that no id begins with, where the first block of the first Cluster stands.
        let tree = ElementTree(bytes)
        let block = try #require(tree.blocks.first.map { tree.rows[$0.row] })
        bytes[block.offset] = 0x01
        let damaged = ElementTree(bytes)
        let fault = try #require(damaged.rows.first { $0.fault != nil })
        #expect(fault.offset == block.offset && fault.id == nil)
        #expect(fault.fault?.hasPrefix("bad-id: ") == true)
        #expect(damaged.rows.filter { $0.name == "Cluster" }.map(\.offset) == clusters.map(\.offset))
    }
}

@Suite struct DocumentInspectionTests {
    private static func document(_ name: String) throws -> DocumentInspection {
        DocumentInspection(try Captures.bytes(Captures.made.appending(path: "\(name).mkv")))
    }

    /// The types of the pictures in decode order, as ffprobe tells them.
    static let letters: [(String, String)] = [
        ("h264-aac", "IPPPPPPPPPPPPPPPPPPPIPPPPPPPPPPP"),
        ("h264-bframes", "IPBBBPBBBPBBBPBBBPBBBPBBBPBBBP"),
        ("h265", "IPBBPBBPBBPBBPBBPBBPBBPBBIPBBP"),
    ]

    @Test(arguments: letters)
    func lettersAreThePictureTypes(_ row: (file: String, letters: String)) throws {
        let document = try Self.document(row.file)
        let video = try #require(document.tracks.first { $0.type == .video })
        let frames = document.frames.filter { $0.track == video.number }
        #expect(String(frames.map(\.letter)).hasPrefix(row.letters))
        #expect(frames.allSatisfy { $0.fault == nil && !$0.units.isEmpty })
    }

    @Test func framesHaveTheSizesOfThePackets() throws {
        let document = try Self.document("h264-aac")
        let video = document.frames.filter { $0.track == document.tracks.first?.number }
        #expect(video.count == 120)
        #expect(video.prefix(6).map(\.range.count) == [1718, 329, 385, 261, 345, 457])
        #expect(video.prefix(2).map(\.isKey) == [true, false])
        #expect(document.frames.count == 251)
        #expect(video[1].units.map(\.name) == ["slice"])
        #expect(document.faultyRows.isEmpty)
    }

    @Test(arguments: Captures.files(in: Captures.made))
    func framesAreThoseOfTheReader(file: URL) throws {
        let bytes = try Captures.bytes(file)
        var reader = SegmentReader()
        let expected = (reader.read(bytes.span) + reader.finish()).compactMap { event -> EncodedFrame? in
            if case .frame(let frame, _) = event { frame } else { nil }
        }
        let document = DocumentInspection(bytes)
        #expect(document.frames.map(\.track) == expected.map(\.track))
        #expect(document.frames.map(\.time) == expected.map(\.timecode))
        #expect(document.frames.map(\.isKey) == expected.map(\.isKey))
        #expect(document.frames.map { Array(bytes[$0.range]) } == expected.map(\.data))
    }
}
