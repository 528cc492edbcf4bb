/// Why the sources of credentials cannot be followed.
public enum ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The chosen profile is in neither file.
    case unknownProfile(String)

    /// One half of a key pair is there, the named other half is not.
    case incompleteKeyPair(missing: String, source: CredentialSource)

    /// The profile gets its credentials in a way that is not supported, by the setting named.
    case unsupportedProfile(String, setting: String)

    /// The failure in words.
    public var description: String {
        switch self {
        case .unknownProfile(let name):
            "profile \(name) is in neither of the shared AWS files"
        case .incompleteKeyPair(let missing, .environment):
            "\(missing) is not set in the environment, its other half is"
        case .incompleteKeyPair(let missing, .credentialsFile(let profile)):
            "\(missing) is missing in profile \(profile) of the credentials file"
        case .incompleteKeyPair(let missing, .configurationFile(let profile)):
            "\(missing) is missing in profile \(profile) of the configuration file"
        case .incompleteKeyPair(let missing, .explicit):
            "\(missing) is missing"
        case .unsupportedProfile(let name, let setting):
            """
            profile \(name) gets its credentials by \(setting), which is not supported \
            (a profile with credential_process = aws configure export-credentials --profile \(name) is)
            """
        }
    }
}
