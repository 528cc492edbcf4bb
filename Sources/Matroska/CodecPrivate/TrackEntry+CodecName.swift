extension TrackEntry {
    /// The codec as people name it: `h264`, `aac`, `mulaw`; else the last part of Matroska's name, in small letters.
    package var codecName: String {
        if let name = Self.codecNames[codecID] { return name }
        // WAVEFORMATEX begins with its format tag.
        switch (codecID, codecPrivate.first) {
        case ("A_MS/ACM", 6): return "alaw"
        case ("A_MS/ACM", 7): return "mulaw"
        case ("A_MS/ACM", _): return "acm"
        default: break
        }
        if codecID.hasPrefix("A_PCM/") { return "pcm" }
        return String(codecID.dropFirst(2)).lowercased()
    }

    private static let codecNames = [
        "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "h265", "V_MJPEG": "mjpeg", "V_VP8": "vp8",
        "V_VP9": "vp9", "V_AV1": "av1", "A_AAC": "aac", "A_OPUS": "opus",
    ]
}
