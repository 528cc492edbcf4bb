public import FragmentStorage

/// Where a service listens and what it says of itself.
public struct ServiceConfiguration: Sendable {
    /// Address to listen on.
    public var host = "127.0.0.1"
    /// Port to listen on; 0 takes a free one.
    public var port = 7070
    /// URL that GetDataEndpoint gives; nil derives it from each request.
    public var publicURL: String?
    /// Region of ARNs.
    public var region = "local-1"
    /// Account of ARNs.
    public var account = "000000000000"
    /// Who may call.
    public var access = AccessPolicy.open
    /// What https is served with; nil serves plain HTTP.
    public var tls: TLSIdentity?
    /// Another address that only `GET /metrics` and `GET /health` are served on, unsigned and by plain HTTP.
    public var metricsAddress: (host: String, port: Int)?
    /// How long a connection may take to say what it wants.
    public var patience = ConnectionPatience()
    /// What readers get at the newest end of a stream.
    public var liveDelivery = LiveDelivery.fragment

    /// What goes wrong on purpose, for tests of clients; nil for nothing.
    public var faults: FaultInjection?

    /// Which quotas hold beyond those that always do.
    public var limits = Limits.none
    /// How long a stream is CREATING, UPDATING or DELETING.
    public var transitionDelay = Duration.zero

    /// A set of quotas.
    public enum Limits: Sendable, Hashable {
        /// No rates, no numbers of connections.
        case none
        /// Those of the real service.
        case aws
    }

    /// The defaults of `kinescope serve`.
    public init() {}
}
