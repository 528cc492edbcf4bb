/// What a producer's owner does about an error acknowledgement.
///
/// Source: 03 PutMedia, "Error ids".
enum IngestionAdvice {
    static func text(_ id: Int?) -> String {
        switch id ?? 0 {
        case 4000: "the upload broke off: look at the network between producer and service"
        case 4001: "fragments are larger than 50 MB: more key frames, or a lower bit rate"
        case 4002: "fragments are longer than 20 s: a key frame at least every 10 s"
        case 4003: "the connection was 45 minutes old: make a new one earlier"
        case 4004: "timecodes go back or repeat: each fragment begins behind the last frame of the one before"
        case 4006: "the media is no Matroska as the service takes it: kinescope inspect on what is sent"
        case 4007: "the producer's clock or start timestamp is wrong: set it, or use RELATIVE timecodes"
        case 4008, 4507: "the stream is gone or not ACTIVE: make it, and let the producer connect again"
        case 4009: "too much metadata: 10 items, names of 128 and values of 256 bytes at most"
        case 4010: "frames of a track that the header does not declare"
        case 4011: "a declared track has no frames: leave the track out, or send it"
        case 4012: "more than three tracks"
        case 4500...4506:
            "the stream's key cannot be used: look at it, and at what the producer may do with it"
        case 5000, 5001: "the service failed: its log says why; the producer sends again"
        default: "the producer's log says what it sent"
        }
    }
}
