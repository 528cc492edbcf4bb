/// Names of the query parameters that carry a signature.
enum PresignedParameter: String, CaseIterable {
    case algorithm = "X-Amz-Algorithm"
    case credential = "X-Amz-Credential"
    case date = "X-Amz-Date"
    case signedHeaders = "X-Amz-SignedHeaders"
    case expires = "X-Amz-Expires"
    case securityToken = "X-Amz-Security-Token"
    case signature = "X-Amz-Signature"

    /// Seconds that a presigned request can be good for.
    static let lifetimes = 1...604_800

    /// The parameters of which any one says that the query is meant to be signed.
    static let authenticating: [PresignedParameter] = [.algorithm, .credential, .signature]
}
