/// The settings of one profile.
///
/// Printing a value shows their names only.
public struct Profile: Sendable, Hashable, HidesContents {
    private var values: [String: String]

    init(values: [String: String] = [:]) {
        self.values = values
    }

    /// A setting by its name in lower case; nil where it is missing or empty.
    public internal(set) subscript(key: String) -> String? {
        get { values[key].flatMap { $0.isEmpty ? nil : $0 } }
        set { values[key] = newValue }
    }

    /// Names of the settings that are there, empty ones included, sorted.
    public var names: [String] {
        values.keys.sorted()
    }

    /// Names of the settings, sorted; no values.
    public var description: String {
        "Profile(\(values.keys.sorted().joined(separator: ", ")))"
    }

    /// The static key pair; nil where either half is missing.
    public var credentials: Credentials? {
        guard let accessKeyID = self["aws_access_key_id"], let secret = self["aws_secret_access_key"] else {
            return nil
        }
        return Credentials(
            accessKeyID: accessKeyID,
            secretAccessKey: secret,
            sessionToken: self["aws_session_token"]
        )
    }

    /// The settings of both, those of `other` where they differ.
    func merged(with other: Profile) -> Profile {
        Profile(values: values.merging(other.values) { $1 })
    }
}
