import Foundation

/// What the process takes of the machine, as the kernel counts it.
struct ProcessFigures {
    /// Descriptors that are open, and how many may be.
    var descriptors, descriptorLimit: Int?
    /// Bytes in memory.
    var residentBytes: Int?
    /// Processor time used, in seconds.
    var processorSeconds: Double

    /// Reads the figures now; those that this system does not have are nil.
    static func now() -> ProcessFigures {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        var limit = rlimit()
        getrlimit(Int32(RLIMIT_NOFILE.rawValue), &limit)
        // The listing itself takes one.
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count).map {
            $0 - 1
        }
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
            .flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        return ProcessFigures(
            descriptors: open,
            descriptorLimit: Int(clamping: limit.rlim_cur),
            residentBytes: pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) },
            processorSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        )
    }
}
