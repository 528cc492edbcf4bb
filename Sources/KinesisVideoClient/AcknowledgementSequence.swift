public import KinesisVideo
import NIOCore

/// The acknowledgements of a PutMedia connection, as they arrive.
public struct AcknowledgementSequence: AsyncSequence, Sendable {
    /// One line of the response.
    public typealias Element = Acknowledgement

    private let body: MediaBody

    init(_ body: MediaBody) {
        self.body = body
    }

    /// Reads the lines one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var body: MediaBody.AsyncIterator
        fileprivate var lines = AcknowledgementLines()

        /// The next acknowledgement; nil when the service has ended the response.
        ///
        /// - Throws: ClientError where the connection breaks.
        public mutating func next() async throws -> Acknowledgement? {
            while true {
                if let line = lines.next() { return line }
                guard let buffer = try await body.next() else { return lines.finish() }
                lines.append(buffer.readableBytesView)
            }
        }
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator())
    }
}

/// Splits bytes into lines and reads each; lines that are no acknowledgement are passed over.
struct AcknowledgementLines: Sendable {
    private var pending: [UInt8] = []
    private var ready: [Acknowledgement] = []
    /// A line longer than any the service sends is noise.
    private static let limit = 4096

    mutating func append(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                take()
            } else if pending.count < Self.limit {
                pending.append(byte)
            }
        }
    }

    mutating func next() -> Acknowledgement? {
        ready.isEmpty ? nil : ready.removeFirst()
    }

    mutating func finish() -> Acknowledgement? {
        take()
        return next()
    }

    private mutating func take() {
        if let line = Acknowledgement(line: String(decoding: pending, as: UTF8.self)) { ready.append(line) }
        pending = []
    }
}
