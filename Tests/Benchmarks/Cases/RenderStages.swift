import Foundation
import Glibc
import Matroska
import MediaCodec
import Pixels
import TerminalVideo

/// What each step from a compressed frame to the terminal costs: decode, scale, cells, encode, write.
///
/// All frames go through one step before the next begins, on one thread, by that thread's processor time. The measure is
/// decoding, which no player is spared. Without a clip it is the test card; `KINESCOPE_CLIP` names a file of film.
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
        var nanoseconds: [Stage: [Double]] = [:]
        var bytes = 0
    }

    static func run() async throws {
        let clip = ProcessInfo.processInfo.environment["KINESCOPE_CLIP"]
        let (track, frames) = try clip.map(readClip) ?? testCard()
        for (name, tolerance) in [("exact", Tolerance.exactAtRest), ("default quality", .justVisible)] {
            var figures = Figures()
            // The first round warms up.
            for round in 0...rounds {
                let times = try measure(track, frames, tolerance, &figures.bytes)
                guard round > 0 else { continue }
                for (stage, time) in times { figures.nanoseconds[stage, default: []].append(time) }
            }
            report(figures, frames.count, "\(clip ?? "test card") at \(columns)x\(rows), \(name)")
        }
    }

    private static func report(_ figures: Figures, _ count: Int, _ label: String) {
        show(label, "\(count) frames, \(figures.bytes / count) bytes/frame")
        let decoding = Series(figures.nanoseconds[.decode] ?? [1]).median
        var rest = 0.0
        for stage in Stage.allCases {
            guard let times = figures.nanoseconds[stage] else { continue }
            let series = Series(times.map { $0 / 1000 / Double(count) })
            let part = series.median * 1000 * Double(count) / decoding
            if stage != .decode { rest += part }
            show("  \(stage.rawValue)", "\(series.text) µs/frame, \(figure(part)) x decode")
        }
        let verdict = rest <= goal ? "met" : "missed"
        show("  all but decode", "\(figure(rest)) x decode; goal \(goal): \(verdict)")
    }

    // MARK: Steps

    private static func measure(
        _ track: TrackEntry,
        _ frames: [EncodedFrame],
        _ tolerance: Tolerance,
        _ bytes: inout Int
    ) throws -> [Stage: Double] {
        var times: [Stage: Double] = [:]
        let size = PixelSize(width: columns, height: 2 * rows)
        var decoder = try VideoDecoder(track: track)
        var scaler = FrameScaler()
        var images: [RGBImage] = []
        // Pictures are large: each is scaled at once, and the clock of the other step stands still meanwhile.
        for frame in frames {
            let begin = threadTime
            try decoder.send(frame.data, timecode: Int64(images.count), isKey: frame.isKey)
            times[.decode, default: 0] += threadTime - begin
            try take(&decoder, &scaler, size, &images, &times)
        }
        try decoder.drain()
        try take(&decoder, &scaler, size, &images, &times)

        var grids = [CellGrid](repeating: CellGrid(columns: 0, rows: 0), count: images.count)
        times[.cells] = elapsed {
            for (index, image) in images.enumerated() {
                HalfBlockRenderer().render(image, into: &grids[index])
            }
        }
        var encoder = ANSIEncoder(depth: .truecolor)
        var outputs = [[UInt8]](repeating: [], count: grids.count)
        times[.encode] = elapsed {
            for (index, grid) in grids.enumerated() {
                encoder.encode(grid, tolerance: tolerance, into: &outputs[index])
            }
        }
        bytes = outputs.reduce(0) { $0 + $1.count }
        let terminal = try DrainedTerminal()
        defer { terminal.close() }
        times[.write] = elapsed { for output in outputs { terminal.write(output) } }
        return times
    }

    private static func take(
        _ decoder: inout VideoDecoder,
        _ scaler: inout FrameScaler,
        _ size: PixelSize,
        _ images: inout [RGBImage],
        _ times: inout [Stage: Double]
    ) throws {
        while true {
            let begin = threadTime
            guard let picture = try decoder.receive() else {
                return times[.decode, default: 0] += threadTime - begin
            }
            let decoded = threadTime
            var image = RGBImage(size: size)
            scaler.scale(picture, into: &image)
            times[.decode, default: 0] += decoded - begin
            times[.scale, default: 0] += threadTime - decoded
            images.append(image)
        }
    }

    private static func elapsed(_ work: () -> Void) -> Double {
        let begin = threadTime
        work()
        return threadTime - begin
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

    private static func testCard() throws -> (TrackEntry, [EncodedFrame]) {
        let card = TestCard(stream: "front-door", seed: 1)
        var encoder = try VideoEncoder(.init(size: card.size, rate: .quality(24, limit: 2_000_000)))
        var picture = YUV420Picture(size: card.size)
        let frames = try (0..<frameLimit).map { index in
            let time = 1_763_820_202_000 + 40 * Int64(index)
            card.draw(at: time, into: &picture)
            return try encoder.encode(picture, timecode: time)
        }
        return (encoder.track, frames)
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
