/// How a call names its stream: by name, by ARN, or by both where they agree.
///
/// Source: 02 Control plane, "Addressing rule".
public struct StreamReference: Sendable, Hashable {
    /// Name of the stream.
    public var name: String?
    /// ARN of the stream.
    public var arn: String?

    /// Names a stream.
    public init(name: String? = nil, arn: String? = nil) {
        self.name = name
        self.arn = arn
    }

    /// Checks the form of what is there.
    ///
    /// - Throws: InvalidArgumentException where neither is there, one breaks its pattern, or the ARN is that of a
    ///   stream of another name.
    public func validate() throws(ServiceError) {
        guard name != nil || arn != nil else {
            throw .invalidArgument("give StreamName or StreamARN")
        }
        if let name { try Patterns.check(name, Patterns.streamName, member: "StreamName") }
        if let arn { try Patterns.check(arn, Patterns.streamARN, member: "StreamARN") }
        if let name, let arn, !arn.split(separator: "/").dropFirst().prefix(1).elementsEqual([name[...]]) {
            throw .invalidArgument("StreamName is '\(name)', but StreamARN names another stream")
        }
    }

    /// Checks as the three calls on the tags of a stream do, which have an error of their own for malformed ARNs.
    ///
    /// - Throws: InvalidResourceFormatException for such an ARN, else what ``validate()`` throws.
    func validateForTagging() throws(ServiceError) {
        if let arn {
            do {
                try Patterns.check(arn, Patterns.streamARN, member: "StreamARN")
            } catch {
                throw .invalidResourceFormat(error.message)
            }
        }
        try validate()
    }
}
