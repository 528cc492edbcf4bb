import ArgumentParser
import Foundation
import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska
import MediaCodec
import Monitor
import Pixels
import TerminalScreen
import TerminalVideo

/// `kinescope render`: the pictures of a file or a stream as terminal output.
struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the pictures of a file or a stream as terminal output.",
        discussion: """
            Every frame goes to standard output, untimed, between CSI ? 2026 h and CSI ? 2026 l. --quality exact \
            reproduces every pixel that rests, and those that move to one step of 255; 1 leaves out what cannot be \
            seen, and each further step gives up what the player gives up at it, but no frame: 2 low bits of colours, \
            3 all but 256 colours, 5 half the width, 7 all but key frames. What is no file is the name of a stream: its \
            media from the oldest or --from up to the newest or --to; with --follow without end. These \
            are times of the producer's clock.
            """
    )

    @Argument(help: "A media file, - for standard input, or the name of a stream.")
    var source: String

    @Option(help: ArgumentHelp("Size of the screen.", valueName: "colsxrows"))
    var size: CellSize

    @Option(
        help:
            "How to show the picture: half, quadrant, sextant or octant blocks, ascii, or the pixels of sixel or kitty; without colours always ascii."
    )
    var mode = Mode(.half)

    @Option(
        help: ArgumentHelp(
            "Pixels of a cell, for sixel and kitty; what the terminal says, else 10x20.",
            valueName: "widthxheight"
        )
    )
    var cell: CellSize?

    @Option(help: "Colours: truecolor, 256, 16 or none.")
    var colors = Colors(depth: .truecolor)

    @Option(help: "Stop after this many frames.")
    var frames: Int?

    @Option(help: ArgumentHelp("exact, or 0 to 7: what is given up.", valueName: "exact|0-7"))
    var quality: Quality = .init(.justVisible)

    @Flag(help: "Write an asciinema recording, version 2, with the times of the frames.")
    var cast = false

    @OptionGroup var ends: EndOptions

    @Flag(help: "Go on at the live edge of a stream until interrupted.")
    var follow = false

    @OptionGroup var connection: ConnectionOptions

    struct Mode: ExpressibleByArgument {
        var picture: PictureMode

        init(_ picture: PictureMode) {
            self.picture = picture
        }

        init?(argument: String) {
            guard let picture = PictureMode(rawValue: argument) else { return nil }
            self.picture = picture
        }

        var defaultValueDescription: String { picture.rawValue }
        static var allValueStrings: [String] { PictureMode.allCases.map(\.rawValue) }
    }

    struct Colors: ExpressibleByArgument {
        var depth: ColorDepth

        init(depth: ColorDepth) {
            self.depth = depth
        }

        init?(argument: String) {
            guard let depth = ColorDepth(rawValue: argument) else { return nil }
            self.depth = depth
        }

        var defaultValueDescription: String { depth.rawValue }
        static var allValueStrings: [String] { ColorDepth.allCases.map(\.rawValue) }
    }

    struct Quality: ExpressibleByArgument {
        var step: OutputQuality

        init(_ step: OutputQuality) {
            self.step = step
        }

        init?(argument: String) {
            guard let step = argument == "exact" ? .exact : Int(argument).flatMap(OutputQuality.init) else {
                return nil
            }
            self.step = step
        }

        var defaultValueDescription: String { "\(step.rawValue)" }
        static var allValueStrings: [String] { ["exact"] + OutputQuality.allCases.map { "\($0.rawValue)" } }

        /// What a frame that moves may leave out.
        var tolerance: Tolerance { step == .exact ? .exactAtRest : step.tolerance }
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

    func validate() throws {
        let pixels = cellPixels
        guard mode.picture.needsPixels,
            size.columns * pixels.width > 16_383 || size.rows * pixels.height > 16_383
        else { return }
        throw ValidationError(
            "\(size.columns)x\(size.rows) cells of \(pixels.width)x\(pixels.height) are more than 16,383 pixels"
        )
    }

    func run() async throws {
        var output = try RenderOutput(
            frames: frames,
            recordingOn: cast ? (size.columns, size.rows) : nil
        )
        guard isStream else {
            guard ends.start == nil, ends.end == nil, !follow else {
                throw CommandFailure(.usage, "--from, --to and --follow are for streams; \(source) is a file")
            }
            return try renderFile(to: &output)
        }
        let (first, last) = try ends.read(now: systemClock())
        let (name, follow, settings) = (source, follow, settings)
        let result: Void? = try await Interruption.watching([SIGINT, SIGTERM]) { [connection, output] in
            try await connection.withClient { client in
                let consumer = StreamConsumer(client: client, stream: StreamReference(name: name))
                let start = try await consumer.patiently { try await first?.start(on: consumer) }
                let end = try await consumer.patiently { try await last?.start(on: consumer) }
                var pictures = StreamPictures(name: name, settings: settings, output: output)
                try await pictures.run(client, from: start, to: end, isFollowing: follow)
            }
        }
        if result == nil, !follow { throw CommandFailure(.interrupted) }
    }

    /// What has no slash and is no file can only be a stream.
    private var isStream: Bool {
        source != "-" && !source.contains("/") && !FileManager.default.fileExists(atPath: source)
    }

    private var cellPixels: PixelSize {
        cell.map { PixelSize(width: $0.columns, height: $0.rows) }
            ?? TerminalInquiry.cellSize() ?? PictureEncoder.usualCell
    }

    private var settings: FrameRenderer.Settings {
        FrameRenderer.Settings(
            columns: size.columns,
            rows: size.rows,
            mode: colors.depth == .none ? .ascii : mode.picture,
            cell: cellPixels,
            depth: quality.step.depth(on: mode.picture == .ascii ? .none : colors.depth),
            tolerance: quality.tolerance,
            isHalfWidth: quality.step.isHalfWidth && !mode.picture.needsPixels,
            keyFramesOnly: quality.step == .keyFrames,
            skipsLoopFilter: quality.step != .exact && !mode.picture.needsPixels
        )
    }

    private func renderFile(to output: inout RenderOutput) throws {
        var input = try open()
        guard let track = input.tracks.first(where: { $0.type == .video }) else {
            throw CommandFailure(.failed, "\(source) has no video track that can be decoded")
        }
        var renderer = try FrameRenderer(track: track, settings: settings)
        LoadedLibraries.releaseUnusedPages()
        while let packet = try input.next() {
            guard packet.track == track.number else { continue }
            let wantsMore = try renderer.take(
                packet.data,
                timecode: packet.presentationTime,
                isKey: packet.isKey
            ) { try output.write($0, at: $1) }
            guard wantsMore else { return }
        }
        _ = try renderer.finish { try output.write($0, at: $1) }
    }

    private func open() throws -> MediaFile {
        do {
            return try MediaInput.open(source, search: .whatIsMissing)
        } catch {
            throw CommandFailure(
                CommandFailure.Status(error.code),
                "cannot render \(source): \(error)"
            )
        }
    }
}
