import Foundation
public import KinesisVideo

/// One line of a file of faults: what goes wrong, where, and how often.
public struct FaultRule: Sendable, Hashable {
    /// What goes wrong.
    public enum Fault: Sendable, Hashable {
        /// The request waits before anything is done for it.
        case delay(Duration)
        /// The request is refused.
        case refuse(ServiceError)
        /// The connection is reset once so many bytes of media have passed.
        case reset(byte: Int)
        /// The body ends in order once so many bytes of media have passed, whatever they were part of.
        case end(byte: Int)
        /// Nothing moves for a while once so many bytes of media have passed.
        case stall(byte: Int, Duration)
        /// A producer is told of an error at this fragment of the connection, counted from 1.
        case acknowledge(IngestionError, fragment: Int)
    }

    /// What goes wrong.
    public var fault: Fault
    /// The operation it is about, such as `putMedia`; nil for every one.
    public var operation: String?
    /// The stream it is about; nil for every one.
    public var stream: String?
    /// Matching requests that pass before the first that is hit.
    public var skip = 0
    /// Of the requests behind those, each so manieth is hit, the first among them.
    public var every = 1
    /// Requests that are hit; nil for no end.
    public var times: Int?

    /// Creates a rule that hits every request of every stream.
    public init(_ fault: Fault) {
        self.fault = fault
    }

    /// Whether a request is one of those that the rule counts.
    func covers(operation: String, streams: [String]) -> Bool {
        if let wanted = self.operation, wanted != operation { return false }
        if case .acknowledge = fault, operation != "putMedia" { return false }
        guard let stream else { return true }
        return streams.contains(stream)
    }

    /// Whether the request of this number among those covered, from 0, is hit.
    func hits(_ number: Int) -> Bool {
        guard number >= skip, (number - skip) % every == 0 else { return false }
        return times.map { (number - skip) / every < $0 } ?? true
    }
}

extension FaultRule.Fault: CustomStringConvertible {
    /// `reset at byte 65536`.
    public var description: String {
        switch self {
        case .delay(let time): "delay of \(time)"
        case .refuse(let error): "refusal \(error.name)"
        case .reset(let byte): "reset at byte \(byte)"
        case .end(let byte): "end at byte \(byte)"
        case .stall(let byte, let time): "stall of \(time) at byte \(byte)"
        case .acknowledge(let error, let fragment): "\(error) at fragment \(fragment)"
        }
    }
}
