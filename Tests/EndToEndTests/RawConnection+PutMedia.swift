import Foundation
import KinesisVideo
import NIOCore

extension RawConnection {
    /// Sends the head of a PutMedia.
    func sendPutMediaHead(
        _ stream: String,
        timecodes: String = "ABSOLUTE",
        start: String = "0",
        more: String = ""
    ) async throws {
        try await send(
            "POST /putMedia HTTP/1.1\r\nHost: test\r\nx-amzn-stream-name: \(stream)\r\n"
                + "x-amzn-fragment-timecode-type: \(timecodes)\r\nx-amzn-producer-start-timestamp: \(start)\r\n"
                + "Transfer-Encoding: chunked\r\n\(more)\r\n"
        )
    }

    /// Sends bytes as one chunk of the body.
    func sendChunk(_ bytes: [UInt8]) async throws {
        try await send(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
    }

    /// Ends the body.
    func endBody() async throws {
        try await send("0\r\n\r\n")
    }

    /// The next acknowledgement, which is a chunk of its own; nil at the end of the body.
    func receiveAcknowledgement() async throws -> Acknowledgement? {
        guard let chunk = try await receiveChunk() else { return nil }
        let text = String(decoding: chunk, as: UTF8.self)
        guard let line = Acknowledgement(line: text), text.hasSuffix("\n") else {
            throw Closed(description: "no acknowledgement: \(text)")
        }
        return line
    }

    /// Every acknowledgement up to the end of the body, IDLE left out.
    func receiveAcknowledgements() async throws -> [Acknowledgement] {
        var lines: [Acknowledgement] = []
        while let line = try await receiveAcknowledgement() {
            if line.event != .idle { lines.append(line) }
        }
        return lines
    }

    /// Sends a whole body in a PutMedia of its own.
    static func putMedia(_ url: String, _ stream: String, _ body: [UInt8], timecodes: String = "ABSOLUTE")
        async throws -> [Acknowledgement]
    {
        try await with(url) { connection in
            try await connection.sendPutMediaHead(stream, timecodes: timecodes)
            if !body.isEmpty { try await connection.sendChunk(body) }
            try await connection.endBody()
            let head = try await connection.receiveHead()
            guard head.status == 200 else { throw Closed(description: "status \(head.status)") }
            return try await connection.receiveAcknowledgements()
        }
    }
}
