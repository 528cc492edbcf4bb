import Foundation

/// How many descriptors this process may have: one for each connection, and some for files.
enum DescriptorLimit {
    /// Raises the limit to the most that the system allows; the usual one of 1,024 is soon used up.
    static func raise() {
        var limit = rlimit()
        let resource = Int32(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
