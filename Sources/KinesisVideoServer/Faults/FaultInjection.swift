import KinesisVideo
import Logging
import Synchronization

/// Counts requests against the rules of a file of faults, for as long as a service runs.
public final class FaultInjection: Sendable {
    private let rules: [FaultRule]
    private let counts: Mutex<[Int]>

    /// Creates the state of a service that has not been asked anything.
    public init(_ rules: [FaultRule]) {
        self.rules = rules
        counts = Mutex(Array(repeating: 0, count: rules.count))
    }

    /// What goes wrong with the next request.
    ///
    /// - Parameters:
    ///   - operation: its operation, such as `getMedia`.
    ///   - streams: names of the streams that it is about.
    /// - Returns: the faults in the order of the file.
    package func next(operation: String, streams: [String]) -> [FaultRule.Fault] {
        counts.withLock { counts in
            rules.indices.compactMap { index in
                guard rules[index].covers(operation: operation, streams: streams) else { return nil }
                defer { counts[index] += 1 }
                return rules[index].hits(counts[index]) ? rules[index].fault : nil
            }
        }
    }
}

/// What goes wrong with one request.
struct RequestFaults: Sendable {
    /// The error that a producer is told of at a fragment.
    struct FragmentFault: Sendable, Hashable {
        var fragment: Int
        var error: IngestionError
    }

    private let faults: [FaultRule.Fault]
    private let logger: Logger

    init(_ faults: [FaultRule.Fault], _ logger: Logger) {
        self.faults = faults
        self.logger = logger
        for fault in faults { logger.notice("fault", metadata: ["is": "\(fault)"]) }
    }

    /// Waits and refuses, ahead of the operation.
    ///
    /// - Throws: ServiceError, `CancellationError`.
    func hold() async throws {
        for fault in faults {
            switch fault {
            case .delay(let time): try await Task.sleep(for: time)
            case .refuse(let error): throw error
            case .reset, .end, .stall, .acknowledge: break
            }
        }
    }

    /// What happens on the way of the media, by place.
    var cuts: [MediaCut] {
        let cuts: [MediaCut] = faults.compactMap { fault in
            switch fault {
            case .reset(let byte): MediaCut(byte: byte, effect: .reset)
            case .end(let byte): MediaCut(byte: byte, effect: .end)
            case .stall(let byte, let time): MediaCut(byte: byte, effect: .stall(time))
            case .delay, .refuse, .acknowledge: nil
            }
        }
        return cuts.sorted { $0.byte < $1.byte }
    }

    /// The errors that a producer is told of.
    var acknowledgements: [FragmentFault] {
        faults.compactMap { fault in
            guard case .acknowledge(let error, let fragment) = fault else { return nil }
            return FragmentFault(fragment: fragment, error: error)
        }
    }
}
