import Foundation
import KinescopeTesting
import Matroska
import Testing

/// What is inspected of a document that goes on where the reading stopped.
@Suite struct CutDocumentTests {
    @Test func aCutThatIsOursIsNoFault() throws {
        let bytes = try Captures.bytes(Captures.made.appending(path: "h264-aac.mkv"))
        let whole = DocumentInspection(bytes)
        #expect(whole.faultyRows.isEmpty)
        for length in stride(from: 64, to: bytes.count, by: max(1, bytes.count / 97)) {
            let part = Array(bytes[..<length])
            let cut = DocumentInspection(part, isCut: true)
            #expect(cut.isCut && cut.faultyRows.isEmpty, "cut at \(length)")
            let ranges = whole.frames.prefix(cut.frames.count).map(\.range)
            #expect(cut.frames.map(\.range) == ranges, "cut at \(length)")
            #expect(cut.frames.allSatisfy { $0.range.upperBound <= length })
        }
    }

    @Test func aDocumentThatEndsTooEarlyStaysAFault() throws {
        let bytes = try Captures.bytes(Captures.made.appending(path: "h264-aac.mkv"))
        let half = DocumentInspection(Array(bytes[..<(bytes.count / 2)]))
        #expect(!half.isCut && !half.faultyRows.isEmpty)
    }
}
