public import SigV4

/// Where the service is and who asks.
public struct Endpoint: Sendable, Hashable {
    /// URL of the control plane, without a path.
    public var url: String
    /// Region that requests are signed for.
    public var region: String
    /// Who asks; nil sends requests unsigned, as a service on this machine allows.
    public var credentials: Credentials?
    /// File of PEM certificates that an https service is trusted by; nil for those of the system.
    public var caFile: String?

    /// A service at any URL, such as `http://127.0.0.1:7070`.
    public init(url: String, region: String = "local-1", credentials: Credentials? = nil) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.region = region
        self.credentials = credentials
    }

    /// Amazon Kinesis Video Streams in a region.
    ///
    /// Source: 01 Overview, "Hosts and API families".
    public static func aws(region: String, credentials: Credentials) -> Endpoint {
        let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let name = region.hasPrefix("us-gov-") ? "kinesisvideo-fips" : "kinesisvideo"
        return Endpoint(url: "https://\(name).\(region).\(suffix)", region: region, credentials: credentials)
    }
}
