import KinesisVideo
import KinesisVideoProducer
import Matroska
import MediaCodec

/// Reads a file, or what an HTTP server sends, as the parts of an upload: as fast as they are asked for, or at the speed
/// of the media.
actor FileSource {
    nonisolated let summary: PacketPump.Summary
    /// Media time that has been handed out.
    private(set) var sentDuration = Duration.zero
    /// Frames left out ahead of the first key frame.
    var droppedFrames: Int { assembler.droppedFrames }
    /// Fragments that do not begin with a key frame.
    var splitFragments: Int { assembler.splitFragments }

    private let path: String
    private let timeout: Duration
    private let isRealtime: Bool
    private let loops: Bool
    private var pump: PacketPump
    private var assembler: FragmentAssembler
    private var fragments: [AssembledFragment] = []
    private var parts: [StreamUpload.Part] = []
    private var start = Timestamp(milliseconds: 0)
    private var origin = ContinuousClock.now
    /// Milliseconds to add to the file's own times; grows with each round.
    private var offset: Int64?
    /// Latest end of a frame in milliseconds from the start of the upload.
    private var end: Int64 = 0
    private var isAtEnd = false

    /// Opens a file, what an HTTP server sends, or standard input for `-`.
    ///
    /// - Throws: CodecError; `CancellationError`.
    init(path: String, isRealtime: Bool, loops: Bool, timeout: Duration) async throws {
        self.path = path
        self.timeout = timeout
        self.isRealtime = isRealtime
        self.loops = loops
        (pump, summary) = try await MediaInput.pump(path, timeout: timeout)
        assembler = FragmentAssembler(tracks: summary.tracks)
    }

    /// Sets the time of the first frame, and with it the origin of the media's pace.
    func begin(at start: Timestamp) {
        self.start = start
        origin = .now
    }

    /// The next part; nil at the end of the file.
    func next() async throws -> StreamUpload.Part? {
        while parts.isEmpty {
            while fragments.isEmpty {
                guard !isAtEnd else { return nil }
                try await readPacket()
            }
            let fragment = fragments.removeFirst()
            parts =
                [.fragmentStart(timestamp: UInt64(max(0, fragment.timestamp)))]
                + fragment.frames.map { .frame($0) }
        }
        let part = parts.removeFirst()
        if case .frame(let frame) = part {
            let due = Duration.milliseconds(frame.timecode - start.milliseconds)
            sentDuration = max(sentDuration, due)
            if isRealtime { try await Task.sleep(until: origin + due, clock: .continuous) }
        }
        return part
    }

    private func readPacket() async throws {
        guard assembler.waitingBytes <= ServiceLimits.fragmentBytes else {
            throw CommandFailure(
                .failed,
                "\(path) has no key frame within \(ServiceLimits.fragmentBytes) bytes, the most that the service takes in a "
                    + "fragment (encode it with a key frame every two seconds)"
            )
        }
        guard let packet = try await pump.next() else { return try await endOfFile() }
        // Half up, so that steady frame distances stay as even as milliseconds allow.
        let time = (packet.presentationTime + 500_000) / 1_000_000
        let shift = offset ?? -time
        offset = shift
        end = max(end, time + shift + (packet.duration ?? 0) / 1_000_000)
        let frame = EncodedFrame(
            track: packet.track,
            timecode: max(0, start.milliseconds + time + shift),
            isKey: packet.isKey,
            data: packet.data
        )
        if let fragment = assembler.take(frame) { fragments.append(fragment) }
    }

    private func endOfFile() async throws {
        guard loops else {
            fragments += assembler.finish()
            isAtEnd = true
            return
        }
        pump = try await MediaInput.pump(path, timeout: timeout).pump
        guard let first = try await pump.next() else {
            isAtEnd = true
            return
        }
        let time = (first.presentationTime + 500_000) / 1_000_000
        offset = end + 1 - time
        let frame = EncodedFrame(
            track: first.track,
            timecode: start.milliseconds + end + 1,
            isKey: first.isKey,
            data: first.data
        )
        if let fragment = assembler.take(frame) { fragments.append(fragment) }
    }
}
