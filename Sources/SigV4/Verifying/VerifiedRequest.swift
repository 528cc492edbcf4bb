/// What a valid signature says.
public struct VerifiedRequest: Sendable, Hashable {
    /// The key that signed.
    public let accessKeyID: String

    /// The scope of the signature.
    public let scope: CredentialScope

    /// Names of the signed headers in lower case.
    public let signedHeaders: [String]

    /// What the signature says about the body.
    public let payloadHash: PayloadHash

    /// The time of the signature.
    public let time: SigningTime
}
