import MediaCodec

/// What only the decoder knows of the picture on screen, and how fast it is.
struct PictureFacts: Sendable {
    var codec: String?
    var width: Int?
    var height: Int?
    var pixelFormat: String?
    var kind: DecodedPicture.Kind?
    private var decoded: [Duration] = []
    private var levels: [(level: AudioLevel, elapsed: Duration)] = []

    /// Keeps the levels of the last half second.
    mutating func soundMeasured(_ level: AudioLevel?, at elapsed: Duration) {
        levels.removeAll { elapsed - $0.elapsed > .milliseconds(500) }
        if let level { levels.append((level, elapsed)) }
    }

    mutating func pictureDecoded(at elapsed: Duration) {
        decoded.append(elapsed)
        if decoded.count > 4096 { decoded.removeFirst(2048) }
    }

    func describe(_ status: inout PlayerStatus, at elapsed: Duration) {
        status.codec = codec
        status.pictureWidth = width
        status.pictureHeight = height
        status.pixelFormat = pixelFormat
        // The decoder has looked into the frame; the container could only be guessed at.
        switch kind {
        case .intra: status.frameType = "I"
        case .predicted: status.frameType = "P"
        case .bidirectional: status.frameType = "B"
        case .other, nil: status.frameType = nil
        }
        let heard = levels.filter { elapsed - $0.elapsed <= .milliseconds(500) }.map(\.level)
        if !heard.isEmpty {
            let power = heard.reduce(0) { $0 + $1.rms * $1.rms } / Double(heard.count)
            status.sound = AudioLevel(peak: heard.map(\.peak).max() ?? 0, rms: power.squareRoot())
        }
        let recent = decoded.reversed().prefix { elapsed - $0 <= .seconds(2) }.count
        status.decodedFrameRate = decoded.isEmpty ? nil : Double(recent) / 2
    }
}

/// The calls of the last ten seconds.
struct CallLog: Sendable {
    private var calls: [(name: String, elapsed: Duration)] = []

    mutating func called(_ name: String, at elapsed: Duration) {
        calls.removeAll { elapsed - $0.elapsed > .seconds(10) }
        calls.append((name, elapsed))
    }

    func counts(at elapsed: Duration) -> [String: Int] {
        calls.reduce(into: [:]) { counts, call in
            if elapsed - call.elapsed <= .seconds(10) { counts[call.name, default: 0] += 1 }
        }
    }
}
