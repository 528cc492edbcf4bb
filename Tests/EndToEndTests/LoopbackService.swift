import FragmentStorage
import KinescopeTesting
import KinesisVideo
import KinesisVideoServer
import Logging

/// The service inside the test's own process, for what cannot be set from outside: its clock, its patience and its disk.
enum LoopbackService {
    /// Runs `body` while a service with an empty store is served on a free port.
    static func with(
        _ configure: (inout ServiceConfiguration) -> Void = { _ in },
        now: Timestamp = Timestamp(milliseconds: 1_767_225_600_000),
        store settings: StoreConfiguration = StoreConfiguration(),
        calls: any SystemCalls = MachineCalls(),
        _ body: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        var configuration = ServiceConfiguration()
        configuration.port = 0
        configure(&configuration)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try await FragmentStore.open(
            directory: folder.path("data"),
            configuration: settings,
            logger: logger,
            clock: { now },
            calls: calls
        )
        let service = KinesisVideoService(
            store: store,
            configuration: configuration,
            logger: logger,
            clock: { now }
        )
        let (ports, sink) = AsyncStream.makeStream(of: Int.self)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run { sink.yield($0) } }
                group.addTask {
                    guard let port = await ports.first(where: { _ in true }) else { return }
                    try await body("http://127.0.0.1:\(port)")
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}
