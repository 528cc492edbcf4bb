/// Two pieces of work measured in turn, so that what slows the machine slows both.
struct Comparison {
    private(set) var subject: [Cost] = []
    private(set) var peer: [Cost] = []

    /// Measures both by turns after a first round that does not count.
    init(
        rounds: Int = 5,
        _ subject: () async throws -> Void,
        beside peer: () async throws -> Void
    ) async rethrows {
        for round in 0...rounds {
            let costs = (try await Cost.of(subject), try await Cost.of(peer))
            guard round > 0 else { continue }
            self.subject.append(costs.0)
            self.peer.append(costs.1)
        }
    }

    /// How many times as long as its peer the subject took, round by round.
    var ratio: Series { Series(zip(subject, peer).map { $0.wall / $1.wall }) }

    /// Gigabytes a second of both, and the ratio of their times.
    func throughput(of bytes: Int, peer name: String) -> String {
        func rate(_ costs: [Cost]) -> String {
            Series(costs.map { Double(bytes) / 1e9 / $0.wall.seconds }).text
        }
        return "\(rate(subject)) GB/s, \(name) \(rate(peer)) GB/s, time ratio \(ratio.text)"
    }
}
