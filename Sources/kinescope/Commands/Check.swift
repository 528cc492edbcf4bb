import ArgumentParser
import Foundation
import FragmentStorage
import Logging

/// `kinescope check`: whether a data folder holds what was written to it.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify a data folder: all checksums, and the index against the media files.",
        discussion: """
            Reads everything and changes nothing. Prints what is not as a service that ended in order leaves it, one \
            line each: damage, or leftovers of a crash that the next start puts right by itself. The exit status is 7 \
            where there is damage.

            With --repair, whole fragments of damaged media files are kept, the damaged files are moved to \
            quarantine/ in the data folder, and the index is made anew; nothing is deleted.

            Refused while a service uses the folder.
            """
    )

    @Argument(help: "Folder of the data; the embedded service's where none is named.")
    var dir: String?

    @Flag(help: "Print one JSON object for each finding and each move.")
    var json = false

    @Flag(help: "Set damaged parts aside and make the index anew.")
    var repair = false

    func run() throws {
        let path = dir ?? DataFolder.standard
        guard let folder = try DataFolder.hold(path) else {
            let holder = DataFolder.holder(of: path).map { " by \($0)" } ?? ""
            throw CommandFailure(.failed, "cannot check \(path): in use\(holder) (stop the service first)")
        }
        let check = try verify(folder)
        if check.isSound { return }
        guard repair else {
            throw CommandFailure(.corrupt, "check \(path): damaged (try --repair)")
        }
        let repair = try StoreRepair.run(
            directory: path,
            logger: Logger(label: "kinescope", factory: { StreamLogHandler.standardError(label: $0) })
        )
        try folder.clearLock()
        for move in repair.moves {
            try json ? JSONLine.write(MoveRow(move)) : print("moved \(move.from) to \(move.to)")
        }
        guard try verify(folder).isSound else {
            throw CommandFailure(.corrupt, "check \(path): still damaged")
        }
    }

    private func verify(_ folder: DataFolder) throws -> StoreCheck {
        var check = try StoreCheck.run(directory: folder.path)
        check.findings += folder.lockFindings
        for finding in check.findings {
            try json ? JSONLine.write(FindingRow(finding)) : print(PrintableText.visible(finding.line))
        }
        if !json {
            print(
                "\(check.isSound ? "sound" : "damaged"): \(check.streams) streams, \(check.segments) files, "
                    + "\(check.fragments) fragments, \(check.bytes) bytes"
            )
        }
        return check
    }
}

/// A finding as `check --json` prints it.
private struct FindingRow: Encodable {
    var kind: String
    var file: String
    var offset: Int?
    var seen: String
    var wanted: String
    var advice: String

    init(_ finding: StoreFinding) {
        kind = finding.kind.rawValue
        file = finding.file
        offset = finding.offset
        seen = finding.seen
        wanted = finding.wanted
        advice = finding.advice
    }
}

/// What a repair moved, as `check --repair --json` prints it.
private struct MoveRow: Encodable {
    var moved: String
    var to: String

    init(_ move: (from: String, to: String)) {
        (moved, to) = move
    }
}

extension StoreFinding {
    /// The finding as people read it.
    fileprivate var line: String {
        "\(kind.rawValue) \(file)\(offset.map { ", byte \($0)" } ?? ""): \(seen), wanted \(wanted) (\(advice))"
    }
}
