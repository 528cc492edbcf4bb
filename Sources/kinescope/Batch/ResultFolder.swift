import Foundation
import KinesisVideoConsumer
import SystemPackage

/// Results by name: `NAME.out` is there only once it is whole.
struct ResultFolder: Sendable {
    let path: String

    /// Makes the folder where it is missing.
    init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.failed, "cannot make \(path): \(error.localizedDescription)")
        }
    }

    /// Where a result is.
    func path(of name: String) -> String { "\(path)/\(name).out" }

    /// True where an earlier run has finished it.
    func hasResult(of name: String) -> Bool {
        FileManager.default.fileExists(atPath: path(of: name))
    }

    /// The file of the splits that an interrupted run goes on with.
    var planFile: String { "\(path)/plan.jsonl" }

    /// The splits of an earlier run; nil where there was none.
    ///
    /// - Throws: `CommandFailure` where the file is no plan.
    func plan() throws -> [FragmentSplit]? {
        guard let data = FileManager.default.contents(atPath: planFile) else { return nil }
        do {
            return try data.split(separator: UInt8(ascii: "\n")).map {
                try JSONDecoder().decode(FragmentSplit.self, from: Data($0))
            }
        } catch {
            throw CommandFailure(.failed, "no plan in \(planFile) (remove it to plan anew)")
        }
    }

    /// Keeps the splits of a run.
    func keep(_ plan: [FragmentSplit]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try plan.map { try encoder.encode($0) + Data("\n".utf8) }
        do {
            try Data(lines.joined()).write(to: URL(filePath: planFile), options: .atomic)
        } catch {
            throw CommandFailure(.failed, "cannot write \(planFile): \(error.localizedDescription)")
        }
    }

    /// Begins a result anew.
    func open(_ name: String) throws -> FileDescriptor {
        let part = path(of: name) + ".part"
        do {
            return try FileDescriptor.open(
                FilePath(part),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw CommandFailure(.failed, "cannot write \(part): \(error)")
        }
    }

    /// Gives a result its name.
    func keep(_ name: String) throws {
        guard rename(path(of: name) + ".part", path(of: name)) == 0 else {
            throw CommandFailure(
                .failed,
                "cannot write \(path(of: name)): \(String(cString: strerror(errno)))"
            )
        }
    }
}
