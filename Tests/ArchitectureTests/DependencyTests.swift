import Testing

/// Which module may know which: `Package.swift` against every import.
@Suite struct DependencyTests {
    private let manifest: Manifest

    init() async throws {
        manifest = try await Manifest.current()
    }

    @Test func everyImportIsDeclared() throws {
        for target in manifest.targets {
            let declared = Set(target.dependencies.map(\.name))
            for (module, files) in try Imports(of: target).files {
                #expect(
                    declared.contains(module) || Imports.system.contains(module) || module == target.name,
                    "\(target.name) does not declare \(module), imported by \(files)"
                )
            }
        }
    }

    @Test func everyDeclaredDependencyIsImported() throws {
        for target in manifest.targets {
            let imported = Set(try Imports(of: target).files.keys)
            // Tests declare a program so that it is built; they run it.
            let unused = target.dependencies.map(\.name).filter {
                !imported.contains($0) && manifest.target(named: $0)?.type != "executable"
            }
            #expect(unused.isEmpty, "\(target.name) declares what it never imports")
        }
    }

    @Test(arguments: [("CFFmpeg", "MediaCodec"), ("CNcurses", "TerminalScreen")])
    func aLibraryInCHasOneImporter(module: String, importer: String) throws {
        let importers = try manifest.targets.filter { try Imports(of: $0).files[module] != nil }
        #expect(importers.map(\.name) == [importer])
    }

    @Test func foldersAreNamedAfterWhatIsInThem() throws {
        let rooms: Set<Substring> = [
            "Common", "Extensions", "Helpers", "Misc", "Shared", "Util", "Utils", "Utilities",
        ]
        for folder in ["Sources", "Tests", "Themes"] {
            let paths = try Checkout.paths(below: folder).filter {
                rooms.isDisjoint(with: $0.split(separator: "/")) == false
            }
            #expect(paths.isEmpty)
        }
    }
}

@Suite struct ImportsTests {
    @Test(arguments: [
        ("import NIOCore", ["NIOCore"]),
        ("public import KinesisVideo\nprivate import CFFmpeg", ["KinesisVideo", "CFFmpeg"]),
        ("@_exported @preconcurrency import GRDB", ["GRDB"]),
        ("@_spi(Testing) import Matroska", ["Matroska"]),
        ("import struct Foundation.Data", ["Foundation"]),
        ("// import Pixels\nlet important = 1", []),
    ])
    func findsWhatASourceImports(source: String, modules: [String]) {
        #expect(Imports.modules(in: source) == modules)
    }
}
