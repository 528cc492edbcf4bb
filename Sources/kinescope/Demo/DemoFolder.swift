import Foundation

/// Where the demo keeps its data: a folder that is named, or one that goes with the demo.
struct DemoFolder {
    let path: String
    private let isTemporary: Bool

    private static let prefix = "kinescope-demo-"

    /// Makes a temporary folder unless one is named.
    init(path: String?) throws {
        if let path {
            (self.path, isTemporary) = (path, false)
            return
        }
        Self.removeAbandoned()
        let template = FileManager.default.temporaryDirectory.path + "/\(Self.prefix)XXXXXX"
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else {
            throw CommandFailure(.failed, "cannot make \(template): \(String(cString: strerror(errno)))")
        }
        self.path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        isTemporary = true
    }

    /// Removes a temporary folder.
    func remove() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Removes what demos that were killed have left; a running one holds its folder's lock.
    private static func removeAbandoned() {
        let parent = FileManager.default.temporaryDirectory.path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            // One that was made just now may not have taken its lock yet.
            guard let made = attributes?[.modificationDate] as? Date, made.timeIntervalSinceNow < -60,
                (try? DataFolder.take(path)) != nil
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}
