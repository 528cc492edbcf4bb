import Foundation
import FragmentStorage
import KinesisVideo
import NIOCore

/// The operations on streams themselves.
///
/// Each checks its arguments, then that the stream is there, then its state, and only then changes anything.
/// Source: 02 Control plane; 09, "Order of checks".
struct ControlPlane: Sendable {
    let store: FragmentStore
    let configuration: ServiceConfiguration
    let clock: @Sendable () -> Timestamp

    /// Runs the operation at `path`.
    ///
    /// - Returns: the JSON answer; nil where no operation of this family is there.
    func answer(
        _ path: String,
        endpoint: String,
        body: () async throws -> ByteBuffer
    ) async throws -> ByteBuffer? {
        switch path {
        case CreateStream.path: try await run(CreateStream.self, body, create)
        case DescribeStream.path: try await run(DescribeStream.self, body, describe)
        case ListStreams.path: try await run(ListStreams.self, body, list)
        case DeleteStream.path: try await run(DeleteStream.self, body, delete)
        case UpdateDataRetention.path: try await run(UpdateDataRetention.self, body, updateRetention)
        case GetDataEndpoint.path:
            try await run(GetDataEndpoint.self, body) { input in
                try input.validate()
                _ = try store.stream(input.stream)
                return GetDataEndpoint.Output(dataEndpoint: endpoint)
            }
        default: nil
        }
    }

    private func run<Operation: ServiceOperation>(
        _ operation: Operation.Type,
        _ body: () async throws -> ByteBuffer,
        _ perform: (Operation.Input) async throws -> Operation.Output
    ) async throws -> ByteBuffer {
        let input = try JSONBody.decode(Operation.Input.self, from: try await body())
        return try ByteBuffer(bytes: JSONEncoder().encode(try await perform(input)))
    }

    private func create(_ input: CreateStream.Input) async throws -> CreateStream.Output {
        try input.validate()
        guard store.stream(named: input.streamName) == nil else {
            throw ServiceError.inUse("a stream named '\(input.streamName)' exists")
        }
        let record = StreamRecord(creating: input, configuration: configuration, at: clock())
        do {
            _ = try await store.createStream(record)
        } catch let error as StoreError where error.kind == .streamExists {
            throw ServiceError.inUse("a stream named '\(input.streamName)' exists")
        }
        return CreateStream.Output(streamARN: record.info.streamARN)
    }

    private func describe(_ input: DescribeStream.Input) throws -> DescribeStream.Output {
        try input.validate()
        return DescribeStream.Output(streamInfo: try store.stream(input.stream).record.info)
    }

    private func list(_ input: ListStreams.Input) throws -> ListStreams.Output {
        try input.validate()
        let prefix = input.streamNameCondition?.comparisonValue ?? ""
        let limit = input.maxResults ?? 10_000
        let last = try input.nextToken.map { try PageToken($0, bound: prefix).last }
        let page = store.streams(after: last, prefix: prefix, limit: limit + 1)
        let shown = page.prefix(limit)
        return ListStreams.Output(
            streamInfoList: shown.map(\.record.info),
            nextToken: page.count > limit
                ? shown.last.map { PageToken(last: $0.name, bound: prefix).text } : nil
        )
    }

    private func delete(_ input: DeleteStream.Input) async throws -> DeleteStream.Output {
        try input.validate()
        let stream = try store.stream(StreamReference(arn: input.streamARN))
        if let version = input.currentVersion { try Self.compare(version, stream.record.info) }
        try await store.deleteStream(stream)
        return EmptyOutput()
    }

    private func updateRetention(_ input: UpdateDataRetention.Input) async throws
        -> UpdateDataRetention.Output
    {
        try input.validate()
        let change =
            input.operation == "INCREASE_DATA_RETENTION"
            ? input.dataRetentionChangeInHours : -input.dataRetentionChangeInHours
        try await store.stream(input.stream).updateRecord { record in
            try Self.compare(input.currentVersion, record.info)
            let hours = record.info.dataRetentionInHours + change
            try Patterns.check(hours, in: ServiceLimits.retentionHours, member: "resulting retention")
            record.info.dataRetentionInHours = hours
            record.info.version = StreamRecord.newVersion()
        }
        return EmptyOutput()
    }

    private static func compare(_ version: String, _ info: StreamInfo) throws(ServiceError) {
        guard version == info.version else {
            throw .versionMismatch("CurrentVersion is '\(version)', the stream's is '\(info.version)'")
        }
    }
}

extension FragmentStore {
    /// The stream that a call names.
    ///
    /// - Throws: ResourceNotFoundException; InvalidArgumentException where name and ARN disagree; InternalFailure
    ///   where the stream has a fault.
    func stream(_ reference: StreamReference) throws(ServiceError) -> StoredStream {
        let byARN = reference.arn.map { stream(arn: $0) }
        let byName = reference.name.map { stream(named: $0) }
        if let byARN, let byName, byARN?.arn != byName?.arn {
            throw .invalidArgument("StreamName and StreamARN name different streams")
        }
        guard let stream = byARN ?? byName ?? nil, !stream.isDeleted else {
            throw .notFound("no stream \(reference.arn ?? reference.name.map { "named '\($0)'" } ?? "")")
        }
        if let fault = stream.fault { throw .internalFailure(fault.reason) }
        return stream
    }
}

/// A page token: the last item sent and what the listing is bound to, in base64.
struct PageToken {
    var last: String
    private var bound: String

    init(last: String, bound: String) {
        self.last = last
        self.bound = bound
    }

    /// Reads a token.
    ///
    /// - Throws: InvalidArgumentException where it is none of ours or belongs to another listing.
    init(_ text: String, bound: String) throws(ServiceError) {
        guard let data = Data(base64Encoded: text),
            let parts = try? JSONDecoder().decode([String].self, from: data), parts.count == 2,
            parts[1] == bound
        else { throw .invalidArgument("NextToken is none that this listing gave") }
        self.init(last: parts[0], bound: bound)
    }

    var text: String {
        // Two strings always encode.
        ((try? JSONEncoder().encode([last, bound])) ?? Data()).base64EncodedString()
    }
}

/// Reads JSON requests and says what is wrong with them.
enum JSONBody {
    /// Decodes a body; an empty one counts as `{}`.
    ///
    /// - Throws: InvalidArgumentException that names the member.
    static func decode<Value: Decodable>(_ type: Value.Type, from body: ByteBuffer) throws(ServiceError)
        -> Value
    {
        let data = body.readableBytes == 0 ? Data("{}".utf8) : Data(body.readableBytesView)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .invalidArgument(words(error))
        } catch {
            throw .invalidArgument("the body is no JSON object")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty
                ? "the body" : context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case .typeMismatch(let type, let context): return "\(path(context)) is not of type \(type)"
        case .valueNotFound(let type, let context): return "\(path(context)) is null, wanted \(type)"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "the body is no JSON object" : "\(path(context)): \(context.debugDescription)"
        @unknown default: return "the body is no JSON object of this operation"
        }
    }
}
