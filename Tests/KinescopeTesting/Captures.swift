public import Foundation

/// Media files that tests read.
///
/// `made` and `hostile` lie beside the tests, with the programs that made them. `real` are recordings of the
/// service that cannot be passed on: a folder beside the package or the one named by `KINESCOPE_CAPTURES`, where
/// there is one.
public enum Captures {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Small synthetic files, one property each.
    public static let made = tests.appending(path: "Captures/made")
    /// Broken and malicious files; `MANIFEST.tsv` says what must happen.
    public static let hostile = tests.appending(path: "Captures/hostile")
    /// Recordings of the service; nil where this machine has none.
    public static let real: URL? = {
        let named = ProcessInfo.processInfo.environment["KINESCOPE_CAPTURES"].map { URL(filePath: $0) }
        let beside = tests.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/captures")
        return [named, beside].compactMap(\.self).first {
            FileManager.default.fileExists(atPath: $0.appending(path: "vogels_330.mkv").path)
        }
    }()

    /// Why tests over `real` are left out.
    public static let realAreMissing = "no recordings: set KINESCOPE_CAPTURES to a folder that holds them"

    /// The bytes of a file.
    public static func bytes(_ url: URL) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url))
    }

    /// Every `.mkv` in a folder, by name.
    public static func files(in folder: URL?) -> [URL] {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".mkv") }.sorted().map { folder.appending(path: $0) }
    }
}
