import Foundation
import KinesisVideoServer
import SigV4

/// The keys that may sign, with what each may do.
///
/// ```
/// [camera]
/// aws_access_key_id = AKIDCAMERA
/// aws_secret_access_key = ...
/// streams = yard-, gate            # only streams whose names begin so
///
/// [wall]
/// aws_access_key_id = ASIAWALL
/// aws_secret_access_key = ...
/// aws_session_token = ...
/// expiration = 2026-01-01T00:00:00Z
/// read_only = true
/// ```
///
/// The form is that of the shared AWS credentials file, read strictly: what such a file says beyond its keys takes
/// rights away, and a line that were passed over would give them.
struct AccessKeyFile {
    /// Why the file cannot be used; names sections and settings, never values.
    struct Failure: Error, Equatable, CustomStringConvertible {
        var description: String
    }

    /// The key pairs in the order of their sections' names.
    let keys: [(credentials: Credentials, grant: AccessGrant)]

    private static let settings: Set<String> = [
        "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "expiration", "read_only",
        "streams",
    ]

    init(parsing text: String) throws(Failure) {
        try Self.checkLines(text)
        let profiles = ProfileFile(parsing: text, kind: .credentials).profiles.sorted { $0.key < $1.key }
        var keys: [(credentials: Credentials, grant: AccessGrant)] = []
        for (name, profile) in profiles { keys.append(try Self.key(name, profile)) }
        guard !keys.isEmpty else { throw Failure(description: "no section with a key") }
        guard Set(keys.map(\.credentials.accessKeyID)).count == keys.count else {
            throw Failure(description: "two sections have the same aws_access_key_id")
        }
        self.keys = keys
    }

    /// The key pairs of the file at `path`.
    ///
    /// - Throws: CommandFailure that names the file.
    static func keys(in path: String) throws(CommandFailure) -> [(
        credentials: Credentials, grant: AccessGrant
    )] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(.notFound, "cannot read \(path) (see --credentials)")
        }
        do {
            return try AccessKeyFile(parsing: text).keys
        } catch {
            throw CommandFailure(.usage, "\(path): \(error.description)")
        }
    }

    /// Every line is empty, a comment, a section of its own name or a setting.
    private static func checkLines(_ text: String) throws(Failure) {
        var sections: Set<Substring> = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#", first != ";" else {
                continue
            }
            func failure(_ reason: String) -> Failure { Failure(description: "line \(index + 1) \(reason)") }
            guard line.first?.isWhitespace == false else { throw failure("begins with a space") }
            if first == "[" {
                guard line.contains("]") else { throw failure("is a section without its ]") }
                guard sections.insert(line.prefix { $0 != "]" }).inserted else {
                    throw failure("begins a section that is there already")
                }
            } else {
                guard line.contains("=") else { throw failure("is no setting: it has no =") }
                guard !sections.isEmpty else { throw failure("is a setting ahead of the first section") }
            }
        }
    }

    private static func key(_ name: String, _ profile: Profile) throws(Failure) -> (Credentials, AccessGrant)
    {
        if let unknown = profile.names.first(where: { !settings.contains($0) }) {
            throw Failure(description: "section \(name): setting \(unknown.prefix(64)) is not known")
        }
        guard let pair = profile.credentials else {
            throw Failure(description: "section \(name): wants aws_access_key_id and aws_secret_access_key")
        }
        if let empty = profile.names.first(where: { profile[$0] == nil }) {
            throw Failure(description: "section \(name): \(empty) has no value")
        }
        var expiration: SigningTime?
        if let text = profile["expiration"] {
            guard let time = SigningTime(rfc3339: text) else {
                throw Failure(description: "section \(name): expiration is no RFC 3339 time")
            }
            expiration = time
        }
        let credentials = Credentials(
            accessKeyID: pair.accessKeyID,
            secretAccessKey: pair.secretAccessKey,
            sessionToken: pair.sessionToken,
            expiration: expiration
        )
        var grant = AccessGrant(caller: name)
        switch profile["read_only"] {
        case nil, "false": break
        case "true": grant.isReadOnly = true
        default: throw Failure(description: "section \(name): read_only is neither true nor false")
        }
        if let streams = profile["streams"] {
            let prefixes = streams.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.filter { !$0.isWhitespace } }
            guard !prefixes.contains("") else {
                throw Failure(description: "section \(name): streams has an empty name")
            }
            grant.streamPrefixes = prefixes
        }
        return (credentials, grant)
    }
}
