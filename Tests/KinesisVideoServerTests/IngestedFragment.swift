import KinesisVideo
import KinesisVideoServer
import NIOCore

/// What became of one Cluster, with its bytes joined.
struct IngestedFragment: Equatable {
    enum End: Equatable {
        case open
        case complete(length: Int64, frameCount: Int)
        case discarded
    }

    var timecode: UInt64?
    var producerTimestamp: Timestamp?
    var header: [UInt8] = []
    var bytes: [UInt8] = []
    var end = End.open

    /// Everything a connection's body gives, however it arrives.
    struct Result: Equatable {
        var fragments: [IngestedFragment] = []
        var failure: IngestionError?
    }

    /// Reads a body that arrives in parts and then ends.
    static func ingest(
        _ parts: [ArraySlice<UInt8>],
        _ type: PutMediaIngest.TimecodeType = .absolute,
        start: Timestamp = Timestamp(milliseconds: 0)
    ) -> Result {
        var ingest = PutMediaIngest(timecodeType: type, startTimestamp: start)
        var result = Result()
        for part in parts { result.take(ingest.read(ByteBuffer(bytes: part))) }
        result.take(ingest.finish())
        return result
    }

    /// Reads a body that arrives at once.
    static func ingest(
        _ body: [UInt8],
        _ type: PutMediaIngest.TimecodeType = .absolute,
        start: Timestamp = Timestamp(milliseconds: 0)
    ) -> Result {
        ingest([body[...]], type, start: start)
    }
}

extension IngestedFragment.Result {
    mutating func take(_ actions: [PutMediaIngest.Action]) {
        for action in actions {
            let last = fragments.indices.last ?? 0
            switch action {
            case .begin: fragments.append(IngestedFragment())
            case .announce(let timecode, let producerTimestamp, let header):
                fragments[last].timecode = timecode
                fragments[last].producerTimestamp = producerTimestamp
                fragments[last].header = Array(header.readableBytesView)
            case .append(let part): fragments[last].bytes += part.readableBytesView
            case .complete(let length, let frameCount):
                fragments[last].end = .complete(length: length, frameCount: frameCount)
            case .discard: fragments[last].end = .discarded
            case .fail(let error, _, _): failure = error
            }
        }
    }

    /// The result without the bytes of a fragment that failed: how many had been given out depends on the split.
    var settled: Self {
        var result = self
        if failure != nil, let last = fragments.last, last.end == .open {
            result.fragments[fragments.count - 1].bytes = []
        }
        return result
    }

    var complete: [IngestedFragment] {
        fragments.filter { if case .complete = $0.end { true } else { false } }
    }
}
