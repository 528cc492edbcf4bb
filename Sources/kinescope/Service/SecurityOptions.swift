import ArgumentParser
import Foundation
import KinesisVideoServer
import SigV4

/// Who may call a service, and over what.
struct SecurityOptions: ParsableArguments {
    enum Authentication: String, ExpressibleByArgument, CaseIterable {
        case none, sigv4
    }

    @Option(help: "Whether requests must be signed: none or sigv4.")
    var auth = Authentication.none

    @Option(
        help: ArgumentHelp("File of the keys that may sign, with what each may do.", valueName: "file")
    )
    var credentials: String?

    @Option(
        help: ArgumentHelp(
            "Seconds that the time of a signature may be off, 900 at most.",
            valueName: "seconds"
        )
    )
    var maxSkew = 300

    @Option(
        name: [.customLong("tls-certificate"), .customLong("tls-cert")],
        help: ArgumentHelp("Serve https with this PEM certificate, its issuers behind it.", valueName: "file")
    )
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The PEM private key of the certificate.", valueName: "file"))
    var tlsKey: String?

    @Flag(help: "Allow --auth none on an address that other machines reach.")
    var allowUnsigned = false

    @Flag(help: "Allow plain HTTP on an address that other machines reach.")
    var insecureHTTP = false

    @Option(
        help: ArgumentHelp(
            "Serve GET /metrics on an address of its own as well, unsigned and by plain HTTP.",
            valueName: "host:port"
        )
    )
    var metricsListen: String?

    /// Checks the options together with the address that is listened on.
    func validate(host: String) throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("give both --tls-certificate and --tls-key, or neither")
        }
        guard (0...900).contains(maxSkew) else {
            throw ValidationError("--max-skew is \(maxSkew), wanted 0 to 900")
        }
        if credentials != nil, auth == .none {
            throw ValidationError("--credentials does nothing without --auth sigv4")
        }
        if metricsListen != nil, metricsAddress == nil {
            throw ValidationError("--metrics-listen is '\(metricsListen ?? "")', wanted HOST:PORT")
        }
        guard !Self.isLoopback(host) else { return }
        if auth == .none, !allowUnsigned {
            throw ValidationError(
                "--host \(host) lets other machines in unsigned (use --auth sigv4, or force it with --allow-unsigned)"
            )
        }
        if tlsCertificate == nil, !insecureHTTP {
            throw ValidationError(
                "--host \(host) is reached by plain HTTP (use --tls-certificate and --tls-key, or force it with --insecure-http)"
            )
        }
    }

    /// Whether only this machine reaches an address; of a name that is not known to be so, no.
    static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return ["localhost", "::1"].contains(host)
    }

    /// Host and port of `--metrics-listen`; nil where there is none or it cannot be read.
    var metricsAddress: (host: String, port: Int)? {
        guard let metricsListen, let colon = metricsListen.lastIndex(of: ":") else { return nil }
        let port = Int(metricsListen[metricsListen.index(after: colon)...])
        var host = metricsListen[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let port, (0...65_535).contains(port), !host.isEmpty else { return nil }
        return (String(host), port)
    }

    /// Who may call.
    ///
    /// - Throws: CommandFailure where signatures are asked for and there is no key to check them by.
    func access() throws -> AccessPolicy {
        guard auth == .sigv4 else { return .open }
        let skew = Duration.seconds(maxSkew)
        if let credentials {
            return .signed(KeyRing(try AccessKeyFile.keys(in: credentials), allowedSkew: skew))
        }
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let id = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") else {
            throw CommandFailure(
                .usage,
                "--auth sigv4 has no key to check by (set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --credentials FILE)"
            )
        }
        let key = Credentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: value("AWS_SESSION_TOKEN")
        )
        return .signed(KeyRing([(key, AccessGrant(caller: "environment"))], allowedSkew: skew))
    }

    /// File and ring of `--credentials`; nil where the keys are not of a file.
    func keys(of access: AccessPolicy) -> (file: String, ring: KeyRing)? {
        guard let credentials, case .signed(let ring) = access else { return nil }
        return (credentials, ring)
    }

    /// What https is served with; nil for plain HTTP.
    func identity() throws -> TLSIdentity? {
        guard let tlsCertificate, let tlsKey else { return nil }
        do {
            return try TLSIdentity(certificateFile: tlsCertificate, keyFile: tlsKey)
        } catch let error as TLSIdentity.Failure {
            throw CommandFailure(.failed, "cannot serve TLS with \(error.description)")
        }
    }
}
