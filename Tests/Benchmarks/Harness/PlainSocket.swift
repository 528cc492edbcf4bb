import Foundation
import Glibc

/// Loopback connections without any library, on threads of their own whose processor time is known.
enum PlainSocket {
    /// Processor time of both ends of a copy.
    struct CopyCost {
        var writer: Duration
        var reader: Duration
    }

    /// Sends bytes from one thread to another, a megabyte at a time.
    static func copy(_ bytes: Int) async -> CopyCost {
        let (listener, port) = listen()
        defer { close(listener) }
        async let reader = thread {
            let connection = accept(listener, nil, nil)
            defer { close(connection) }
            precondition(drain(connection, bytes) == bytes, "the copy is not whole")
        }
        async let writer = thread {
            let connection = connect(to: port)
            defer { close(connection) }
            send([UInt8](repeating: 7, count: 1 << 20), times: bytes >> 20, to: connection)
            send([UInt8](repeating: 7, count: bytes & 0xF_FFFF), times: 1, to: connection)
        }
        return await CopyCost(writer: writer, reader: reader)
    }

    /// Posts a body and reads so many bytes of the answer.
    ///
    /// - Returns: processor time of the thread that reads.
    static func post(_ body: String, to path: String, port: UInt16, reading bytes: Int) async -> Duration {
        await thread {
            let connection = connect(to: port)
            defer { close(connection) }
            let head =
                "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\n"
            send(
                Array((head + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8),
                times: 1,
                to: connection
            )
            precondition(drain(connection, bytes) >= bytes, "the service ended the answer")
        }
    }

    /// Opens connections that say so much and no more, until they are let go.
    ///
    /// - Returns: their descriptors, for `abandon`.
    static func open(_ count: Int, saying text: String, port: UInt16) -> [Int32] {
        (0..<count).map { _ in
            let connection = connect(to: port)
            // The service may have had enough already.
            _ = Array(text.utf8).withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            return connection
        }
    }

    /// Breaks connections off, with a reset.
    static func abandon(_ connections: [Int32]) {
        for connection in connections {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            close(connection)
        }
    }

    private static func thread(_ work: @escaping @Sendable () -> Void) async -> Duration {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                work()
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                continuation.resume(returning: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
            }
        }
    }

    private static func drain(_ connection: Int32, _ bytes: Int) -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while total < bytes, case let count = read(connection, &buffer, buffer.count), count > 0 {
            total += count
        }
        return total
    }

    private static func send(_ bytes: [UInt8], times: Int, to connection: Int32) {
        for _ in 0..<times {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
                precondition(count > 0, "the other end is gone")
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func listen() -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withAddress(&address) { _ = bind(listener, $0, length) }
        precondition(Glibc.listen(listener, 16) == 0, "no socket to listen on")
        withAddress(&address) { _ = getsockname(listener, $0, &length) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func connect(to port: UInt16) -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: port)
        let result = withAddress(&address) {
            Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        precondition(result == 0, "nobody listens on \(port)")
        return connection
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress<Result>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
