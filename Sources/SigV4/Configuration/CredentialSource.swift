/// Where credentials come from, in the order in which they are looked for.
///
/// The container endpoint (`AWS_CONTAINER_CREDENTIALS_FULL_URI`, `_RELATIVE_URI`) and instance metadata come
/// after these; they need a network and are not resolved here.
///
/// Source: 07 Authentication, "Credential sources".
public enum CredentialSource: Sendable, Hashable {
    /// Options of the program.
    case explicit

    /// `AWS_ACCESS_KEY_ID` and its companions.
    case environment

    /// A profile of the credentials file.
    case credentialsFile(profile: String)

    /// A profile of the configuration file.
    case configurationFile(profile: String)
}

/// What the pure sources say about credentials.
public enum CredentialResolution: Sendable, Hashable {
    /// Credentials, ready for use.
    case found(Credentials, from: CredentialSource)

    /// A command line whose output are the credentials (`credential_process`); it is not run here.
    case process(command: String, profile: String)

    /// None of the sources has any.
    case none
}
