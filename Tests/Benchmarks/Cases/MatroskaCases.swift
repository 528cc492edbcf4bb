import Glibc
import Matroska

/// Reads documents in pieces as a socket gives them, beside a copy of the same bytes.
enum MatroskaReading {
    private static let piece = 65_536

    static func run() async throws {
        for blockSize in [1_000, 100_000] {
            let document = MatroskaDocument(blockSize: blockSize)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(MatroskaDocument.payload * 102 / 100)
            try document.write { bytes += $0 }
            let comparison = await Comparison {
                read(bytes, expecting: document.frames.count)
            } beside: {
                copy(bytes)
            }
            show(
                "\(document.frames.count) blocks of \(blockSize) bytes, \(bytes.count) in all",
                comparison.throughput(of: bytes.count, peer: "memcpy")
            )
        }
    }

    private static func read(_ bytes: [UInt8], expecting count: Int) {
        var reader = SegmentReader()
        var (frames, payload) = (0, 0)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let part = bytes.span.extracting(start..<min(start + piece, bytes.count))
            for case .frame(let frame, _) in reader.read(part) {
                frames += 1
                payload += frame.data.count
            }
        }
        precondition(frames == count && payload == MatroskaDocument.payload, "the reader lost frames")
    }

    private static func copy(_ bytes: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: piece)
        bytes.withUnsafeBytes { source in
            for start in stride(from: 0, to: source.count, by: piece) {
                let part = source[start..<min(start + piece, source.count)]
                buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: part)) }
            }
        }
        precondition(buffer[0] == bytes[bytes.count - 1 - (bytes.count - 1) % piece], "the copy is no copy")
    }
}

/// Writes documents block by block, beside a copy of the frames; all share their bytes, so both read the cache.
enum MatroskaWriting {
    static func run() async throws {
        for blockSize in [1_000, 100_000] {
            let document = MatroskaDocument(blockSize: blockSize)
            var bytes = 0
            let comparison = try await Comparison {
                bytes = 0
                try document.write { bytes += $0.count }
            } beside: {
                var buffer = [UInt8](repeating: 0, count: blockSize)
                for frame in document.frames {
                    buffer.withUnsafeMutableBytes { $0.copyBytes(from: frame.data) }
                }
                precondition(buffer == document.frames[0].data, "the copy is no copy")
            }
            let overhead = Double(bytes - MatroskaDocument.payload) / Double(document.frames.count)
            show(
                "\(document.frames.count) blocks of \(blockSize) bytes, \(figure(overhead)) more for each",
                comparison.throughput(of: MatroskaDocument.payload, peer: "memcpy")
            )
        }
    }
}
