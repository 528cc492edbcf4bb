import Foundation
import FragmentStorage
import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import Logging
import NIOCore

/// The control plane on a store of its own, without HTTP.
struct ControlPlaneFixture {
    private let store: FragmentStore
    let plane: ControlPlane
    private let folder: TemporaryFolder

    static let now = Timestamp(milliseconds: 1_763_820_202_480)

    init(limits: ServiceConfiguration.Limits = .none, delay: Duration = .zero) async throws {
        folder = try TemporaryFolder()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        store = try await FragmentStore.open(directory: folder.path("data"), logger: logger) { Self.now }
        var configuration = ServiceConfiguration()
        configuration.limits = limits
        plane = ControlPlane(
            store: store,
            configuration: configuration,
            quotas: ServiceQuotas(limits) { Self.now },
            transitions: StreamTransitions(store: store, delay: delay, logger: logger)
        ) { Self.now }
    }

    /// ARN of a stream that is made at the fixture's moment.
    static func arn(_ name: String) -> String {
        "arn:aws:kinesisvideo:local-1:000000000000:stream/\(name)/\(now.milliseconds)"
    }

    /// Ends the store's threads.
    func close() async {
        await store.close()
    }

    /// Calls an operation.
    ///
    /// - Returns: the answer's text.
    /// - Throws: what refuses it; ServiceError where nothing is at `path`.
    @discardableResult
    func call(_ path: String, _ json: String) async throws -> String {
        try await call(path, Array(json.utf8))
    }

    /// Calls an operation with a body that need not be text.
    @discardableResult
    func call(_ path: String, _ body: [UInt8]) async throws -> String {
        let answer = try await plane.answer(path, endpoint: "http://gate:7070") { ByteBuffer(bytes: body) }
        guard let answer else { throw ServiceError.unknownOperation(path) }
        return String(buffer: answer)
    }

    /// Calls an operation and says what came of it: the error's name, or `ok`.
    func outcome(_ path: String, _ json: String) async -> String {
        do {
            try await call(path, json)
            return "ok"
        } catch {
            return (error as? ServiceError)?.name ?? "\(error)"
        }
    }

    /// The members of an answer.
    func members(_ path: String, _ json: String) async throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(try await call(path, json).utf8))
        return object as? [String: Any] ?? [:]
    }

    /// The description of a stream.
    func info(_ name: String) async throws -> StreamInfo {
        let text = try await call(DescribeStream.path, #"{"StreamName":"\#(name)"}"#)
        return try JSONDecoder().decode(DescribeStream.Output.self, from: Data(text.utf8)).streamInfo
    }
}
