import Foundation
import FragmentStorage
import KinesisVideo
import KinesisVideoServer
import Logging
import NIOCore

/// A store and the service on it, run inside this process.
enum RunningService {
    /// What a service is started with.
    struct Options: Sendable {
        var configuration = ServiceConfiguration()
        var store = StoreConfiguration()
        var logger = Logger(label: "kinescope")
        var clock: @Sendable () -> Timestamp = { systemClock() }
        /// Takes a free port where the one asked for is in use.
        var allowsOtherPort = false
    }

    /// Serves while `body` runs, then writes what is complete and stops.
    ///
    /// - Parameters:
    ///   - folder: where the data is.
    ///   - options: how to serve.
    ///   - body: called with store and URL once requests are served.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws, `CommandFailure` where the address is in use, StoreError.
    static func with<Result: Sendable>(
        _ folder: DataFolder,
        _ options: Options,
        _ body: @escaping @Sendable (FragmentStore, _ url: String) async throws -> Result
    ) async throws -> Result {
        // A limit on file sizes is then a write that fails, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let store = try await FragmentStore.open(
            directory: folder.path,
            configuration: options.store,
            logger: options.logger,
            clock: options.clock
        )
        do {
            let result = try await serve(store, folder, options, body)
            await store.close()
            return result
        } catch {
            await store.close()
            throw error
        }
    }

    private static func serve<Result: Sendable>(
        _ store: FragmentStore,
        _ folder: DataFolder,
        _ options: Options,
        _ body: @escaping @Sendable (FragmentStore, _ url: String) async throws -> Result
    ) async throws -> Result {
        var options = options
        while true {
            do {
                return try await serveOnce(store, folder, options, body)
            } catch is AddressInUse where options.allowsOtherPort && options.configuration.port != 0 {
                options.configuration.port = 0
            } catch is AddressInUse {
                let configuration = options.configuration
                throw CommandFailure(
                    .failed,
                    "cannot listen on \(configuration.host):\(configuration.port): address in use (try another --port)"
                )
            }
        }
    }

    private struct AddressInUse: Error {}

    private static func serveOnce<Result: Sendable>(
        _ store: FragmentStore,
        _ folder: DataFolder,
        _ options: Options,
        _ body: @escaping @Sendable (FragmentStore, _ url: String) async throws -> Result
    ) async throws -> Result {
        let service = KinesisVideoService(
            store: store,
            configuration: options.configuration,
            logger: options.logger,
            clock: options.clock
        )
        let (ports, portSink) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                do {
                    try await service.run { port in portSink.yield(port) }
                } catch let error as IOError where error.errnoCode == EADDRINUSE {
                    throw AddressInUse()
                }
                portSink.finish()
                return nil
            }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
                let scheme = options.configuration.tls == nil ? "http" : "https"
                let url = "\(scheme)://\(urlHost(options.configuration.host)):\(port)"
                folder.publish(url)
                return try await body(store, url)
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// An address that listens on every interface is reached on loopback; IPv6 needs brackets.
    private static func urlHost(_ host: String) -> String {
        if host == "0.0.0.0" { return "127.0.0.1" }
        if host == "::" { return "[::1]" }
        return host.contains(":") ? "[\(host)]" : host
    }
}

/// The machine's clock.
@Sendable func systemClock() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
}
