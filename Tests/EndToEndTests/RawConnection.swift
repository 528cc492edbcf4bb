import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// One TCP connection that speaks HTTP/1.1 by hand, so that tests see what a client library would hide.
final class RawConnection {
    /// Head of a response.
    struct Head: Equatable {
        var status: Int
        var fields: [String: String] = [:]
    }

    /// What the other side did instead of answering.
    struct Closed: Error, CustomStringConvertible {
        var description: String
    }

    /// Sends bytes; may be handed to another task.
    let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var buffer: [UInt8] = []

    private init(
        _ channel: any Channel,
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.writer = writer
    }

    /// Runs `body` with a connection to the host and port of a URL, over TLS where certificates to trust are given.
    static func with<Result: Sendable>(
        _ url: String,
        trusting caFile: String? = nil,
        _ body: @Sendable (RawConnection) async throws -> Result
    ) async throws -> Result {
        guard let parts = URLComponents(string: url), let host = parts.host, let port = parts.port else {
            throw Closed(description: "'\(url)' has no host and port")
        }
        let tls = try caFile.map { file in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(file)
            return try NIOSSLContext(configuration: configuration)
        }
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(channel.channel, inbound, outbound))
        }
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws {
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    /// Sends text.
    func send(_ text: String) async throws {
        try await writer.write(ByteBuffer(string: text))
    }

    /// Ends the sending side; answers may still come.
    func endSending() {
        writer.finish()
    }

    /// Ends the connection at once; with a reset, whatever the other side has not read is lost.
    func abort(reset: Bool) async throws {
        if reset, let options = channel as? any SocketOptionProvider {
            let isSet = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            try await isSet.get()
        }
        try await channel.close(mode: .all)
    }

    /// The next bytes, as they came; nil once the other side has ended in order.
    ///
    /// - Throws: where it reset the connection.
    func receive() async throws -> [UInt8]? {
        if buffer.isEmpty {
            guard let bytes = try await inbound.next() else { return nil }
            buffer += bytes.readableBytesView
        }
        let bytes = buffer
        buffer = []
        return bytes
    }

    /// A line without its end.
    func receiveLine() async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                buffer.removeSubrange(...end)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            try await fill()
        }
    }

    /// A response's head.
    func receiveHead() async throws -> Head {
        let words = try await receiveLine().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Closed(description: "no status line: \(words)")
        }
        var head = Head(status: status)
        while case let line = try await receiveLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { continue }
            head.fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces
            )
        }
        return head
    }

    /// The next chunk of a body in chunked transfer coding; nil at its end.
    func receiveChunk() async throws -> [UInt8]? {
        guard let size = Int(try await receiveLine(), radix: 16) else {
            throw Closed(description: "no chunk size")
        }
        let chunk = try await receive(exactly: size)
        _ = try await receiveLine()
        return size == 0 ? nil : chunk
    }

    /// So many bytes.
    func receive(exactly count: Int) async throws -> [UInt8] {
        while buffer.count < count { try await fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func fill() async throws {
        guard let bytes = try await inbound.next() else { throw Closed(description: "the connection ended") }
        buffer += bytes.readableBytesView
    }
}

extension RawConnection {
    /// Calls an operation with a JSON body on a connection of its own.
    static func post(_ url: String, _ path: String, _ json: String) async throws -> (
        head: Head, body: [UInt8]
    ) {
        try await with(url) { connection in
            try await connection.send(
                "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
            )
            let head = try await connection.receiveHead()
            let length = head.fields["content-length"].flatMap { Int($0) } ?? 0
            return (head, try await connection.receive(exactly: length))
        }
    }

    /// Reads something by GET.
    static func get(_ url: String, _ path: String) async throws -> (head: Head, body: [UInt8]) {
        try await with(url) { connection in
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
            let head = try await connection.receiveHead()
            let length = head.fields["content-length"].flatMap { Int($0) } ?? 0
            return (head, try await connection.receive(exactly: length))
        }
    }

    /// Begins a GetMedia and reads its head.
    func openMedia(_ stream: String, selector: String) async throws -> Head {
        let json = #"{"StreamName":"\#(stream)","StartSelector":\#(selector)}"#
        try await send(
            "POST /getMedia HTTP/1.1\r\nHost: test\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
        )
        return try await receiveHead()
    }
}
