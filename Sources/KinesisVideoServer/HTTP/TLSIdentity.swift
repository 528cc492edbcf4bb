import NIOCore
import NIOSSL
import Synchronization

/// Certificate and key of the service, from two PEM files that can be read again while it runs.
///
/// A connection keeps what it began with; new ones get what was read last.
public final class TLSIdentity: Sendable {
    /// What is wrong with the files.
    public struct Failure: Error, CustomStringConvertible {
        /// File and reason.
        public var description: String
    }

    /// The file of the certificate, its issuers behind it.
    public let certificateFile: String
    /// The file of the private key.
    public let keyFile: String
    private let current: Mutex<NIOSSLContext>

    /// Reads both files.
    ///
    /// - Throws: Failure where one cannot be read or the key is not the certificate's.
    public init(certificateFile: String, keyFile: String) throws {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = Mutex(try Self.context(certificateFile, keyFile))
    }

    /// Reads both files again; where that fails, what was read before stays.
    ///
    /// - Throws: Failure where one cannot be read or the key is not the certificate's.
    public func reload() throws {
        let context = try Self.context(certificateFile, keyFile)
        current.withLock { $0 = context }
    }

    /// A handler for one new connection.
    func handler() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: current.withLock { $0 })
    }

    private static func context(_ certificateFile: String, _ keyFile: String) throws -> NIOSSLContext {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(certificateFile)
            guard !certificates.isEmpty else {
                throw Failure(description: "\(certificateFile): no certificate in it")
            }
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(certificateFile), \(keyFile): \(error)")
        }
    }
}
