import Foundation
import KinesisVideo

/// Reads a file of faults: one JSON object a line; empty lines and those that begin with # are passed over.
public enum FaultFile {
    /// What is wrong with a file.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// Line, what was seen, and what was wanted.
        public var description: String
    }

    private static let members = [
        "fault", "operation", "stream", "skip", "every", "times", "milliseconds", "byte", "fragment", "error",
        "status",
    ]

    /// Reads the rules.
    ///
    /// - Parameters:
    ///   - text: the whole file.
    ///   - path: names it in errors.
    /// - Returns: the rules in their order, at least one.
    /// - Throws: Failure with the first thing that is wrong.
    public static func rules(_ text: String, path: String) throws(Failure) -> [FaultRule] {
        var rules: [FaultRule] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard !content.isEmpty, !content.hasPrefix("#") else { continue }
            do {
                rules.append(try rule(String(content)))
            } catch {
                throw Failure(description: "\(path):\(index + 1): \(error)")
            }
        }
        guard !rules.isEmpty else {
            throw Failure(description: "\(path): no fault in it (see kinescope help serve)")
        }
        return rules
    }

    private static func rule(_ line: String) throws(Failure) -> FaultRule {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
            throw Failure(description: "'\(line.prefix(40))' is no JSON object, wanted {\"fault\": …}")
        }
        let members = Members(object)
        if let unknown = object.keys.sorted().first(where: { !Self.members.contains($0) }) {
            let names = Self.members.joined(separator: ", ")
            throw Failure(description: "'\(unknown)' is no member of a fault, wanted one of \(names)")
        }
        var rule = FaultRule(try fault(members))
        rule.operation = try members.text("operation", among: operations)
        rule.stream = try members.text("stream")
        rule.skip = try members.number("skip", from: 0) ?? 0
        rule.every = try members.number("every", from: 1) ?? 1
        rule.times = try members.number("times", from: 1)
        return rule
    }

    /// What may be named: the POST calls; those that only look at the service are never hurt.
    private static let operations = ServiceRoute.all.filter { $0.method == "POST" }.map(\.operation).sorted()

    private static func fault(_ members: Members) throws(Failure) -> FaultRule.Fault {
        let kinds = ["delay", "throttle", "refuse", "reset", "end", "stall", "error"]
        guard let kind = try members.text("fault", among: kinds) else {
            throw Failure(description: "no 'fault', wanted one of \(kinds.joined(separator: ", "))")
        }
        switch kind {
        case "delay": return .delay(.milliseconds(try members.required("milliseconds", of: kind, from: 0)))
        case "throttle": return .refuse(.clientLimit("too many calls, says --faults"))
        case "refuse":
            let name = try members.text("error") ?? "ServiceUnavailable"
            let status = try members.number("status", from: 400) ?? 503
            guard status < 600 else {
                throw Failure(description: "'status' is \(status), wanted 400 to 599")
            }
            return .refuse(ServiceError(name: name, status: status, message: "refused, says --faults"))
        case "reset": return .reset(byte: try members.number("byte", from: 0) ?? 0)
        case "end": return .end(byte: try members.required("byte", of: kind, from: 0))
        case "stall":
            let time = try members.required("milliseconds", of: kind, from: 0)
            return .stall(byte: try members.number("byte", from: 0) ?? 0, .milliseconds(time))
        default:
            return .acknowledge(try error(members), fragment: try members.number("fragment", from: 1) ?? 1)
        }
    }

    private static func error(_ members: Members) throws(Failure) -> IngestionError {
        let known = IngestionError.all
        guard let error = members["error"] else {
            throw Failure(description: "fault 'error' needs 'error', an id such as 4004")
        }
        let found = known.first { $0.code == error as? String || $0.id == error as? Int }
        guard let found else {
            let names = known.map { "\($0.id)" }.joined(separator: ", ")
            throw Failure(description: "'error' is \(error), wanted one of \(names), or its name")
        }
        return found
    }
}

/// The members of a line, read by kind.
private struct Members {
    private let object: [String: Any]

    init(_ object: [String: Any]) {
        self.object = object
    }

    subscript(name: String) -> Any? { object[name] }

    func text(_ name: String, among words: [String]? = nil) throws(FaultFile.Failure) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value as? String, !text.isEmpty else {
            throw FaultFile.Failure(description: "'\(name)' is \(value), wanted a text")
        }
        guard words?.contains(text) ?? true else {
            let names = (words ?? []).joined(separator: ", ")
            throw FaultFile.Failure(description: "'\(name)' is '\(text)', wanted one of \(names)")
        }
        return text
    }

    func number(_ name: String, from least: Int) throws(FaultFile.Failure) -> Int? {
        guard let value = object[name] else { return nil }
        guard let number = value as? Int, number >= least, number <= Int32.max else {
            throw FaultFile.Failure(
                description: "'\(name)' is \(value), wanted a whole number from \(least) on"
            )
        }
        return number
    }

    func required(_ name: String, of kind: String, from least: Int) throws(FaultFile.Failure) -> Int {
        guard let number = try number(name, from: least) else {
            throw FaultFile.Failure(description: "fault '\(kind)' needs '\(name)'")
        }
        return number
    }
}

extension IngestionError {
    /// Those that a producer can be told of.
    ///
    /// Source: 03 PutMedia, "Error ids".
    fileprivate static let all: [IngestionError] = [
        .fragmentTooLarge, .fragmentTooLong, .connectionTooOld, .timecodeNotIncreasing, .invalidMedia,
        .invalidProducerTimestamp, .streamNotActive, .metadataLimit, .trackMismatch, .framesMissing,
        .tooManyTracks, .internalError, .archivalError,
        .readFailed,
        IngestionError(id: 4500, code: "KMS_KEY_ACCESS_DENIED"),
        IngestionError(id: 4501, code: "KMS_KEY_DISABLED"),
        IngestionError(id: 4502, code: "KMS_KEY_VALIDATION_ERROR"),
        IngestionError(id: 4503, code: "KMS_KEY_UNAVAILABLE"),
        IngestionError(id: 4504, code: "KMS_KEY_INVALID_USAGE"),
        IngestionError(id: 4505, code: "KMS_KEY_INVALID_STATE"),
        IngestionError(id: 4506, code: "KMS_KEY_NOT_FOUND"),
        IngestionError(id: 4507, code: "STREAM_DELETED"),
    ]
}
