/// What a signature covers besides method, path, query and host.
///
/// Source: 07 Authentication, "Client rules".
public struct SigningOptions: Sendable, Hashable {
    /// Which headers are signed; host and date always are, `authorization` never is.
    public enum HeaderSelection: Sendable, Hashable {
        /// All but those named in lower case.
        case all(except: Set<String>)

        /// Only those named in lower case.
        case only(Set<String>)
    }

    /// Which headers are signed.
    public var signedHeaders: HeaderSelection

    /// Whether `x-amz-content-sha256` is sent, signed.
    public var sendsPayloadHash: Bool

    /// Whether the session token is signed; it is sent either way.
    public var signsSessionToken: Bool

    /// Whether `.`, `..` and empty segments of the path are resolved.
    public var normalizesPath: Bool

    /// Headers that the HTTP layer may add or change on the way.
    public static let hopByHop: Set<String> = ["connection", "expect", "transfer-encoding", "user-agent"]

    /// A call with a JSON body.
    public static let json = SigningOptions()

    /// PutMedia, whose body is not known when it is signed.
    public static let putMedia = SigningOptions(sendsPayloadHash: true)

    /// Signs all headers but those of `hopByHop` unless told otherwise.
    public init(
        signedHeaders: HeaderSelection = .all(except: hopByHop),
        sendsPayloadHash: Bool = false,
        signsSessionToken: Bool = true,
        normalizesPath: Bool = true
    ) {
        self.signedHeaders = signedHeaders
        self.sendsPayloadHash = sendsPayloadHash
        self.signsSessionToken = signsSessionToken
        self.normalizesPath = normalizesPath
    }
}

extension SigningOptions.HeaderSelection {
    func names(of headers: [CanonicalRequest.Header]) -> [String] {
        let always: Set<String> = ["host", "x-amz-date"]
        let names = Set(headers.map(\.name)).subtracting(["authorization"])
        switch self {
        case .all(let exceptions): return names.subtracting(exceptions.subtracting(always)).sorted()
        case .only(let selection): return names.intersection(selection.union(always)).sorted()
        }
    }
}
