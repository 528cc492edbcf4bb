import Foundation
import Glibc
import KinescopeTesting

/// The built `kinescope serve` with an empty store, in a process of its own, so that its figures are nobody else's.
struct ServedProgram {
    /// Where it listens.
    let url: String
    private let service: Process
    private let folder: TemporaryFolder

    /// Starts it on a free port; gives nil where the program has not been built, which is told.
    ///
    /// - Parameter arguments: more options of `serve`.
    /// - Throws: what the system says where no process can be started.
    init?(_ arguments: String...) throws {
        let program = BuiltProgram.url.path
        guard access(program, X_OK) == 0 else {
            show("no \(program)", "build the program first")
            return nil
        }
        folder = try TemporaryFolder()
        service = Process()
        service.executableURL = BuiltProgram.url
        service.arguments = ["serve", "--port", "0", "--data-dir", folder.path("data")] + arguments
        let output = Pipe()
        service.standardOutput = output
        service.standardError = FileHandle.nullDevice
        try service.run()
        let greeting = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        url = greeting.trimmingPrefix("listening on ").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The port in `url`.
    var port: UInt16 {
        guard let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            preconditionFailure("\(url) has no port")
        }
        return port
    }

    /// Ends it.
    func end() {
        service.terminate()
        service.waitUntilExit()
    }

    /// Processor time so far, user and system.
    var processorSeconds: Double {
        let text =
            (try? String(contentsOfFile: "/proc/\(service.processIdentifier)/stat", encoding: .utf8)) ?? ""
        // Behind the name in parentheses the state is field 3; user and system time are fields 14 and 15.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            return 0
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Largest resident size so far.
    var peakMegabytes: Double { megabytes("VmHWM:") }

    /// Resident size now.
    var megabytes: Double { megabytes("VmRSS:") }

    /// Open descriptors now.
    var descriptors: Int {
        let folder = "/proc/\(service.processIdentifier)/fd"
        return (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
    }

    private func megabytes(_ name: String) -> Double {
        let path = "/proc/\(service.processIdentifier)/status"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0) * 1024 / 1e6
    }
}
