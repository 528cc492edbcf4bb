import CFFmpeg

/// What libav or this module could not do, and with what.
public struct CodecError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it was.
    ///
    /// A struct over a private enumeration, so that a new kind breaks nobody's `switch`.
    public struct Code: Sendable, Hashable {
        private enum Kind {
            case invalidData, unsupportedCodec, unsupportedPictureFormat, missingConfiguration, outputPending,
                ended
            case notFound, inputOutput, timedOut, outOfMemory, other
        }

        private let kind: Kind

        /// Bytes that are not what they should be.
        public static let invalidData = Code(kind: .invalidData)
        /// A codec or container this build of libav does not have, or that is not mapped to Matroska here.
        public static let unsupportedCodec = Code(kind: .unsupportedCodec)
        /// Samples of a kind that the scaler does not read.
        public static let unsupportedPictureFormat = Code(kind: .unsupportedPictureFormat)
        /// A track without the set-up data its codec needs.
        public static let missingConfiguration = Code(kind: .missingConfiguration)
        /// Pictures must be taken out before more can be sent.
        public static let outputPending = Code(kind: .outputPending)
        /// More was sent after the end was announced.
        public static let ended = Code(kind: .ended)
        /// No such file.
        public static let notFound = Code(kind: .notFound)
        /// Reading failed.
        public static let inputOutput = Code(kind: .inputOutput)
        /// A server or a camera gave nothing for too long.
        public static let timedOut = Code(kind: .timedOut)
        /// No memory.
        public static let outOfMemory = Code(kind: .outOfMemory)
        /// Anything else; the reason names it.
        public static let other = Code(kind: .other)
    }

    /// What kind of failure it was.
    public let code: Code
    /// What was tried, with the name of the thing: `open door.mp4`.
    public let operation: String
    /// Why it failed, as libav or this module says it.
    public let reason: String

    init(_ code: Code, _ operation: String, reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    /// The two joined: `open door.mp4: No such file or directory`.
    public var description: String { "\(operation): \(reason)" }
}

extension CodecError {
    /// Turns what a libav function returned into an error; the only place that knows its codes.
    ///
    /// - Parameters:
    ///   - result: Negative where the function failed.
    ///   - operation: What was tried, made only where it failed.
    /// - Returns: `result`, never negative.
    /// - Throws: What the code means.
    @discardableResult
    static func check(_ result: CInt, _ operation: @autoclosure () -> String) throws(CodecError) -> CInt {
        guard result < 0 else { return result }
        throw CodecError(code(of: result), operation(), reason: reason(of: result))
    }

    /// Turns a null pointer into an error: libav allocates in nearly all functions that return one.
    static func check<Pointee>(
        _ pointer: UnsafeMutablePointer<Pointee>?,
        _ operation: @autoclosure () -> String
    ) throws(CodecError) -> UnsafeMutablePointer<Pointee> {
        guard let pointer else { throw CodecError(.outOfMemory, operation(), reason: "out of memory") }
        return pointer
    }

    private static func code(of result: CInt) -> Code {
        switch result {
        case CFFmpeg_ERROR_INVALID_DATA: .invalidData
        case CFFmpeg_ERROR_NO_DECODER, CFFmpeg_ERROR_NO_ENCODER, CFFmpeg_ERROR_PATCH_WELCOME:
            .unsupportedCodec
        case CFFmpeg_ERROR_AGAIN: .outputPending
        case CFFmpeg_ERROR_EOF: .ended
        case CFFmpeg_ERROR_NOT_FOUND: .notFound
        case CFFmpeg_ERROR_IO: .inputOutput
        case CFFmpeg_ERROR_NO_MEMORY: .outOfMemory
        default: .other
        }
    }

    private static func reason(of result: CInt) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(AV_ERROR_MAX_STRING_SIZE)) { buffer in
            guard let text = buffer.baseAddress, av_strerror(result, text, buffer.count) >= 0 else {
                return "libav error \(result)"
            }
            return String(cString: text)
        }
    }
}
