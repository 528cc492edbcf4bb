import KinesisVideo
import KinesisVideoServer
import NIOCore
import Testing

/// Files of faults, and how they are counted and placed.
@Suite struct FaultFileTests {
    private static func rules(_ text: String) throws -> [FaultRule] {
        try FaultFile.rules(text, path: "faults.jsonl")
    }

    @Test func everyKindOfFaultIsRead() throws {
        let rules = try Self.rules(
            """
            # What the camera has to live through.
            {"fault": "delay", "milliseconds": 250, "operation": "getDataEndpoint"}

            {"fault": "throttle", "operation": "getMedia", "times": 2}
            {"fault": "refuse", "error": "ExpiredTokenException", "status": 403, "stream": "gate", "every": 3}
            {"fault": "reset", "byte": 65536, "operation": "putMedia", "skip": 1}
            {"fault": "end", "byte": 10, "operation": "getMedia"}
              {"fault": "stall", "milliseconds": 3000}
            {"fault": "error", "error": 4004, "fragment": 3}
            {"fault": "error", "error": "ARCHIVAL_ERROR"}
            """
        )
        #expect(
            rules.map(\.fault) == [
                .delay(.milliseconds(250)), .refuse(.clientLimit("too many calls, says --faults")),
                .refuse(
                    ServiceError(
                        name: "ExpiredTokenException",
                        status: 403,
                        message: "refused, says --faults"
                    )
                ),
                .reset(byte: 65536), .end(byte: 10), .stall(byte: 0, .milliseconds(3000)),
                .acknowledge(.timecodeNotIncreasing, fragment: 3), .acknowledge(.archivalError, fragment: 1),
            ]
        )
        #expect(rules[1].operation == "getMedia" && rules[1].times == 2)
        #expect(rules[2].stream == "gate" && rules[2].every == 3 && rules[3].skip == 1)
    }

    @Test(arguments: [
        ("", "faults.jsonl: no fault in it"),
        ("# nothing", "faults.jsonl: no fault in it"),
        ("\n\nreset", "faults.jsonl:3: 'reset' is no JSON object"),
        ("[]", "faults.jsonl:1: '[]' is no JSON object"),
        (#"{"fault": "explode"}"#, "faults.jsonl:1: 'fault' is 'explode', wanted one of delay, throttle"),
        (#"{"operation": "getMedia"}"#, "faults.jsonl:1: no 'fault', wanted one of"),
        (#"{"fault": "reset", "bytes": 5}"#, "faults.jsonl:1: 'bytes' is no member of a fault"),
        (#"{"fault": "reset", "byte": -1}"#, "faults.jsonl:1: 'byte' is -1, wanted a whole number from 0 on"),
        (#"{"fault": "reset", "byte": 1.5}"#, "faults.jsonl:1: 'byte' is 1.5, wanted a whole number"),
        (#"{"fault": "delay"}"#, "faults.jsonl:1: fault 'delay' needs 'milliseconds'"),
        (#"{"fault": "end"}"#, "faults.jsonl:1: fault 'end' needs 'byte'"),
        (
            #"{"fault": "reset", "operation": "health"}"#,
            "faults.jsonl:1: 'operation' is 'health', wanted one of"
        ),
        (#"{"fault": "reset", "every": 0}"#, "faults.jsonl:1: 'every' is 0, wanted a whole number from 1 on"),
        (#"{"fault": "error", "error": 9999}"#, "faults.jsonl:1: 'error' is 9999, wanted one of 4001"),
        (#"{"fault": "error"}"#, "faults.jsonl:1: fault 'error' needs 'error'"),
        (#"{"fault": "refuse", "status": 200}"#, "faults.jsonl:1: 'status' is 200"),
    ])
    func aBadFileIsRefusedWithLineSeenAndWanted(text: String, message: String) {
        let error = #expect(throws: FaultFile.Failure.self) { try Self.rules(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func requestsAreCountedForEachRule() throws {
        let injection = FaultInjection(
            try Self.rules(
                """
                {"fault": "throttle", "operation": "getMedia", "skip": 1, "every": 2, "times": 2}
                {"fault": "reset", "stream": "gate"}
                {"fault": "error", "error": 5000}
                """
            )
        )
        let hits = (0..<8).map { _ in injection.next(operation: "getMedia", streams: ["yard"]).count }
        #expect(hits == [0, 1, 0, 1, 0, 0, 0, 0])
        #expect(injection.next(operation: "listFragments", streams: ["gate"]) == [.reset(byte: 0)])
        let upload = injection.next(operation: "putMedia", streams: ["gate"])
        #expect(upload == [.reset(byte: 0), .acknowledge(.internalError, fragment: 1)])
    }

    @Test(arguments: 1...12)
    func cutsLieAtTheirByteHoweverTheMediaIsSplit(size: Int) {
        let bytes = Array(UInt8(0)..<30)
        var media = CutMedia([
            MediaCut(byte: 0, effect: .stall(.seconds(1))), MediaCut(byte: 7, effect: .stall(.seconds(2))),
            MediaCut(byte: 20, effect: .end), MediaCut(byte: 25, effect: .reset),
        ])
        var passed: [UInt8] = []
        var places: [Int] = []
        var steps = media.begin()
        for start in stride(from: 0, to: bytes.count, by: size) {
            steps += media.pass(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
        }
        for step in steps {
            if case .pass(let buffer) = step {
                passed += buffer.readableBytesView
            } else {
                places.append(passed.count)
            }
        }
        #expect(passed == Array(bytes[..<20]) && places == [0, 7, 20])
        #expect(steps.last == .end && media.isOver)
    }
}
