import KinesisVideo

/// What a caller may do: everything, or only read, or only with streams whose names begin in certain ways.
public struct AccessGrant: Sendable, Hashable {
    /// How logs name the caller; never a key.
    public var caller: String
    /// Whether calls that change something are refused.
    public var isReadOnly: Bool
    /// What names of streams must begin with, any of them; nil for every stream.
    public var streamPrefixes: [String]?

    /// Describes a caller; without more it may do everything.
    public init(caller: String, isReadOnly: Bool = false, streamPrefixes: [String]? = nil) {
        self.caller = caller
        self.isReadOnly = isReadOnly
        self.streamPrefixes = streamPrefixes
    }

    /// Whether streams of that name are in reach.
    public func covers(_ name: String) -> Bool {
        guard let streamPrefixes else { return true }
        return streamPrefixes.contains { name.hasPrefix($0) }
    }

    /// Checks a call, once its arguments can be read.
    ///
    /// A call that has to name a stream and does not is refused to a caller that is bound to some: whatever it
    /// means, it cannot be shown to be within reach.
    ///
    /// - Parameters:
    ///   - route: what is called.
    ///   - streams: names of the streams that the call is about.
    /// - Throws: NotAuthorizedException, for newer operations AccessDeniedException.
    func check(_ route: ServiceRoute, streams: [String]) throws(ServiceError) {
        if isReadOnly, route.effect == .change {
            throw route.denial("\(caller) may only read")
        }
        guard streamPrefixes != nil, route.isAboutOneStream else { return }
        guard !streams.isEmpty else {
            throw route.denial("\(caller) is bound to certain streams, and the call names none")
        }
        if let name = streams.first(where: { !covers($0) }) {
            throw route.denial("\(caller) may not use stream '\(name.prefix(256))'")
        }
    }
}
