import Foundation
import Testing

/// Compares a text with the file of that name beside the tests.
///
/// `RECORD_SNAPSHOTS=1` writes the file anew, and fails, so that a new picture is looked at once.
func expectSnapshot(
    _ text: String,
    _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    file: String = #filePath
) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Snapshots")
    let url = folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
        try text.write(to: url, atomically: true, encoding: .utf8)
        Issue.record("recorded \(name): look at it", sourceLocation: sourceLocation)
        return
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    guard text != expected else { return }
    let (got, wanted) = (
        text.split(separator: "\n", omittingEmptySubsequences: false),
        expected.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let differences = (0..<max(got.count, wanted.count)).compactMap { row -> String? in
        let (left, right) = (row < wanted.count ? wanted[row] : "", row < got.count ? got[row] : "")
        return left == right ? nil : "row \(row)\n- \(left)\n+ \(right)"
    }
    Issue.record("\(name) differs:\n\(differences.joined(separator: "\n"))", sourceLocation: sourceLocation)
}
