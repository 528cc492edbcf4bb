import KinesisVideo
import Matroska

/// What the newest fragment says of the producer: clocks, codec private data, key frames and times.
struct MediaDiagnosis: Sendable {
    let findings: [Finding]

    init(_ facts: StreamFacts) {
        switch facts.media {
        case nil: findings = []
        case .failure(let refusal)?:
            findings = [Finding("media", .unknown, "the newest fragment cannot be read: \(refusal.reason)")]
        case .success(let media)?:
            findings =
                [Self.producerClock(media, facts)]
                + media.tracks.map { Self.codec($0, media) }
                + [Self.keyFrames(media), Self.timecodes(media, facts)]
        }
    }

    private static func producerClock(_ media: StreamFacts.Media, _ facts: StreamFacts) -> Finding {
        let (producer, server) = (media.metadata.producerTimestamp, media.metadata.serverTimestamp)
        let lag = server.milliseconds - producer.milliseconds
        let evidence = "the fragment's producer time is \(producer.rfc3339), the service's \(server.rfc3339)"
        // A day after 1970 is no clock: it counts from the start of the recording.
        if producer.milliseconds < 86_400_000 {
            return Finding(
                "timestamps",
                .fault,
                "\(evidence): it counts from 0",
                "send x-amzn-producer-start-timestamp, or ABSOLUTE timecodes; until then ask by server time"
            )
        }
        guard lag < -1000 || lag > 3_600_000 else {
            return Finding("timestamps", .ok, "producer's clock \(Double(lag) / 1000) s behind the service's")
        }
        return Finding(
            "timestamps",
            .warning,
            evidence,
            "ranges by producer time miss: set the producer's clock, or ask by server time (a recording sent later is so, too)"
        )
    }

    private static func codec(_ track: TrackEntry, _ media: StreamFacts.Media) -> Finding {
        let topic = "track \(track.number)"
        let name = track.codecID
        let frame = media.frames.first { $0.track == track.number }
        let isVideo = name == "V_MPEG4/ISO/AVC" || name == "V_MPEGH/ISO/HEVC"
        if isVideo, startsWithStartCode(track.codecPrivate) {
            return Finding(
                topic,
                .fault,
                "\(name): codec private data is Annex-B (\(track.codecPrivate.count) bytes)",
                "send avcC or hvcC: players, clips and HLS refuse start codes there"
            )
        }
        if isVideo, let frame, startsWithStartCode(frame.data) {
            return Finding(
                topic,
                .fault,
                "\(name): frames are Annex-B (start codes), codec private data says lengths",
                "write each NAL unit with its length ahead (h264parse stream-format=avc, or -bsf h264_mp4toannexb left out)"
            )
        }
        let description = CodecDescription(track)
        if let fault = description.fault {
            return Finding(
                topic,
                .fault,
                "\(name): \(fault)",
                "send the codec private data in the Tracks element"
            )
        }
        let words = description.summary.isEmpty ? "\(track.codecPrivate.count) bytes" : description.summary
        guard frame != nil else {
            return Finding(
                topic,
                .fault,
                "\(name): no frame in the newest fragment",
                IngestionAdvice.text(4011)
            )
        }
        return Finding(topic, .ok, "\(name), \(words)")
    }

    private static func keyFrames(_ media: StreamFacts.Media) -> Finding {
        let video = Set(media.tracks.filter { $0.type == .video }.map(\.number))
        let frames = media.frames.filter { video.contains($0.track) }
        guard let first = frames.first else {
            return Finding("key frames", .ok, "no pictures, none are needed")
        }
        let keys = frames.count(where: \.isKey)
        let evidence = "\(keys) of \(frames.count) pictures in the newest fragment"
        guard first.isKey else {
            return Finding(
                "key frames",
                .fault,
                "\(evidence), the first is none",
                "begin a fragment at each key frame, and mark key frames as such"
            )
        }
        return Finding("key frames", .ok, "\(evidence), the first among them")
    }

    private static func timecodes(_ media: StreamFacts.Media, _ facts: StreamFacts) -> Finding {
        for track in media.tracks {
            let times = media.frames.filter { $0.track == track.number }.map(\.timecode)
            if times.count > 1, Set(times).count < times.count {
                return Finding(
                    "timecodes",
                    .fault,
                    "track \(track.number) has \(times.count) frames at \(Set(times).count) times",
                    "give each frame its own time; players show one picture for those that share it"
                )
            }
        }
        let recent = facts.recent?.value ?? []
        let overlaps = zip(recent, recent.dropFirst()).count { first, second in
            second.producerTimestamp.milliseconds < first.producerTimestamp.milliseconds + first.length
        }
        guard overlaps == 0 else {
            return Finding(
                "timecodes",
                .warning,
                "\(overlaps) of \(recent.count) fragments begin before the one ahead of them has ended",
                "two producers on one stream, a clock that was set back, or media that was sent twice"
            )
        }
        let first = media.frames.map(\.timecode).min() ?? 0
        let last = media.frames.map(\.timecode).max() ?? 0
        let seconds = Double(last &- first) * Double(media.timestampScale) / 1e9
        return Finding("timecodes", .ok, "ascending, \(media.frames.count) frames in \(seconds) s")
    }

    private static func startsWithStartCode(_ bytes: [UInt8]) -> Bool {
        // As a length, 1 would be a NAL unit of one byte, which no encoder begins with.
        bytes.starts(with: [0, 0, 1]) || bytes.starts(with: [0, 0, 0, 1])
    }
}
