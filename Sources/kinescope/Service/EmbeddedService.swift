import Foundation
import FragmentStorage
import KinesisVideo
import KinesisVideoServer
import Logging

/// The service inside this process, or the one of another process that holds the same data.
enum EmbeddedService {
    /// Runs `body` with the URL of the service on the standard data folder.
    static func with<Result: Sendable>(_ body: @escaping @Sendable (_ url: String) async throws -> Result)
        async throws -> Result
    {
        let path = DataFolder.standard
        // A holder that is just starting or ending has no URL for a moment.
        for _ in 0..<50 {
            if let folder = try DataFolder.take(path) {
                return try await RunningService.with(folder, options()) { _, url in try await body(url) }
            }
            if let url = DataFolder.holder(of: path) { return try await body(url) }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw CommandFailure(
            .unreachable,
            "\(path) is in use by a process that does not serve it (try --endpoint)"
        )
    }

    private static func options() -> RunningService.Options {
        var options = RunningService.Options()
        options.configuration.region = Region.ofEnvironment
        options.configuration.liveDelivery = .frame
        options.allowsOtherPort = true
        options.logger = Logger(label: "kinescope") { _ in FileLogHandler.standard() }
        return options
    }
}
