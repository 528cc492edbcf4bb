/// What the environment and the shared AWS files say about credentials, region and endpoint.
///
/// Source: 07 Authentication, "Credential sources".
public struct SharedConfiguration: Sendable, HidesContents {
    /// The profile in use: the one asked for, else `AWS_PROFILE`, else `default`.
    public let profileName: String

    private let environment: [String: String]
    private let isProfileAskedFor: Bool
    private let credentialsProfile: Profile?
    private let configurationProfile: Profile?

    /// Looks up the profile in both files.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process; empty values count as not set.
    ///   - profile: the profile that an option asks for; as in the AWS CLI it outranks keys in the
    ///     environment.
    ///   - contents: gives the text of a file, nil where it cannot be read; called at most once for each
    ///     file.
    public init(environment: [String: String], profile: String? = nil, contents: (_ path: String) -> String?)
    {
        let environment = environment.filter { !$0.value.isEmpty }
        let name = profile ?? environment["AWS_PROFILE"] ?? "default"
        func lookUp(_ kind: ProfileFile.Kind) -> Profile? {
            let text = Self.path(of: kind, environment: environment).flatMap(contents)
            return text.flatMap { ProfileFile(parsing: $0, kind: kind).profiles[name] }
        }
        self.environment = environment
        isProfileAskedFor = profile != nil
        profileName = name
        credentialsProfile = lookUp(.credentials)
        configurationProfile = lookUp(.configuration)
    }

    /// The name of the profile, no values.
    public var description: String {
        "SharedConfiguration(\(profileName))"
    }

    /// Where a shared file is: named by the environment, else in `.aws` of the home folder; nil without a
    /// home.
    public static func path(of kind: ProfileFile.Kind, environment: [String: String]) -> String? {
        let (variable, name) =
            switch kind {
            case .credentials: ("AWS_SHARED_CREDENTIALS_FILE", "credentials")
            case .configuration: ("AWS_CONFIG_FILE", "config")
            }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = environment[variable], !path.isEmpty else {
            return home.map { "\($0)/.aws/\(name)" }
        }
        guard path.hasPrefix("~/") else { return path }
        return home.map { $0 + path.dropFirst() }
    }

    /// The region: the option, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's; nil where none says.
    public func region(explicit: String? = nil) -> String? {
        explicit ?? value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? profile["region"]
    }

    /// A variable of the environment; one that is empty counts as not set.
    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address to use in place of the region's own: the option, `AWS_ENDPOINT_URL_KINESIS_VIDEO`,
    /// `AWS_ENDPOINT_URL`, the profile's `endpoint_url`; nil where none says.
    public func endpointURL(explicit: String? = nil) -> String? {
        explicit ?? value("AWS_ENDPOINT_URL_KINESIS_VIDEO") ?? value("AWS_ENDPOINT_URL")
            ?? profile["endpoint_url"]
    }

    /// The credentials of the first source that has any.
    ///
    /// Key, secret and token always come from the same source.
    ///
    /// - Throws: where a source has half a key pair, or the profile cannot be followed.
    public func credentials(explicit: Credentials? = nil) throws(ConfigurationError) -> CredentialResolution {
        if let explicit { return .found(explicit, from: .explicit) }
        if !isProfileAskedFor, let credentials = try environmentCredentials() {
            return .found(credentials, from: .environment)
        }
        return try profileCredentials()
    }

    private var profile: Profile {
        (configurationProfile ?? Profile()).merged(with: credentialsProfile ?? Profile())
    }
}

extension SharedConfiguration {
    private func environmentCredentials() throws(ConfigurationError) -> Credentials? {
        let names = (id: "AWS_ACCESS_KEY_ID", secret: "AWS_SECRET_ACCESS_KEY")
        switch (environment[names.id], environment[names.secret]) {
        case (nil, nil):
            return nil
        case (nil, _):
            throw .incompleteKeyPair(missing: names.id, source: .environment)
        case (_, nil):
            throw .incompleteKeyPair(missing: names.secret, source: .environment)
        case (let id?, let secret?):
            return Credentials(
                accessKeyID: id,
                secretAccessKey: secret,
                sessionToken: environment["AWS_SESSION_TOKEN"],
                expiration: environment["AWS_CREDENTIAL_EXPIRATION"].flatMap { SigningTime(rfc3339: $0) }
            )
        }
    }

    private func profileCredentials() throws(ConfigurationError) -> CredentialResolution {
        guard credentialsProfile != nil || configurationProfile != nil else {
            guard profileName == "default" else { throw .unknownProfile(profileName) }
            return .none
        }
        // The keys beside a role are those that may assume it: using them as they are would be another
        // identity.
        if profile["role_arn"] != nil { throw .unsupportedProfile(profileName, setting: "role_arn") }
        if let found = try Self.keyPair(of: credentialsProfile, from: .credentialsFile(profile: profileName))
        {
            return found
        }
        if let command = profile["credential_process"] {
            return .process(command: command, profile: profileName)
        }
        if let found = try Self.keyPair(
            of: configurationProfile,
            from: .configurationFile(profile: profileName)
        ) {
            return found
        }
        if let setting = ["sso_session", "sso_start_url"].first(where: { profile[$0] != nil }) {
            throw .unsupportedProfile(profileName, setting: setting)
        }
        return .none
    }

    private static func keyPair(
        of profile: Profile?,
        from source: CredentialSource
    ) throws(ConfigurationError) -> CredentialResolution? {
        guard let profile else { return nil }
        if let credentials = profile.credentials { return .found(credentials, from: source) }
        let present = ["aws_access_key_id", "aws_secret_access_key"].filter { profile[$0] != nil }
        guard let present = present.first else { return nil }
        let missing = present == "aws_access_key_id" ? "aws_secret_access_key" : "aws_access_key_id"
        throw .incompleteKeyPair(missing: missing, source: source)
    }
}
