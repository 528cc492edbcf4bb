import Glibc

/// Why the store could not do what was asked.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; more may come.
    public struct Kind: Sendable, Hashable {
        private enum Value: String {
            case noSpace, readOnly, inputOutput, streamExists, streamDeleted, tooManyStreams, invalidNumber,
                invalidToken, closed
        }
        private let value: Value

        /// The file system or a quota is full.
        public static let noSpace = Kind(value: .noSpace)
        /// The file system or the file does not take writes.
        public static let readOnly = Kind(value: .readOnly)
        /// Any other failure of a system call or of the index.
        public static let inputOutput = Kind(value: .inputOutput)
        /// A stream of that name is there already.
        public static let streamExists = Kind(value: .streamExists)
        /// The stream has been deleted.
        public static let streamDeleted = Kind(value: .streamDeleted)
        /// The store has as many streams as it was asked to take.
        public static let tooManyStreams = Kind(value: .tooManyStreams)
        /// A fragment number lies outside the range that was given out for it.
        public static let invalidNumber = Kind(value: .invalidNumber)
        /// A continuation token that this service never made.
        public static let invalidToken = Kind(value: .invalidToken)
        /// The store has been closed.
        public static let closed = Kind(value: .closed)

        /// The kind's word, as in `noSpace`.
        public var name: String { value.rawValue }
    }

    /// What kind of failure.
    public let kind: Kind
    /// The file, folder or stream concerned.
    public let path: String?
    /// Number of the system's error, where a system call failed.
    public let errno: Int32?

    init(_ kind: Kind, path: String? = nil, errno: Int32? = nil) {
        self.kind = kind
        self.path = path
        self.errno = errno
    }

    /// Takes the failure of a system call on `path`.
    init(errno: Int32, path: String) {
        let kind: Kind =
            switch errno {
            // EFBIG comes from a limit on file sizes, which to the store is room that is not there.
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case EROFS, EACCES, EPERM: .readOnly
            default: .inputOutput
            }
        self.init(kind, path: path, errno: errno)
    }

    /// True where the disk, not the caller, is the reason.
    var isOfDisk: Bool { [.noSpace, .readOnly, .inputOutput].contains(kind) }

    /// Kind, file and the system's own words.
    public var description: String {
        let place = path.map { " at '\($0)'" } ?? ""
        let reason = errno.map { ": \(String(cString: strerror($0)))" } ?? ""
        return "\(kind.name)\(place)\(reason)"
    }
}
