import KinesisVideo
import KinesisVideoConsumer
import Testing

@Suite struct BatchPlanTests {
    private static func fragments(_ sizes: [Int]) throws -> [FragmentInfo] {
        try sizes.enumerated().map { index, size in
            let time = Timestamp(milliseconds: Int64(index) * 2000)
            let number = try #require(FragmentNumber("\(index + 1)"))
            let metadata = FragmentMetadata(number: number, serverTimestamp: time, producerTimestamp: time)
            return FragmentInfo(metadata: metadata, size: size, length: 2000)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 10, 100, 1000])
    func everyFragmentIsInOneSplitAndNoneIsEmpty(count: Int) throws {
        let all = try Self.fragments((0..<100).map { 1 + ($0 * 7919) % 1000 })
        let plan = BatchPlan(all, count: count)
        #expect(plan.splits.count == min(count, 100))
        #expect(plan.splits.allSatisfy { !$0.isEmpty })
        #expect(plan.splits.flatMap { $0 } == all)
        let fair = all.reduce(0) { $0 + $1.size } / min(count, 100)
        for split in plan.splits { #expect(split.reduce(0) { $0 + $1.size } <= fair + 1000) }
    }

    @Test(arguments: [[], [5], [0, 0, 0], [1000, 1, 1], [1, 1, 1000]])
    func oddSizesDivide(sizes: [Int]) throws {
        let all = try Self.fragments(sizes)
        let plan = BatchPlan(all, count: 3)
        #expect(plan.splits.count == min(3, sizes.count))
        #expect(plan.splits.flatMap { $0 } == all)
    }

    @Test func splitsAreWrittenWithWhatAnEngineNeeds() throws {
        let plan = BatchPlan(try Self.fragments([10, 20, 30]), count: 2)
        let written = plan.written(stream: "gate", endpoint: "http://127.0.0.1:7070", region: "local-1")
        #expect(written.map(\.split) == [0, 1])
        #expect(written.flatMap(\.numbers).map(\.description) == ["1", "2", "3"])
        #expect(written.map(\.bytes).reduce(0, +) == 60)
        #expect(written[0].start == "1970-01-01T00:00:00.000Z")
    }
}
