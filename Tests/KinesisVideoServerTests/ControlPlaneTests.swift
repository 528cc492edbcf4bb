import Foundation
import KinesisVideo
import KinesisVideoServer
import Testing

/// Arguments and errors of every operation: 02 Control plane.
@Suite struct ControlPlaneTests {
    private static let arn = ControlPlaneFixture.arn("gate")
    private static let invalid = "InvalidArgumentException"
    private static let missing = "ResourceNotFoundException"

    private static func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    private static func tags(_ count: Int, from first: Int = 0) -> String {
        "{" + (first..<first + count).map { #""k\#($0)":"v""# }.joined(separator: ",") + "}"
    }

    /// Runs each call on a fixture with a stream `gate` that keeps two hours.
    private static func expect(_ path: String, _ table: [(json: String, outcome: String)]) async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","DataRetentionInHours":2}"#)
        for (json, expected) in table {
            let outcome = await fixture.outcome(path, json)
            #expect(outcome == expected, "\(path) \(json.prefix(200))")
        }
        await fixture.close()
    }

    /// Every operation that names its stream by name or ARN, with what else it needs.
    @Test(arguments: [
        (DescribeStream.path, ""), (UpdateStream.path, #""CurrentVersion":"v","#),
        (
            UpdateDataRetention.path,
            #""CurrentVersion":"v","Operation":"INCREASE_DATA_RETENTION","DataRetentionChangeInHours":1,"#
        ),
        (GetDataEndpoint.path, #""APIName":"GET_CLIP","#),
        (DescribeImageGenerationConfiguration.path, ""), (UpdateImageGenerationConfiguration.path, ""),
        (DescribeNotificationConfiguration.path, ""), (UpdateNotificationConfiguration.path, ""),
        (DescribeStreamStorageConfiguration.path, ""), (DescribeMappedResourceConfiguration.path, ""),
        (
            UpdateStreamStorageConfiguration.path,
            #""CurrentVersion":"v","StreamStorageConfiguration":{"DefaultStorageTier":"HOT"},"#
        ),
        (TagStream.path, #""Tags":{"a":"b"},"#), (UntagStream.path, #""TagKeyList":["a"],"#),
        (ListTagsForStream.path, ""),
    ])
    func aStreamIsNamedByNameOrARN(path: String, rest: String) async throws {
        // Where the version is asked for, the wrong one shows that the stream was found.
        let found = rest.contains("CurrentVersion") ? "VersionMismatchException" : "ok"
        let tagging = [TagStream.path, UntagStream.path, ListTagsForStream.path]
        let malformed = tagging.contains(path) ? "InvalidResourceFormatException" : Self.invalid
        let otherARN = Self.arn.replacing("stream/gate", with: "stream/roof")
        try await Self.expect(
            path,
            [
                (#"{\#(rest)"StreamName":"gate"}"#, found),
                (#"{\#(rest)"StreamARN":"\#(Self.arn)"}"#, found),
                (#"{\#(rest)"StreamName":"gate","StreamARN":"\#(Self.arn)"}"#, found),
                (#"{\#(rest)"StreamName":"gate","StreamARN":null,"Unknown":[{"a":1}]}"#, found),
                (#"{\#(rest)"StreamName":null}"#, Self.invalid),
                (#"{\#(rest)"StreamName":"roof","StreamARN":"\#(Self.arn)"}"#, Self.invalid),
                (#"{\#(rest)"StreamName":"gate","StreamARN":"\#(otherARN)"}"#, Self.invalid),
                (#"{\#(rest)"StreamName":"roof"}"#, Self.missing),
                (#"{\#(rest)"StreamARN":"\#(Self.arn)0"}"#, Self.missing),
                (
                    #"{\#(rest)"StreamARN":"\#(Self.arn.replacing("local-1", with: "eu-west-1"))"}"#,
                    Self.missing
                ),
                (#"{\#(rest)"StreamName":""}"#, Self.invalid),
                (#"{\#(rest)"StreamName":"a b"}"#, Self.invalid),
                (#"{\#(rest)"StreamName":"gate\n"}"#, Self.invalid),
                (#"{\#(rest)"StreamName":7}"#, Self.invalid),
                (#"{\#(rest)"StreamName":["gate"]}"#, Self.invalid),
                (#"{\#(rest)"StreamARN":"arn:aws:s3:::gate"}"#, malformed),
                (#"{\#(rest)"StreamARN":"\#(Self.arn)\n"}"#, malformed),
            ]
        )
    }

    @Test(arguments: ControlPlane.routes.map(\.path))
    func aBodyThatIsNoObjectIsRefused(path: String) async throws {
        let deep = String(repeating: "[", count: 100_000)
        try await Self.expect(
            path,
            [
                "[]", "7", "null", #""gate""#, "{", "{}{}", "{'a':1}", " ", #"{"StreamName":"#, deep,
                #"{"a":"# + deep,
            ].map {
                ($0, Self.invalid)
            }
        )
    }

    /// Members that nobody asks for are looked at as well.
    @Test(arguments: [
        #"{"a":01}"#, #"{"a":1.5.5}"#, #"{"a":--5}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#,
        #"{"a":"\q"}"#, #"{"a":"\u12G4"}"#, #"{"a":"\ud800"}"#, #"{"a":"\udc00"}"#, #"{"a":"\ud800\u0041"}"#,
        "{\"a\":\"\u{1}\"}", "{\"a\":\"\n\"}", "{\u{0}}", #"{"a":tru}"#, #"{"a":TRUE}"#, #"{"a" 1}"#,
        #"{"a":1,}"#,
        #"{"a":[1,]}"#, #"{,"a":1}"#, #"{"a":1} x"#, #"{"a":1"#, #"{a:1}"#, #"{"a":[1 2]}"#, "\u{FEFF}{}",
        #"{"a":NaN}"#,
    ])
    func whatTheGrammarDoesNotKnowIsNoJSON(body: String) async throws {
        let fixture = try await ControlPlaneFixture()
        await #expect(throws: ServiceError.invalidArgument("the body is no JSON object"), "\(body)") {
            try await fixture.call(ListStreams.path, Array(body.utf8))
        }
        await fixture.close()
    }

    @Test(arguments: [
        #"{}"#, " \t\r\n{ } ", #"{"a":-0.5e+10,"b":[ ],"c":{"d":[null,true,false,0]}}"#,
        #"{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83c\udfa5 é"}"#, #"{"a":1E400}"#,
    ])
    func allOfTheGrammarIsTaken(body: String) async throws {
        let fixture = try await ControlPlaneFixture()
        _ = try await fixture.call(ListStreams.path, Array(body.utf8))
        await fixture.close()
    }

    @Test func brokenUTF8IsNoJSON() async throws {
        let fixture = try await ControlPlaneFixture()
        let body = Array(#"{"Other":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        await #expect(throws: ServiceError.invalidArgument("the body is no JSON object")) {
            try await fixture.call(ListStreams.path, body)
        }
        await fixture.close()
    }

    @Test(arguments: [
        (#"[]"#, "the body is not an object"),
        (#"{"StreamName":7}"#, "StreamName is not a string"),
        (#"{"StreamName":null}"#, "StreamName is null, wanted a string"),
        (#"{}"#, "StreamName is missing"),
        (#"{"StreamName":"x","Tags":[]}"#, "Tags is not an object"),
        (#"{"StreamName":"x","Tags":{"a":1}}"#, "Tags.a is not a string"),
        (
            #"{"StreamName":"x","DataRetentionInHours":1.5}"#,
            "the body holds a number that is not whole or too large"
        ),
        (
            #"{"StreamName":"x","StreamStorageConfiguration":{"DefaultStorageTier":"COLD"}}"#,
            "StreamStorageConfiguration.DefaultStorageTier: 'COLD' is not HOT or WARM"
        ),
    ])
    func aRefusalNamesTheMemberAndWhatIsWanted(body: String, message: String) async throws {
        let fixture = try await ControlPlaneFixture()
        await #expect(throws: ServiceError.invalidArgument(message)) {
            try await fixture.call(CreateStream.path, body)
        }
        await fixture.close()
    }

    @Test func streamsAreCreatedWithinTheirLimits() async throws {
        func create(_ members: String) -> String { #"{"StreamName":"roof",\#(members)}"# }
        try await Self.expect(
            CreateStream.path,
            [
                ("", Self.invalid), ("{}", Self.invalid), (#"{"StreamName":null}"#, Self.invalid),
                (#"{"StreamName":"gate"}"#, "ResourceInUseException"),
                (#"{"StreamName":"\#(Self.text(257))"}"#, Self.invalid),
                (create(#""DeviceName":"\#(Self.text(129))""#), Self.invalid),
                (create(#""DeviceName":"a/b""#), Self.invalid),
                (create(#""MediaType":"video""#), Self.invalid),
                (create(#""MediaType":"video/h264,""#), Self.invalid),
                (create(#""KmsKeyId":"""#), Self.invalid),
                (create(#""KmsKeyId":"\#(Self.text(2049))""#), Self.invalid),
                (create(#""DataRetentionInHours":-1"#), Self.invalid),
                (create(#""DataRetentionInHours":87601"#), Self.invalid),
                (create(#""DataRetentionInHours":1.5"#), Self.invalid),
                (create(#""DataRetentionInHours":"1""#), Self.invalid),
                (create(#""DataRetentionInHours":true"#), Self.invalid),
                (create(#""DataRetentionInHours":1e99"#), Self.invalid),
                (create(#""Tags":{}"#), Self.invalid), (create(#""Tags":\#(Self.tags(51))"#), Self.invalid),
                (create(#""Tags":{"a":1}"#), Self.invalid), (create(#""Tags":{"a":null}"#), Self.invalid),
                (create(#""Tags":[{"Key":"a","Value":"b"}]"#), Self.invalid),
                (create(#""StreamStorageConfiguration":{}"#), Self.invalid),
                (create(#""StreamStorageConfiguration":{"DefaultStorageTier":"COLD"}"#), Self.invalid),
                (create(#""StreamStorageConfiguration":"HOT""#), Self.invalid),
                (
                    create(
                        #""DeviceName":"d","MediaType":"video/h264,audio/aac","KmsKeyId":"k k","DataRetentionInHours":87600,"#
                            + #""Tags":\#(Self.tags(50)),"StreamStorageConfiguration":{"DefaultStorageTier":"WARM"}"#
                    ), "ok"
                ),
            ]
        )
    }

    @Test(arguments: [
        (#"{"Schlüssel 日本 ①":"Wert/=+-@:._ ß"}"#, "ok"), (#"{"a":""}"#, "ok"), (#"{"":"a"}"#, invalid),
        (#"{"a!":"b"}"#, invalid), (#"{"a":"b*"}"#, invalid), (#"{"a":"b\n"}"#, invalid),
        (#"{"😀":"a"}"#, invalid),
        ("{\"\(text(128))\":\"\(text(256))\"}", "ok"), ("{\"\(text(129))\":\"\"}", invalid),
        ("{\"a\":\"\(text(257))\"}", invalid), ("{}", invalid), ("null", invalid),
        (tags(50), "ok"), (tags(51), invalid),
    ])
    func tagsKeepTheirAlphabet(tags: String, outcome: String) async throws {
        try await Self.expect(TagStream.path, [(#"{"StreamName":"gate","Tags":\#(tags)}"#, outcome)])
        guard
            let map = try JSONSerialization.jsonObject(
                with: Data(tags.utf8),
                options: .fragmentsAllowed
            ) as? [String: String]
        else { return }
        let list = map.map { ["Key": $0.key, "Value": $0.value] }
        let body = try JSONSerialization.data(withJSONObject: ["ResourceARN": Self.arn, "Tags": list])
        try await Self.expect(TagResource.path, [(String(decoding: body, as: UTF8.self), outcome)])
    }

    @Test func tagsOfResourcesAreLists() async throws {
        func tag(_ tags: String) -> String { #"{"ResourceARN":"\#(Self.arn)","Tags":\#(tags)}"# }
        try await Self.expect(
            TagResource.path,
            [
                (tag(#"[{"Key":"a","Value":"b"}]"#), "ok"), (tag(#"{"a":"b"}"#), Self.invalid),
                (tag(#"[{"Key":"a"}]"#), Self.invalid), (tag(#"[{"Value":"a"}]"#), Self.invalid),
                (tag("[]"), Self.invalid),
                (tag(#"[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]"#), Self.invalid),
                (#"{"Tags":[{"Key":"a","Value":"b"}]}"#, Self.invalid),
                (#"{"ResourceARN":"gate","Tags":[{"Key":"a","Value":"b"}]}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)0","Tags":[{"Key":"a","Value":"b"}]}"#, Self.missing),
            ]
        )
        try await Self.expect(
            UntagResource.path,
            [
                (#"{"ResourceARN":"\#(Self.arn)","TagKeyList":["a"]}"#, "ok"),
                (#"{"ResourceARN":"\#(Self.arn)","TagKeyList":[]}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)","TagKeyList":["a",1]}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)","TagKeyList":["a*"]}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)"}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)0","TagKeyList":["a"]}"#, Self.missing),
            ]
        )
        try await Self.expect(
            ListTagsForResource.path,
            [
                (#"{"ResourceARN":"\#(Self.arn)"}"#, "ok"), (#"{"StreamName":"gate"}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)","NextToken":"YQ=="}"#, Self.invalid),
                (#"{"ResourceARN":"\#(Self.arn)","NextToken":""}"#, "ok"),
            ]
        )
    }

    @Test func bothFamiliesOfTagsAreOneSet() async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","Tags":\#(Self.tags(49))}"#)
        let version = try await fixture.info("gate").version
        let full = "TagsPerResourceExceededLimitException"
        #expect(
            await fixture.outcome(TagStream.path, #"{"StreamName":"gate","Tags":{"x":"1","y":"2"}}"#) == full
        )
        // Keys that are there do not count again.
        try await fixture.call(TagStream.path, #"{"StreamName":"gate","Tags":{"k0":"new","x":"1"}}"#)
        let one = #"[{"Key":"z","Value":"1"}]"#
        #expect(
            await fixture.outcome(TagResource.path, #"{"ResourceARN":"\#(Self.arn)","Tags":\#(one)}"#) == full
        )
        try await fixture.call(UntagStream.path, #"{"StreamName":"gate","TagKeyList":["k0","none"]}"#)
        try await fixture.call(TagResource.path, #"{"ResourceARN":"\#(Self.arn)","Tags":\#(one)}"#)
        let byName = try await fixture.members(ListTagsForStream.path, #"{"StreamName":"gate"}"#)
        let byARN = try await fixture.members(ListTagsForResource.path, #"{"ResourceARN":"\#(Self.arn)"}"#)
        let tags = try #require(byName["Tags"] as? [String: String])
        #expect(tags.count == 50 && tags["x"] == "1" && tags["z"] == "1" && tags["k0"] == nil)
        #expect(byARN["Tags"] as? [String: String] == tags && byARN["NextToken"] == nil)
        #expect(try await fixture.info("gate").version == version)
        await fixture.close()
    }

    @Test func aStreamIsUpdatedMemberByMember() async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","DeviceName":"d"}"#)
        func version() async throws -> String { try await fixture.info("gate").version }
        let first = try await version()
        let media = #"{"StreamName":"gate","MediaType":"audio/aac","CurrentVersion":"\#(first)"}"#
        try await fixture.call(UpdateStream.path, media)
        let info = try await fixture.info("gate")
        #expect(info.deviceName == "d" && info.mediaType == "audio/aac" && info.version != first)
        #expect(info.status == .active)
        #expect(await fixture.outcome(UpdateStream.path, media) == "VersionMismatchException")
        let second = try await version()
        try await fixture.call(
            UpdateStream.path,
            #"{"StreamName":"gate","DeviceName":"e","CurrentVersion":"\#(second)"}"#
        )
        #expect(try await fixture.info("gate").deviceName == "e")
        #expect(try await fixture.info("gate").mediaType == "audio/aac")
        await fixture.close()
    }

    @Test(arguments: [
        ("INCREASE", "87598", "ok"), ("INCREASE", "87599", invalid), ("DECREASE", "2", "ok"),
        ("DECREASE", "3", invalid), ("INCREASE", "0", invalid), ("INCREASE", "-1", invalid),
        ("INCREASE", "1.5", invalid), ("INCREASE", #""1""#, invalid), ("CHANGE", "1", invalid),
    ])
    func retentionStaysWithinItsRange(operation: String, change: String, outcome: String) async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","DataRetentionInHours":2}"#)
        let before = try await fixture.info("gate")
        let json =
            #"{"StreamName":"gate","CurrentVersion":"\#(before.version)","Operation":"\#(operation)_DATA_RETENTION","#
            + #""DataRetentionChangeInHours":\#(change)}"#
        #expect(await fixture.outcome(UpdateDataRetention.path, json) == outcome)
        let after = try await fixture.info("gate")
        #expect((after == before) == (outcome != "ok"))
        await fixture.close()
    }

    @Test(arguments: [
        "PUT_MEDIA", "GET_MEDIA", "LIST_FRAGMENTS", "GET_MEDIA_FOR_FRAGMENT_LIST",
        "GET_HLS_STREAMING_SESSION_URL",
        "GET_DASH_STREAMING_SESSION_URL", "GET_CLIP", "GET_IMAGES",
    ])
    func everyDataOperationHasAnEndpoint(name: String) async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate"}"#)
        // Byte for byte: producers do not undo escapes.
        #expect(
            try await fixture.call(GetDataEndpoint.path, #"{"StreamName":"gate","APIName":"\#(name)"}"#)
                == #"{"DataEndpoint":"http://gate:7070"}"#
        )
        let lower = #"{"StreamName":"gate","APIName":"\#(name.lowercased())"}"#
        #expect(await fixture.outcome(GetDataEndpoint.path, lower) == Self.invalid)
        await fixture.close()
    }

    @Test func deletionTakesTheARNAndTheVersion() async throws {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","Tags":{"a":"b"}}"#)
        let version = try await fixture.info("gate").version
        for (json, outcome) in [
            (#"{"StreamName":"gate"}"#, Self.invalid), (#"{"StreamARN":"gate"}"#, Self.invalid),
            (#"{"StreamARN":"\#(Self.arn)","CurrentVersion":""}"#, Self.invalid),
            (#"{"StreamARN":"\#(Self.arn)0","CurrentVersion":"v"}"#, Self.missing),
            (#"{"StreamARN":"\#(Self.arn)","CurrentVersion":"v"}"#, "VersionMismatchException"),
            (#"{"StreamARN":"\#(Self.arn)","CurrentVersion":"\#(version)"}"#, "ok"),
            (#"{"StreamARN":"\#(Self.arn)"}"#, Self.missing),
        ] {
            #expect(await fixture.outcome(DeleteStream.path, json) == outcome, "\(json)")
        }
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate"}"#)
        let tags = try await fixture.members(ListTagsForStream.path, #"{"StreamName":"gate"}"#)
        #expect((tags["Tags"] as? [String: String])?.isEmpty == true)
        await fixture.close()
    }

    @Test func operationsOfOtherFamiliesAndOtherSpellingsAreUnknown() async throws {
        let fixture = try await ControlPlaneFixture()
        for path in [
            "/CreateStream", "/createstream", "/createStream/", "/tagResource", "/listTagsForResource",
            "/createSignalingChannel", "/describeEdgeConfiguration", "/updateMediaStorageConfiguration",
            "/getClip",
        ] {
            #expect(await fixture.outcome(path, "{}") == "UnknownOperationException", "\(path)")
        }
        await fixture.close()
    }

    @Test func anUnknownStreamIsMissingWhateverItsVersion() async throws {
        try await Self.expect(
            UpdateStream.path,
            [
                (#"{"StreamName":"roof","CurrentVersion":"v"}"#, Self.missing),
                (#"{"StreamName":"roof","CurrentVersion":"v!"}"#, Self.invalid),
                (#"{"StreamName":"roof"}"#, Self.invalid),
            ]
        )
    }
}
