import ArgumentParser
import Foundation
import KinesisVideoClient
import Monitor
import SigV4

/// Options of every command that talks to a service.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The service: local, aws, a URL, or a name under [endpoints] of the settings.",
            valueName: "local|aws|url|name"
        )
    )
    var endpoint: String?

    @Option(help: "Region of the service.")
    var region: String?

    @Option(help: "Profile of the shared AWS files.")
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "PEM certificates to trust an https service by, in place of the system's; else KINESCOPE_CA_FILE, AWS_CA_BUNDLE or SSL_CERT_FILE.",
            valueName: "file"
        )
    )
    var caFile: String?

    /// Runs `body` with a client of the service that the options, the environment and the files name.
    func withClient<Result: Sendable>(_ body: @escaping @Sendable (ServiceClient) async throws -> Result)
        async throws -> Result
    {
        let settings = try Settings.current(flags: [("--endpoint", "endpoint", endpoint)])
        var options = self
        var name = settings["endpoint"].text
        if let named = settings.endpoints[name] {
            // Flags outrank the file.
            options.region = region ?? named.region
            options.profile = profile ?? named.profile
            name = named.url ?? "aws"
        }
        let caFile = caFile
        if name == "local" {
            let shared = options.sharedConfiguration()
            return try await EmbeddedService.with { url in
                // Another process may hold the data and want signatures.
                let credentials = try? Self.credentials(shared)
                let endpoint = Endpoint(url: url, region: Region.ofEnvironment, credentials: credentials)
                return try await Self.use(endpoint, caFile, body)
            }
        }
        return try await Self.use(try options.resolve(name), caFile, body)
    }

    /// The file that was chosen, known to be readable: the HTTP library would only say so at the first call.
    private static func trustedFile(_ caFile: String?) throws -> String? {
        let environment = ProcessInfo.processInfo.environment
        let names = ["KINESCOPE_CA_FILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"]
        let chosen = caFile ?? names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        if let chosen, !FileManager.default.isReadableFile(atPath: chosen) {
            throw CommandFailure(.notFound, "cannot read the certificates in \(chosen) (see --ca-file)")
        }
        return chosen
    }

    private func sharedConfiguration() -> SharedConfiguration {
        SharedConfiguration(environment: ProcessInfo.processInfo.environment, profile: profile) {
            try? String(contentsOfFile: $0, encoding: .utf8)
        }
    }

    private static func use<Result: Sendable>(
        _ endpoint: Endpoint,
        _ caFile: String?,
        _ body: @Sendable (ServiceClient) async throws -> Result
    ) async throws -> Result {
        var endpoint = endpoint
        if endpoint.url.hasPrefix("https:") { endpoint.caFile = try trustedFile(caFile) }
        return try await ServiceClient.with(endpoint: endpoint, body)
    }

    private func resolve(_ name: String) throws -> Endpoint {
        let configuration = sharedConfiguration()
        let region = configuration.region(explicit: region)
        let credentials: Credentials?
        do {
            credentials = try Self.credentials(configuration)
        } catch let error as ConfigurationError {
            throw CommandFailure(.denied, "\(error)")
        }
        if name.hasPrefix("http://") || name.hasPrefix("https://") {
            return Endpoint(url: name, region: region ?? "local-1", credentials: credentials)
        }
        guard name == "aws" else {
            throw CommandFailure(
                .usage,
                "endpoint '\(name)' is neither local, aws, a URL nor in the settings (try --endpoint http://HOST:PORT)"
            )
        }
        guard let region else { throw CommandFailure(.usage, "no region for aws (try --region eu-west-1)") }
        guard let credentials else {
            throw CommandFailure(
                .denied,
                "no credentials for aws (set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --profile)"
            )
        }
        if let url = configuration.endpointURL() {
            return Endpoint(url: url, region: region, credentials: credentials)
        }
        return .aws(region: region, credentials: credentials)
    }

    private static func credentials(_ configuration: SharedConfiguration) throws -> Credentials? {
        switch try configuration.credentials() {
        case .found(let credentials, _): return credentials
        case .process(_, let profile):
            throw CommandFailure(
                .denied,
                "profile \(profile) uses credential_process, which is not supported (export its keys into the environment)"
            )
        case .none: return nil
        }
    }
}
