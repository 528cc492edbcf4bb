import Foundation

/// The modules that the sources of a target import.
struct Imports {
    /// Which modules come with the toolchain and need no declaration.
    static let system: Set<String> = [
        "Dispatch", "Foundation", "FoundationNetworking", "Glibc", "PackageDescription", "Swift",
        "Synchronization",
        "Testing",
    ]

    /// Module names, each with the files that import it.
    private(set) var files: [String: [String]] = [:]

    init(of target: Manifest.Target) throws {
        for path in try Checkout.paths(below: target.folder) where path.hasSuffix(".swift") {
            for module in Self.modules(in: try Checkout.text(path)) {
                files[module, default: []].append(path)
            }
        }
    }

    /// The modules that a source text imports, once for each line that does.
    static func modules(in source: String) -> [String] {
        source.split(separator: "\n").compactMap { line in
            // Thousands of lines, few of them imports, which are not indented: looking at the bytes is quick.
            guard line.utf8.first.map({ "@ipf".utf8.contains($0) }) ?? false else { return nil }
            var words = line.split(separator: " ").drop { $0.hasPrefix("@") || access.contains($0) }
            guard words.popFirst() == "import" else { return nil }
            let path =
                words.count > 1 && kinds.contains(words.first ?? "") ? words.dropFirst().first : words.first
            return path?.split(separator: ".").first.map(String.init)
        }
    }

    private static let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
}
