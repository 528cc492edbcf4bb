import Foundation
import KinescopeTesting

/// What `Package.swift` declares, as the package manager understands it.
struct Manifest: Decodable {
    /// A module, a program or a set of tests.
    struct Target: Decodable {
        var name: String
        var type: String
        var path: String?
        var dependencies: [Dependency]

        /// Where its sources lie, as a path from the root.
        var folder: String { path ?? "\(type == "test" ? "Tests" : "Sources")/\(name)" }

        /// True for what ships: nothing of `Tests`.
        var isShipped: Bool { !folder.hasPrefix("Tests/") }
    }

    /// A module by name, wherever it comes from.
    struct Dependency: Decodable {
        var name: String

        private enum CodingKeys: String, CodingKey {
            case byName, product, target
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let key = try container.allKeys.first.orThrow(container.codingPath, "a dependency of a new kind")
            var values = try container.nestedUnkeyedContainer(forKey: key)
            name = try values.decode(String.self)
        }
    }

    var targets: [Target]

    /// Asks the package manager once.
    ///
    /// The lock is held by the run of the tests already.
    private static let asked = Task {
        let result = try await BuiltProgram().run(
            URL(filePath: "/usr/bin/env"),
            ["swift", "package", "--ignore-lock", "--package-path", Checkout.root.path, "dump-package"]
        )
        return try JSONDecoder().decode(Manifest.self, from: Data(result.output))
    }

    /// The manifest of this checkout.
    ///
    /// - Throws: DecodingError where the package manager did not answer with it.
    static func current() async throws -> Manifest { try await asked.value }

    func target(named name: String) -> Target? { targets.first { $0.name == name } }
}

extension Optional {
    fileprivate func orThrow(_ path: [any CodingKey], _ message: String) throws -> Wrapped {
        guard let self else {
            throw DecodingError.dataCorrupted(.init(codingPath: path, debugDescription: message))
        }
        return self
    }
}
