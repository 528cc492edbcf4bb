import Foundation
import Glibc
import KinesisVideo
import Logging
import NIOCore

/// Brings the index in line with a stream's segment files when the store opens.
///
/// Files whose length the index knows are not read. Of the others the part behind is scanned, whole fragments
/// are listed, and what is torn at the end is cut off.
struct SegmentRecovery {
    let stream: StreamID
    let key: Int64
    let folder: Folder
    let index: FragmentIndex
    let logger: Logger

    /// Compares all files with what the index knows.
    ///
    /// - Returns: the highest sequence number in use.
    func run(known: [FragmentIndex.Segment]) throws -> Int64 {
        let sequences = try folder.names().compactMap(SegmentFile.sequence).sorted()
        let known = Dictionary(known.map { ($0.sequence, $0) }) { first, _ in first }
        for (sequence, segment) in known where !sequences.contains(sequence) {
            try index.remove(segment)
        }
        for sequence in sequences { try recover(sequence, known: known[sequence]) }
        return sequences.last ?? 0
    }

    private func recover(_ sequence: Int64, known: FragmentIndex.Segment?) throws {
        let file = try folder.open(SegmentFile.name(sequence), O_RDONLY)
        let length = try file.length()
        if let known, known.length == length { return }
        var start = known?.length ?? 0
        if let known, length < known.length {
            try index.remove(known)
            start = 0
        }
        let bytes = try file.read(at: start, count: length - start)
        let scan = bytes.withUnsafeReadableBytes { SegmentScan($0, from: start, of: stream) }
        for gap in scan.gaps {
            logger.error(
                "segment is damaged: try kinescope check",
                metadata: ["file": "\(file.path)", "offset": "\(gap.lowerBound)", "bytes": "\(gap.count)"]
            )
        }
        if scan.end < length {
            logger.notice(
                "segment had a torn end",
                metadata: ["file": "\(file.path)", "bytes": "\(length - scan.end)"]
            )
            try cut(sequence, to: scan.end)
        }
        // What a killed service wrote may not have reached the disk: it must have before it is listed.
        if !scan.fragments.isEmpty {
            try file.synchronizeData()
            try folder.synchronize()
        }
        try index.add([
            SegmentGain(
                stream: key,
                sequence: sequence,
                length: scan.end,
                entries: scan.fragments.map { $0.entry(in: sequence) }
            )
        ])
    }

    private func cut(_ sequence: Int64, to length: Int) throws {
        let name = SegmentFile.name(sequence)
        if length == 0 { return try folder.unlink(name) }
        let file = try folder.open(name, O_WRONLY)
        try file.truncate(to: length)
        try file.synchronize()
    }
}

extension SegmentScan.Found {
    /// The fragment as the index lists it.
    func entry(in segment: Int64) -> FragmentIndex.Entry {
        FragmentIndex.Entry(
            info: record.info,
            segment: segment,
            offset: offset,
            headerLength: record.headerLength,
            frameCount: record.frameCount
        )
    }
}
