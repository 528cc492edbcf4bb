import KinesisVideoServer
import Logging

/// The files that a service reads again on SIGHUP.
///
/// Each is taken by itself; one that cannot be used leaves what was read of it before.
struct ReloadedFiles: Sendable {
    let identity: TLSIdentity?
    /// File and keys of `--credentials`.
    let keys: (file: String, ring: KeyRing)?
    let logger: Logger

    /// Whether there is any.
    var isEmpty: Bool { identity == nil && keys == nil }

    func read() {
        if let identity {
            read("certificate", identity.certificateFile) { try identity.reload() }
        }
        if let keys {
            read("credentials", keys.file) { keys.ring.replace(with: try AccessKeyFile.keys(in: keys.file)) }
        }
    }

    private func read(_ name: String, _ file: String, _ take: () throws -> Void) {
        do {
            try take()
            logger.notice("\(name) read again", metadata: ["file": "\(file)"])
        } catch {
            logger.error("\(name) not read, the old one stays", metadata: ["error": "\(error)"])
        }
    }
}
