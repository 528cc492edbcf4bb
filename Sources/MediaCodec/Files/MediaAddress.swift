import Foundation

/// Where media comes from: a file, a server, a camera.
///
/// ```
/// film.mp4        file:film.mp4        http://host/film.mp4     https://...
/// rtsp://host/yard    rtsps://...      /dev/video0              v4l2:/dev/video0
/// ```
public enum MediaAddress: Sendable, Hashable {
    /// A file of this machine.
    case file(path: String)
    /// What an HTTP server sends.
    case http(url: String)
    /// What an RTSP server sends, over TCP or over UDP.
    case rtsp(url: String)
    /// A capture device.
    case device(path: String)

    /// How an RTSP server's media travels.
    public enum RTSPTransport: String, Sendable, Hashable, CaseIterable {
        /// Inside of the control connection: nothing is lost on the way.
        case tcp
        /// In datagrams of its own: what is lost stays lost.
        case udp
    }

    /// Reads what somebody typed; anything that is no other kind is a file.
    public init(_ text: String) {
        let scheme = text.split(separator: ":", maxSplits: 1).first.map { $0.lowercased() } ?? ""
        switch scheme {
        case "http" where text.contains("://"), "https" where text.contains("://"): self = .http(url: text)
        case "rtsp" where text.contains("://"), "rtsps" where text.contains("://"): self = .rtsp(url: text)
        case "v4l2" where text.contains(":"): self = .device(path: String(text.dropFirst("v4l2:".count)))
        case "file" where text.contains(":"): self = .file(path: String(text.dropFirst("file:".count)))
        default: self = text.hasPrefix("/dev/video") ? .device(path: text) : .file(path: text)
        }
    }

    /// True for what goes on by itself and has no end of its own.
    public var isLive: Bool {
        switch self {
        case .rtsp, .device: true
        case .file, .http: false
        }
    }

    /// As people know it, without a password.
    public var name: String {
        switch self {
        case .file(let path), .device(let path): return path
        case .http(let url), .rtsp(let url):
            guard let scheme = url.range(of: "://"),
                let end = url[scheme.upperBound...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
            else { return url }
            return String(url[..<scheme.upperBound]) + String(url[url.index(after: end)...])
        }
    }

    /// What libav is given: URL, the protocols it may use, and the name of the input format where it cannot tell.
    var source: (url: String, protocols: String, format: String?) {
        switch self {
        case .file(let path): ("file:" + path, "file", nil)
        case .http(let url): (url, "http,https,tcp,tls", nil)
        case .rtsp(let url): (url, "rtsp,rtp,udp,tcp,tls", nil)
        case .device(let path): (path, "file", "v4l2")
        }
    }
}
