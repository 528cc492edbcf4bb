import Foundation
import Monitor
import Subprocess

/// The tmux that the screens run in, if any: it alone knows the terminal behind it.
struct Tmux: Sendable {
    /// Nil outside tmux.
    init?(_ environment: [String: String]) {
        guard environment["TMUX"] != nil else { return nil }
    }

    /// What the terminal that tmux is shown on can do; nil where tmux does not say so in a second.
    func features() async -> String? {
        await value(of: "client_termfeatures")
    }

    /// Reports every two seconds what tmux has thrown away because its terminal was too slow for it.
    ///
    /// tmux answers the requests at the ends of frames itself, so that these say nothing of that terminal.
    func watchDiscarded(_ inbox: MonitorInbox) async {
        var last: Int?
        while !Task.isCancelled {
            if let count = await value(of: "client_discarded").flatMap({ Int($0) }) {
                if let last, count > last { inbox.post(.outputDiscarded(bytes: count - last)) }
                last = count
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func value(of name: String) async -> String? {
        await withTaskGroup(of: String?.self) { group in
            group.addTask {
                let answer = try? await Subprocess.run(
                    .name("tmux"),
                    arguments: ["display-message", "-p", "#{\(name)}"],
                    output: .string(limit: 4096)
                )
                return answer?.standardOutput
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(1))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next()??.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
