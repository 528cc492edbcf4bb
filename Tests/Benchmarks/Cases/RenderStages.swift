import Foundation
import Glibc
import Matroska
import MediaCodec
import Pixels
import TerminalVideo

/// What each step from a compressed frame to the terminal costs: decode, scale, cells, encode, write.
///
/// On one thread, by that thread's processor time, each picture through all steps as in a player. The measure is decoding,
/// which no player is spared. Without a clip it is the test card; `KINESCOPE_CLIP` names a file of film.
enum RenderStages {
    private static let (columns, rows) = (160, 45)
    private static let (frameLimit, rounds) = (150, 5)
    /// What all steps behind decoding may take, as a part of decoding.
    ///
    /// Decoding is 45 to 80 % of all that the fastest peer does, so that its other steps take 0.25 to 1.2 times as long.
    private static let goal = 0.6

    private enum Stage: String, CaseIterable {
        case decode, scale, cells, encode, write
    }

    private struct Figures {
        var nanoseconds: [Stage: Double] = [:]
        var (pictures, bytes) = (0, 0)

        /// Microseconds of a step for a picture.
        func microseconds(_ stage: Stage) -> Double {
            (nanoseconds[stage] ?? 0) / 1000 / Double(max(1, pictures))
        }
    }

    static func run() async throws {
        let clip = ProcessInfo.processInfo.environment["KINESCOPE_CLIP"]
        let (track, frames) = try clip.map(readClip) ?? TestCardFilm.encoded(frames: frameLimit)
        for (name, tolerance) in [("exact", Tolerance.exactAtRest), ("default quality", .justVisible)] {
            // The first round warms up.
            let figures = try (0...rounds).map { _ in try measure(track, frames, tolerance) }.dropFirst()
            report(
                Array(figures),
                "\(clip ?? "test card") at \(columns)x\(rows), \(name)",
                isFilm: clip != nil
            )
        }
    }

    private static func report(_ rounds: [Figures], _ label: String, isFilm: Bool) {
        let last = rounds[rounds.count - 1]
        show(label, "\(last.pictures) pictures, \(last.bytes / max(1, last.pictures)) bytes a picture")
        for stage in Stage.allCases {
            let part = Series(rounds.map { $0.microseconds(stage) / $0.microseconds(.decode) }).median
            show(
                "  \(stage.rawValue)",
                "\(Series(rounds.map { $0.microseconds(stage) }).text) µs, \(figure(part)) x decode"
            )
        }
        let rest = Series(
            rounds.map { round in
                let all = Stage.allCases.reduce(0) { $0 + round.microseconds($1) }
                return all / round.microseconds(.decode) - 1
            }
        )
        // The test card is decoded in next to no time, which says nothing of the other steps.
        let verdict = isFilm ? "; goal \(goal): \(rest.median <= goal ? "met" : "missed")" : ""
        show("  all but decode", "\(rest.text) x decode\(verdict)")
    }

    // MARK: Steps

    private static func measure(
        _ track: TrackEntry,
        _ frames: [EncodedFrame],
        _ tolerance: Tolerance
    ) throws -> Figures {
        var figures = Figures()
        var decoder = try VideoDecoder(track: track)
        var drawing = try Drawing()
        defer { drawing.terminal.close() }
        for (index, frame) in frames.enumerated() {
            let begin = threadTime
            try decoder.send(frame.data, timecode: Int64(index), isKey: frame.isKey)
            figures.nanoseconds[.decode, default: 0] += threadTime - begin
            try draw(&decoder, tolerance, &drawing, &figures)
        }
        try decoder.drain()
        try draw(&decoder, tolerance, &drawing, &figures)
        return figures
    }

    /// What lives from one picture to the next, as in a player.
    private struct Drawing: ~Copyable {
        var scaler = FrameScaler()
        var image = RGBImage(size: PixelSize(width: columns, height: 2 * rows))
        var grid = CellGrid(columns: 0, rows: 0)
        var encoder = ANSIEncoder(depth: .truecolor)
        var output: [UInt8] = []
        let terminal: DrainedTerminal

        init() throws {
            terminal = try DrainedTerminal()
        }
    }

    /// Takes all pictures out of the decoder through the steps behind it.
    private static func draw(
        _ decoder: inout VideoDecoder,
        _ tolerance: Tolerance,
        _ drawing: inout Drawing,
        _ figures: inout Figures
    ) throws {
        while true {
            var clock = threadTime
            func note(_ stage: Stage) {
                let now = threadTime
                figures.nanoseconds[stage, default: 0] += now - clock
                clock = now
            }
            guard let picture = try decoder.receive() else { return note(.decode) }
            note(.decode)
            drawing.scaler.scale(picture, into: &drawing.image)
            note(.scale)
            HalfBlockRenderer().render(drawing.image, into: &drawing.grid)
            note(.cells)
            drawing.output.removeAll(keepingCapacity: true)
            drawing.encoder.encode(drawing.grid, tolerance: tolerance, into: &drawing.output)
            note(.encode)
            drawing.terminal.write(drawing.output)
            note(.write)
            figures.pictures += 1
            figures.bytes += drawing.output.count
        }
    }

    /// Nanoseconds of a processor that this thread has had.
    private static var threadTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    // MARK: Frames

    private static func readClip(_ path: String) throws -> (TrackEntry, [EncodedFrame]) {
        var file = try MediaFile.open(path: path)
        guard let track = file.tracks.first(where: { $0.video != nil }) else {
            preconditionFailure("\(path) has no pictures")
        }
        var frames: [EncodedFrame] = []
        while frames.count < frameLimit, let packet = try file.next() {
            guard packet.track == track.number else { continue }
            frames.append(
                EncodedFrame(
                    track: packet.track,
                    timecode: packet.presentationTime,
                    isKey: packet.isKey,
                    data: packet.data
                )
            )
        }
        return (track, frames)
    }
}

/// A pseudo terminal whose other side is read by a thread, as a terminal does.
private final class DrainedTerminal {
    private let (near, far): (Int32, Int32)

    init() throws {
        var (near, far): (Int32, Int32) = (0, 0)
        guard openpty(&far, &near, nil, nil, nil) == 0 else { throw POSIXError(.ENXIO) }
        (self.near, self.far) = (near, far)
        let reader = far
        var settings = termios()
        tcgetattr(near, &settings)
        cfmakeraw(&settings)
        tcsetattr(near, TCSANOW, &settings)
        Thread.detachNewThread {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while read(reader, &bytes, bytes.count) > 0 {}
            Glibc.close(reader)
        }
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(near, $0.baseAddress, $0.count) }
            precondition(count > 0, "the terminal takes nothing")
            rest = rest.dropFirst(count)
        }
    }

    /// Hangs up; the reading side ends with it.
    func close() {
        Glibc.close(near)
    }
}
