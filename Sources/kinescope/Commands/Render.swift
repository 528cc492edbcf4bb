import ArgumentParser
import Foundation
import Matroska
import MediaCodec
import TerminalVideo

/// `kinescope render`: the pictures of a file as terminal output.
struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the pictures of a file as terminal output.",
        discussion: """
            Every frame goes to standard output, untimed, between CSI ? 2026 h and CSI ? 2026 l. --quality exact \
            reproduces every pixel that rests, and those that move to one step of 255; 1 leaves out what cannot be seen.
            """
    )

    @Argument(help: "A media file, or - for standard input.")
    var file: String

    @Option(help: ArgumentHelp("Size of the screen.", valueName: "colsxrows"))
    var size: CellSize

    @Option(
        help:
            "How cells show the picture: half, quadrant, sextant or octant blocks, or ascii; without colours always ascii."
    )
    var mode: Mode = .half

    @Option(help: "Colours: truecolor, 256, 16 or none.")
    var colors: Colors = .truecolor

    @Option(help: "Stop after this many frames.")
    var frames: Int?

    @Option(help: "exact, or 1 for the least visible difference.")
    var quality: Quality = .justVisible

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case half, quadrant, sextant, octant, ascii

        var shape: BlockShape? {
            switch self {
            case .half, .ascii: nil
            case .quadrant: .quadrant
            case .sextant: .sextant
            case .octant: .octant
            }
        }
    }

    enum Colors: String, ExpressibleByArgument, CaseIterable {
        case truecolor, palette256 = "256", palette16 = "16", none

        var depth: ColorDepth {
            switch self {
            case .truecolor: .truecolor
            case .palette256: .palette256
            case .palette16: .palette16
            case .none: .none
            }
        }
    }

    enum Quality: String, ExpressibleByArgument, CaseIterable {
        case exact, zero = "0", justVisible = "1"

        var tolerance: Tolerance { self == .justVisible ? .justVisible : .exactAtRest }

        var skippedLoopFilter: VideoDecoder.LoopFilterSkip { self == .justVisible ? .unreferenced : .none }
    }

    struct CellSize: ExpressibleByArgument {
        var columns: Int
        var rows: Int

        init?(argument: String) {
            let parts = argument.split(separator: "x").compactMap { Int($0) }
            guard parts.count == 2, (1...1000).contains(parts[0]), (1...1000).contains(parts[1]) else {
                return nil
            }
            (columns, rows) = (parts[0], parts[1])
        }
    }

    func run() throws {
        var input = try open()
        guard let track = input.tracks.first(where: { $0.type == .video }) else {
            throw CommandFailure(.failed, "\(file) has no video track that can be decoded")
        }
        var renderer = try FrameRenderer(
            track: track,
            settings: FrameRenderer.Settings(
                columns: size.columns,
                rows: size.rows,
                shape: mode.shape,
                depth: mode == .ascii ? .none : colors.depth,
                tolerance: quality.tolerance,
                skippedLoopFilter: quality.skippedLoopFilter
            )
        )
        var remaining = frames ?? .max
        func write(_ bytes: [UInt8]) throws -> Bool {
            guard remaining > 0 else { return false }
            try FileHandle.standardOutput.write(contentsOf: bytes)
            remaining -= 1
            return remaining > 0
        }
        while let packet = try input.next() {
            guard packet.track == track.number else { continue }
            let wantsMore = try renderer.take(
                packet.data,
                timecode: packet.presentationTime,
                isKey: packet.isKey,
                write: write
            )
            guard wantsMore else { return }
        }
        _ = try renderer.finish(write: write)
    }

    private func open() throws -> MediaFile {
        do {
            return try MediaInput.open(file)
        } catch {
            throw CommandFailure(
                error.code == .notFound ? .notFound : .failed,
                "cannot render \(file): \(error)"
            )
        }
    }
}
