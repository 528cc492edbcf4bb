import Foundation
import KinescopeTesting
import Testing

/// What the documents say, against the package itself.
@Suite struct DocumentationTests {
    @Test func theArchitecturePageListsEveryModuleWithItsDependencies() async throws {
        let manifest = try await Manifest.current()
        let rows = try MarkdownPage("\(MarkdownPage.catalog)/Architecture.md").rows
        let listed = rows.filter { manifest.target(named: $0.name) != nil }
        let shipped = manifest.targets.filter(\.isShipped)
        #expect(listed.map(\.name).sorted() == shipped.map(\.name).sorted())
        for (name, cells) in listed {
            let written = (cells.first ?? "").matches(of: /`(\w+)`/).map { String($0.1) }
            let declared = manifest.target(named: name)?.dependencies.map(\.name) ?? []
            #expect(written.sorted() == declared.sorted(), "row \(name)")
        }
    }

    @Test func everyModuleDependsOnRowsAboveItsOwn() async throws {
        let manifest = try await Manifest.current()
        var above: Set<String> = []
        for (name, _) in try MarkdownPage("\(MarkdownPage.catalog)/Architecture.md").rows {
            let ours = manifest.target(named: name)?.dependencies.map(\.name)
                .filter { manifest.target(named: $0) != nil }
            #expect(above.isSuperset(of: ours ?? []), "row \(name)")
            above.insert(name)
        }
    }

    @Test func everyCommandInTheDocumentsExists() async throws {
        let pages = try MarkdownPage.all()
        let commands = pages.flatMap { page in page.commands.map { (page.path, $0) } }
        #expect(!commands.isEmpty)
        var manual = try Manual()
        for (path, words) in commands {
            let problem = try await manual.problem(with: words)
            #expect(problem == nil, "\(path): \(words.joined(separator: " "))")
        }
    }

    @Test func everyRelativeLinkLeadsSomewhere() throws {
        let pages = try MarkdownPage.all()
        for page in pages {
            for link in page.links where !link.contains(/^(https?|mailto):/) {
                #expect(try leadsSomewhere(link, from: page), "\(page.path): \(link)")
            }
        }
    }

    private func leadsSomewhere(_ link: String, from page: MarkdownPage) throws -> Bool {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        var path = page.path
        if parts[0].hasPrefix("doc:") {
            path = "\(MarkdownPage.catalog)/\(parts[0].dropFirst(4)).md"
        } else if !parts[0].isEmpty {
            let folder = Checkout.url(page.path).deletingLastPathComponent()
            let file = folder.appending(path: parts[0].removingPercentEncoding ?? parts[0])
                .standardizedFileURL
            guard Checkout.exists(file) else { return false }
            path = String(file.path.dropFirst(Checkout.root.standardizedFileURL.path.count + 1))
        }
        guard Checkout.exists(Checkout.url(path)) else { return false }
        guard parts.count > 1 else { return true }
        return try MarkdownPage(path).anchors.contains(parts[1].lowercased())
    }
}

/// The program's own help, asked for once for each subcommand.
private struct Manual {
    private let program: BuiltProgram
    private var pages: [String: String] = [:]

    init() throws {
        program = try BuiltProgram()
    }

    /// What the help does not know of a call; nil where it knows everything.
    mutating func problem(with words: [String]) async throws -> String? {
        // What stands behind is another program's.
        let arguments = words.dropFirst().prefix { $0 != "--" }
        var subcommand = ""
        // In capitals it is a placeholder.
        if let name = arguments.first(where: { $0 != "help" }), name.contains(/^[a-z]/) { subcommand = name }
        let overview = try await page("")
        // An unknown name shows the overview, so the name must stand in its list.
        guard subcommand.isEmpty || overview.contains("\n  \(subcommand) ") else {
            return "no \(subcommand)"
        }
        let help = try await page(of: subcommand, arguments)
        let names = Set(help.matches(of: /--?[a-z][a-z-]*/).map { String($0.0) })
        let options = arguments.compactMap { $0.firstMatch(of: /^\[?(--?[a-z][a-z-]*)/).map { String($0.1) } }
        return options.first { !names.contains($0) }.map { "no \($0) in \(subcommand)" }
    }

    /// The help of a subcommand, and where that has subcommands of its own, of the one that the call is to.
    private mutating func page(of subcommand: String, _ arguments: ArraySlice<String>) async throws -> String
    {
        let help = try await page(subcommand)
        guard let list = help.split(separator: "SUBCOMMANDS:\n").dropFirst().first, !subcommand.isEmpty else {
            return help
        }
        let nested = list.matches(of: /(?m)^  ([a-z]+)( \(default\))?/)
        let named = nested.first { arguments.dropFirst().first == String($0.1) }
        guard let found = named ?? nested.first(where: { $0.2 != nil }) else { return help }
        return try await page("\(subcommand) \(found.1)")
    }

    private mutating func page(_ subcommand: String) async throws -> String {
        if let page = pages[subcommand] { return page }
        let page = try await program.run(
            BuiltProgram.url,
            ["help"] + subcommand.split(separator: " ").map(String.init)
        ).text
        pages[subcommand] = page
        return page
    }
}
