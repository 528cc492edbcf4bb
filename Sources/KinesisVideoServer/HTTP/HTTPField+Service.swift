import HTTPTypes

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a legal field name.") }
        return name
    }

    static let amznRequestID = named("x-amzn-RequestId")
    static let amznErrorType = named("x-amzn-ErrorType")
    static let amznStreamName = named("x-amzn-stream-name")
    static let amznStreamARN = named("x-amzn-stream-arn")
    static let amznTimecodeType = named("x-amzn-fragment-timecode-type")
    static let amznStartTimestamp = named("x-amzn-producer-start-timestamp")
    static let amznAcknowledgment = named("x-amzn-fragment-acknowledgment-required")
}
