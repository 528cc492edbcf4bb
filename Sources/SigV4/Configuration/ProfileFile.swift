/// One of the two files that AWS tools share, read into its profiles.
///
/// ```
/// [default]                      [profile camera]       in the configuration file
/// aws_access_key_id = AKID       region = us-west-2     # comment
/// aws_secret_access_key = ...    s3 =
///                                    nested = ignored
/// ```
///
/// Lines that cannot be read are skipped, as are sections that are no profile: a file that another tool wrote
/// for itself must not keep this one from starting. Printing a value shows names of profiles only.
///
/// Source: 07 Authentication, "Credential sources".
public struct ProfileFile: Sendable, Hashable, HidesContents {
    /// Which file it is; they name their sections differently.
    public enum Kind: Sendable, Hashable {
        /// `~/.aws/credentials`: a section is the name of its profile.
        case credentials

        /// `~/.aws/config`: a section is `default` or `profile NAME`.
        case configuration
    }

    /// The profiles by name.
    public private(set) var profiles: [String: Profile] = [:]

    /// A file without profiles.
    public init() {}

    /// Reads the text of a file; sections of the same name are merged, the later value counts.
    public init(parsing text: String, kind: Kind) {
        var parser = ProfileParser(kind: kind)
        let start = text.unicodeScalars.first == "\u{FEFF}" ? text.dropFirst() : text[...]
        for line in start.split(whereSeparator: \.isNewline) { parser.read(line) }
        profiles = parser.profiles
    }

    /// Names of the profiles, sorted; no values.
    public var description: String {
        "ProfileFile(\(profiles.keys.sorted().joined(separator: ", ")))"
    }

    /// The key pairs of all profiles that have one, by name of profile.
    public var credentials: [(profile: String, credentials: Credentials)] {
        profiles.sorted { $0.key < $1.key }.compactMap { name, profile in
            profile.credentials.map { (name, $0) }
        }
    }
}
