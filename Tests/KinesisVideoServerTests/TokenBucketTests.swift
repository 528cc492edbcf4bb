import KinesisVideo
import KinesisVideoServer
import Testing

/// Call rates: 09 Limits and quotas.
@Suite struct TokenBucketTests {
    private static func moment(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: 1_763_820_202_000 + milliseconds)
    }

    /// Each step: milliseconds since the start, what is asked for, whether it is there.
    @Test(
        arguments: [
            [(0, 1, true), (0, 1, true), (0, 1, true), (0, 1, true), (0, 1, true), (0, 1, false)],
            [(0, 5, true), (199, 1, false), (200, 1, true), (200, 1, false), (400, 1, true)],
            [(0, 5, true), (10_000, 5, true), (10_000, 1, false)],
            // More than a second's worth: only of a full bucket, and it leaves a debt.
            [(0, 1, true), (0, 12, false), (200, 12, true), (1400, 1, false), (1800, 1, true)],
            // A clock set back fills nothing.
            [(1000, 5, true), (0, 1, false), (200, 1, true)],
        ] as [[(Int64, Int, Bool)]]
    )
    func aBucketOfFiveFillsEvenly(steps: [(at: Int64, cost: Int, isThere: Bool)]) {
        var bucket = TokenBucket(perSecond: 5, at: Self.moment(0))
        for step in steps {
            bucket.advance(to: Self.moment(step.at))
            #expect(bucket.has(step.cost) == step.isThere, "\(step)")
            if step.isThere { bucket.take(step.cost) }
        }
    }

    @Test func aDebtIsPaidInTheTimeThatItsTokensTake() {
        var bucket = TokenBucket(perSecond: 500, at: Self.moment(0))
        bucket.take(1000)
        for (moment, debt, isFull) in [
            (0, 1000, false), (999, 1, false), (1000, 0, false), (1999, 0, false), (2000, 0, true),
        ] as [(Int64, Int64, Bool)] {
            bucket.advance(to: Self.moment(moment))
            #expect(bucket.debt == debt && bucket.isFull == isFull, "\(moment)")
        }
    }
}

@Suite struct MediaPaceTests {
    private static let start = Timestamp(milliseconds: 1_763_820_202_000)

    /// Each step: milliseconds since the start, bytes and fragments moved, milliseconds to wait.
    @Test(
        arguments: [
            [(0, 1000, 0, 0), (0, 500, 0, 500), (500, 0, 0, 0), (500, 1000, 0, 1000)],
            [(0, 5000, 0, 4000), (4000, 0, 0, 0), (5000, 1000, 0, 0)],
            [(0, 1, 2, 0), (0, 1, 1, 500), (500, 1, 1, 500)],
        ] as [[(Int64, Int, Int, Int64)]]
    )
    func mediaWaitsUntilWhatHasMovedIsPaid(steps: [(at: Int64, bytes: Int, fragments: Int, wait: Int64)]) {
        var pace = MediaPace(bytesPerSecond: 1000, fragmentsPerSecond: 2, at: Self.start)
        for step in steps {
            let now = Self.start.advanced(byMilliseconds: step.at)
            #expect(pace.pass(bytes: step.bytes, fragments: step.fragments, at: now) == step.wait, "\(step)")
        }
    }
}

@Suite struct CallBudgetTests {
    private static let now = Timestamp(milliseconds: 1_763_820_202_000)

    /// How many of a thousand calls at one moment pass.
    private static func admitted(_ path: String, arns: [String?], points: Int = 1) -> Int {
        var budget = CallBudget()
        var count = 0
        for index in 0..<1000 {
            do {
                try budget.take(path, arn: arns[index % arns.count], points: points, at: now)
                count += 1
            } catch {
                #expect(error.name == "ClientLimitExceededException")
            }
        }
        return count
    }

    @Test(
        arguments: [
            (CreateStream.path, 50, nil), (ListStreams.path, 50, nil), (DescribeStream.path, 300, 5),
            (GetDataEndpoint.path, 300, 5), (TagStream.path, 50, 5), (UpdateDataRetention.path, 50, 5),
            (GetMedia.path, 1000, 5), ("/putMedia", 1000, 5),
        ] as [(String, Int, Int?)]
    )
    func eachOperationHasItsRates(path: String, perAccount: Int, perStream: Int?) {
        let many = (0..<500).map { "arn-\($0)" }
        #expect(Self.admitted(path, arns: perStream == nil ? [nil] : many) == perAccount)
        if let perStream { #expect(Self.admitted(path, arns: ["arn"]) == perStream) }
    }

    @Test(arguments: [
        (ListFragments.path, 1000, 10), (ListFragments.path, 100, 100),
        (GetMediaForFragmentList.path, 10, 50), (GetMediaForFragmentList.path, 1000, 1),
    ])
    func fragmentsArePaidByTheNumber(path: String, fragments: Int, calls: Int) {
        #expect(Self.admitted(path, arns: ["arn"], points: fragments) == calls)
        #expect(Self.admitted(path, arns: ["one", "two"], points: fragments) == 2 * calls)
    }

    @Test func aRefusedCallCostsTheAccountNothing() throws {
        var budget = CallBudget()
        for _ in 0..<5 { try budget.take(TagStream.path, arn: "one", at: Self.now) }
        for _ in 0..<100 { try? budget.take(TagStream.path, arn: "one", at: Self.now) }
        for index in 0..<45 { try budget.take(TagStream.path, arn: "other-\(index)", at: Self.now) }
        #expect(throws: ServiceError.self) {
            try budget.take(TagStream.path, arn: "last", at: Self.now)
        }
    }

    @Test func theRatesOfManyStreamsStayApart() throws {
        var budget = CallBudget()
        for second in 0..<20 {
            let now = Self.now.advanced(byMilliseconds: Int64(second) * 1000)
            for index in 0..<1000 {
                for _ in 0..<5 { try budget.take(GetMedia.path, arn: "arn-\(second)-\(index)", at: now) }
            }
            #expect(throws: ServiceError.self) {
                try budget.take(GetMedia.path, arn: "arn-\(second)-0", at: now)
            }
        }
    }
}

@Suite struct ServiceQuotasTests {
    private static func quotas(_ limits: ServiceConfiguration.Limits) -> ServiceQuotas {
        ServiceQuotas(limits) { Timestamp(milliseconds: 1_763_820_202_000) }
    }

    @Test func aConnectionCountsUntilItIsLetGo() throws {
        let quotas = Self.quotas(.aws)
        var held = try (0..<3).map { _ in try quotas.connect(GetMedia.path, arn: "gate") }
        #expect { try quotas.connect(GetMedia.path, arn: "gate") } throws: {
            ($0 as? ServiceError)?.name == "ConnectionLimitExceededException"
        }
        let other = try quotas.connect(GetMedia.path, arn: "roof")
        #expect(other != nil)
        held.removeLast()
        held.append(try quotas.connect(GetMedia.path, arn: "gate"))
        #expect(held.allSatisfy { $0 != nil })
    }

    @Test func callRateComesBeforeConnectionCount() throws {
        let quotas = Self.quotas(.aws)
        let held = try (0..<3).map { _ in try quotas.connect(GetMedia.path, arn: "gate") }
        let names = (0..<3).map { _ in
            do {
                _ = try quotas.connect(GetMedia.path, arn: "gate")
                return "passed"
            } catch {
                return (error as? ServiceError)?.name ?? "\(error)"
            }
        }
        #expect(
            names == [
                "ConnectionLimitExceededException", "ConnectionLimitExceededException",
                "ClientLimitExceededException",
            ]
        )
        withExtendedLifetime(held) {}
    }

    @Test func withoutLimitsEverythingPasses() throws {
        let quotas = Self.quotas(.none)
        for _ in 0..<1000 {
            try quotas.admit(CreateStream.path)
            #expect(try quotas.connect(GetMedia.path, arn: "gate") == nil)
        }
        #expect(quotas.streams == nil)
    }
}
