/// The second line of a canonical request.
enum CanonicalPath {
    /// Encodes a path once more, as AWS does for every service but S3; an empty one is `/`.
    static func text(_ path: String, isNormalized: Bool) -> String {
        let path = isNormalized ? normalized(path) : path
        return path.isEmpty ? "/" : PercentEncoding.encode(path.utf8, keepingSlashes: true)
    }

    private static func normalized(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.joined(separator: "/") + end
    }
}
