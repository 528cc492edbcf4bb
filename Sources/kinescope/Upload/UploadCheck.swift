import KinesisVideo
import MediaCodec

/// What is said of a source's tracks before anything is sent.
enum UploadCheck {
    /// Names what is left out and what is encoded anew.
    ///
    /// - Throws: CommandFailure where nothing is left to be sent, or too much.
    static func report(_ summary: PacketPump.Summary, of name: String) throws {
        for track in summary.unsupportedTracks {
            kinescope.report(
                "\(name): track \(track.number) (\(track.kind), \(track.codec)) is left out: the codec is not carried"
            )
        }
        for track in summary.encodedTracks {
            kinescope.report("\(name): track \(track.number) (\(track.codec)) is encoded as H.264")
        }
        guard !summary.tracks.isEmpty else {
            throw CommandFailure(.failed, "\(name) has no track that can be sent")
        }
        guard summary.tracks.count <= ServiceLimits.tracks else {
            throw CommandFailure(
                .failed,
                "\(name) has \(summary.tracks.count) tracks, the service takes \(ServiceLimits.tracks)"
            )
        }
    }
}
