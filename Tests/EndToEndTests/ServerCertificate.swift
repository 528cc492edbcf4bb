import Foundation
import KinescopeTesting

/// A certificate for loopback, signed by itself, made by the openssl program.
struct ServerCertificate {
    static let openssl = URL(filePath: "/usr/bin/openssl")
    static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl.path)
    static let isMissing = "there is no /usr/bin/openssl to make certificates with"

    let folder: TemporaryFolder

    /// PEM file of the certificate.
    var file: String { folder.path("cert.pem") }
    /// PEM file of the key.
    var key: String { folder.path("key.pem") }

    init() async throws {
        folder = try TemporaryFolder()
        try await renew()
    }

    /// Makes another one in the same files.
    func renew() async throws {
        let result = try await BuiltProgram(home: folder).run(
            Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", key, "-out", file, "-days", "2", "-subj", "/CN=kinescope test",
                "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost",
            ]
        )
        guard result.status == 0 else { throw RawConnection.Closed(description: result.errors) }
    }
}
