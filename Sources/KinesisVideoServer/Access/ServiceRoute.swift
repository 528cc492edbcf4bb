import HTTPTypes
import KinesisVideo

/// A method and path that the service answers, and who may call it.
///
/// `all` is the one list: the responder answers nothing that is not in it, and the tests of access walk it.
package struct ServiceRoute: Sendable, Hashable {
    /// What a call does to the service.
    package enum Effect: Sendable, Hashable {
        /// Nothing; answered without a signature in every mode.
        case open
        /// Reads.
        case read
        /// Changes something.
        case change
    }

    /// Method in upper case.
    package let method: String
    /// Path; a segment `*` stands for the name of a stream.
    package let path: String
    /// What a call does.
    package let effect: Effect
    /// Whether every call is about one stream, which it names.
    package let isAboutOneStream: Bool

    private init(_ method: String, _ path: String, _ effect: Effect, isAboutOneStream: Bool = true) {
        self.method = method
        self.path = path
        self.effect = effect
        self.isAboutOneStream = isAboutOneStream
    }

    static let health = ServiceRoute("GET", "/health", .open, isAboutOneStream: false)
    static let statistics = ServiceRoute("GET", ServiceStatistics.path, .read, isAboutOneStream: false)
    static let metrics = ServiceRoute("GET", "/metrics", .read, isAboutOneStream: false)
    static let acknowledgements = ServiceRoute("GET", AcknowledgementLog.path(of: "*"), .read)
    static let listStreams = ServiceRoute("POST", ListStreams.path, .read, isAboutOneStream: false)
    static let putMedia = ServiceRoute("POST", "/putMedia", .change)

    /// A call on one stream: the service's words for reading are these three, whatever else it does is a change.
    private init(call path: String) {
        let verbs = ["describe", "get", "list"]
        let isRead = verbs.contains { path.dropFirst().lowercased().hasPrefix($0) }
        self.init("POST", path, isRead ? .read : .change)
    }

    private static let calls =
        ControlPlane.routes.map(\.path).filter { $0 != ListStreams.path }
        + [GetMedia.path, GetMediaForFragmentList.path, ListFragments.path]

    /// Everything that is answered.
    package static let all =
        [health, statistics, metrics, acknowledgements, listStreams, putMedia]
        + calls.map { ServiceRoute(call: $0) }

    private static let byTarget = Dictionary(
        uniqueKeysWithValues: all.map { ("\($0.method) \($0.path)", $0) }
    )

    /// The route of a request, with the stream that its path names.
    static func find(_ method: HTTPRequest.Method, _ path: String) -> (route: ServiceRoute, stream: String?)?
    {
        if let route = byTarget["\(method.rawValue) \(path)"] { return (route, nil) }
        for route in all where route.method == method.rawValue {
            let halves = route.path.split(separator: "*", omittingEmptySubsequences: false)
            guard halves.count == 2, path.hasPrefix(halves[0]), path.hasSuffix(halves[1]) else { continue }
            let name = path.dropFirst(halves[0].count).dropLast(halves[1].count)
            guard !name.isEmpty, !name.contains("/") else { continue }
            return (route, String(name))
        }
        return nil
    }

    /// How logs and metrics name it: `putMedia`, `health`, `streams/*/acks`.
    var operation: String {
        String(path.dropFirst(path.hasPrefix("/kinescope/") ? 11 : 1))
    }

    /// The refusal of a caller whose signature is valid; newer operations have another word for it.
    ///
    /// Source: 02 Control plane, "Errors".
    func denial(_ message: String) -> ServiceError {
        let newer = ["Image", "Notification", "Storage", "Resource"]
        let name = newer.contains { path.contains($0) } ? "AccessDeniedException" : "NotAuthorizedException"
        return ServiceError(name: name, status: 401, message: message)
    }
}
