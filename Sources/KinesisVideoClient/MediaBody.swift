import AsyncHTTPClient
import Foundation
public import NIOCore
import NIOPosix
import NIOSSL

/// The body of an answer as it arrives.
public struct MediaBody: AsyncSequence, Sendable {
    /// A piece of the body, of any length.
    public typealias Element = ByteBuffer

    private let body: HTTPClientResponse.Body
    private let url: String

    init(_ body: HTTPClientResponse.Body, url: String) {
        self.body = body
        self.url = url
    }

    /// Reads the pieces one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: HTTPClientResponse.Body.AsyncIterator
        fileprivate let url: String

        /// The next piece; nil at the end.
        ///
        /// - Throws: ClientError where the connection breaks or stays silent too long, `CancellationError`.
        public mutating func next() async throws -> ByteBuffer? {
            do {
                let buffer = try await base.next()
                // Cancellation ends the sequence of the library quietly; a cut body must not look whole.
                try Task.checkCancellation()
                return buffer
            } catch {
                throw MediaBody.clientError(error, url: url)
            }
        }
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator(), url: url)
    }

    /// The whole body, up to 64 MiB.
    func collect() async throws -> Data {
        do {
            return Data(try await body.collect(upTo: 64 << 20).readableBytesView)
        } catch {
            throw Self.clientError(error, url: url)
        }
    }

    /// Every error of the HTTP library becomes one of ours, in this one place.
    static func clientError(_ error: any Error, url: String) -> any Error {
        switch error {
        case is ClientError, is CancellationError: return error
        case let error as HTTPClientError:
            switch error {
            case .cancelled: return CancellationError()
            case .connectTimeout, .readTimeout, .deadlineExceeded, .writeTimeout:
                return ClientError.timeout(url: url)
            default: return ClientError.unreachable(url: url, reason: error.description)
            }
        case let error as NIOConnectionError:
            let failure = error.connectionErrors.last?.error
            return ClientError.unreachable(url: url, reason: failure.map(reason) ?? "no address answers")
        default: return ClientError.unreachable(url: url, reason: reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case NIOSSLError.handshakeFailed(let failure):
            return
                "the TLS handshake failed: \(failure) (try --ca-file where the certificate is not a public one)"
        case is NIOSSLExtraError: return "the certificate is not for this host: \(error)"
        default: break
        }
        guard let error = error as? IOError else { return String(describing: error) }
        return String(cString: strerror(error.errnoCode))
    }
}
