import Foundation
import Glibc

/// A file system in memory, which only root can mount.
public final class SmallDisk: Sendable {
    /// Where it is mounted.
    public let folder: TemporaryFolder

    /// True where this process may mount one.
    public static let isAvailable: Bool = (try? SmallDisk(megabytes: 1)) != nil

    /// Mounts an empty one.
    ///
    /// - Throws: what the file system says.
    public init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw CocoaError(.fileWriteNoPermission)
        }
    }

    deinit { umount(folder.path) }
}
