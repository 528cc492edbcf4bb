import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Matroska
import MediaCodec
import Monitor
import Pixels

/// Fetches single pictures of streams for the list: one archived fragment each, and only its first key frame decoded.
struct PreviewWorker: Sendable {
    let client: ServiceClient
    let inbox: MonitorInbox

    /// Answers demands, the newest of those that wait.
    func run(_ demands: AsyncStream<PreviewDemand>) async {
        for await demand in demands {
            do {
                let image = try await picture(demand)
                let failure = image == nil ? "the fragment has no picture that can be decoded" : nil
                inbox.post(.preview(StreamPreview(demand, image: image, failure: failure)))
            } catch is CancellationError {
                return
            } catch {
                let words = CommandFailure(error).message ?? "\(error)"
                inbox.post(.preview(StreamPreview(demand, image: nil, failure: words)))
            }
        }
    }

    private func picture(_ demand: PreviewDemand) async throws -> RGBImage? {
        guard let number = FragmentNumber(demand.fragment.number) else { return nil }
        let consumer = StreamConsumer(client: client, stream: StreamReference(name: demand.stream))
        var document: DocumentInspection?
        try await BatchFetcher(consumer, attempts: 2).fetch([number]) { _, bytes in
            document = DocumentInspection(Array(bytes))
        }
        return try document.flatMap {
            try Self.keyPicture(of: $0, columns: demand.columns, rows: demand.rows)
        }
    }

    /// The first key picture of a fragment, scaled to a box of cells; nil where there is none.
    private static func keyPicture(of document: DocumentInspection, columns: Int, rows: Int) throws
        -> RGBImage?
    {
        guard let track = document.tracks.first(where: { $0.type == .video }),
            let frame = document.frames.first(where: { $0.track == track.number && $0.isKey })
        else { return nil }
        var decoder = try VideoDecoder(track: track)
        try decoder.send(Array(document.bytes[frame.range]), timecode: frame.time, isKey: true)
        try decoder.drain()
        guard let picture = try decoder.receive() else { return nil }
        let size = picture.size.fitted(columns: columns, rows: rows, sampleAspect: picture.sampleAspect).size
        var image = RGBImage(size: size)
        var scaler = FrameScaler()
        scaler.scale(picture, into: &image)
        return image
    }
}
