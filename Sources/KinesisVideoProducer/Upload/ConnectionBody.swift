import KinesisVideo
import Matroska
public import NIOCore

/// The body of one connection: header, then parts until the media or the connection's time is over.
public struct ConnectionBody: AsyncSequence, Sendable {
    /// Bytes of Matroska.
    public typealias Element = ByteBuffer

    let feed: UploadFeed
    let connection: UploadFeed.Connection
    let uid: [UInt8]
    let title: String

    /// Asks for the parts one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let body: ConnectionBody
        private var writer: SegmentWriter?
        private var timestamp: UInt64 = 0

        init(body: ConnectionBody) {
            self.body = body
        }

        /// The next bytes, once they are there; nil where the connection is to end.
        ///
        /// - Throws: `CancellationError`; MatroskaError for a frame too far from its fragment's start.
        public mutating func next() async throws -> ByteBuffer? {
            while true {
                switch try await body.feed.next(on: body.connection) {
                case .end: return nil
                case .part(let part):
                    if let bytes = try bytes(of: part) { return ByteBuffer(bytes: bytes) }
                }
            }
        }

        private mutating func bytes(of part: StreamUpload.Part) throws -> [UInt8]? {
            if case .tracks(let tracks) = part {
                let writer = SegmentWriter(tracks: tracks, uid: body.uid, title: body.title)
                self.writer = writer
                return writer.header()
            }
            return try writer?.bytes(of: part, base: body.connection.start, timestamp: &timestamp)
        }
    }

    /// Starts at the first part.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: self)
    }
}

extension SegmentWriter {
    /// The bytes of a part.
    ///
    /// - Parameters:
    ///   - part: anything but tracks.
    ///   - base: what is taken off all times, for relative ones.
    ///   - timestamp: the Cluster's time, which a fragment's start sets.
    /// - Returns: what goes into the body.
    /// - Throws: MatroskaError for a frame too far from its fragment's start.
    func bytes(of part: StreamUpload.Part, base: UInt64, timestamp: inout UInt64) throws -> [UInt8] {
        switch part {
        case .tracks: return header()
        case .fragmentStart(let start):
            timestamp = start >= base ? start - base : 0
            return clusterStart(timestamp: timestamp)
        case .frame(var frame):
            frame.timecode -= Int64(clamping: base)
            return try block(frame, clusterTimestamp: timestamp)
        case .metadata(let tag): return tags(tag)
        case .endOfFragment: return tags(Tag(ServiceTags.endOfFragment, ""))
        }
    }
}
