import Foundation
import KinesisVideo
import Testing

/// The JSON of each call: 02 Control plane, 04 GetMedia, 05 Archived media.
@Suite struct ServiceOperationTests {
    private static let stream = StreamReference(name: "gate")
    private static let arn = "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/gate/1562589645061"

    /// Encodes, compares as JSON objects, decodes and compares again.
    private static func expectJSON<Value: Codable & Equatable>(_ value: Value, _ text: String) throws {
        let encoded = try JSONEncoder().encode(value)
        let found = try #require(JSONSerialization.jsonObject(with: encoded) as? NSDictionary)
        let expected = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
        #expect(found == expected, "\(String(decoding: encoded, as: UTF8.self))")
        #expect(try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == value)
    }

    @Test func inputsAreSpelledAsTheServiceSpellsThem() throws {
        try Self.expectJSON(
            CreateStream.Input(
                streamName: "gate",
                mediaType: "video/h264",
                kmsKeyID: "k",
                dataRetentionInHours: 2,
                tags: ["a": "b"]
            ),
            #"{"StreamName":"gate","MediaType":"video/h264","KmsKeyId":"k","DataRetentionInHours":2,"Tags":{"a":"b"}}"#
        )
        try Self.expectJSON(
            DescribeStream.Input(StreamReference(arn: Self.arn)),
            #"{"StreamARN":"\#(Self.arn)"}"#
        )
        try Self.expectJSON(
            ListStreams.Input(maxResults: 5, nextToken: "dA==", streamNameCondition: .init(beginsWith: "ga")),
            #"{"MaxResults":5,"NextToken":"dA==","StreamNameCondition":{"ComparisonOperator":"BEGINS_WITH","ComparisonValue":"ga"}}"#
        )
        try Self.expectJSON(ListStreams.Input(), "{}")
        try Self.expectJSON(
            UpdateDataRetention.Input(Self.stream, currentVersion: "v1", change: 3),
            #"{"StreamName":"gate","CurrentVersion":"v1","Operation":"INCREASE_DATA_RETENTION","DataRetentionChangeInHours":3}"#
        )
        try Self.expectJSON(
            GetDataEndpoint.Input(Self.stream, apiName: "GET_MEDIA"),
            #"{"StreamName":"gate","APIName":"GET_MEDIA"}"#
        )
        try Self.expectJSON(
            ListFragments.Input(
                Self.stream,
                selector: FragmentSelector(
                    clock: .producer,
                    start: Timestamp(milliseconds: 1500),
                    end: Timestamp(milliseconds: 2000)
                )
            ),
            #"{"StreamName":"gate","FragmentSelector":{"FragmentSelectorType":"PRODUCER_TIMESTAMP","#
                + #""TimestampRange":{"StartTimestamp":1.5,"EndTimestamp":2}}}"#
        )
        try Self.expectJSON(
            GetMediaForFragmentList.Input(Self.stream, fragments: ["1", "2"]),
            #"{"StreamName":"gate","Fragments":["1","2"]}"#
        )
    }

    @Test(arguments: [
        (StartSelector.now, #"{"StartSelectorType":"NOW"}"#),
        (.earliest, #"{"StartSelectorType":"EARLIEST"}"#),
        (
            .serverTimestamp(Timestamp(milliseconds: 2500)),
            #"{"StartSelectorType":"SERVER_TIMESTAMP","StartTimestamp":2.5}"#
        ),
        (
            .producerTimestamp(Timestamp(milliseconds: 3000)),
            #"{"StartSelectorType":"PRODUCER_TIMESTAMP","StartTimestamp":3}"#
        ),
        (.continuationToken("17"), #"{"StartSelectorType":"CONTINUATION_TOKEN","ContinuationToken":"17"}"#),
    ])
    func everyStartIsSpelledAndUnderstood(start: StartSelector, json: String) throws {
        let input = GetMedia.Input(Self.stream, from: start)
        try Self.expectJSON(input, #"{"StreamName":"gate","StartSelector":\#(json)}"#)
        #expect(try input.validate() == start)
    }

    @Test(arguments: [
        #"{"StartSelectorType":"LATER"}"#, #"{"StartSelectorType":"FRAGMENT_NUMBER"}"#,
        #"{"StartSelectorType":"FRAGMENT_NUMBER","AfterFragmentNumber":"12x"}"#,
        #"{"StartSelectorType":"SERVER_TIMESTAMP"}"#, #"{"StartSelectorType":"CONTINUATION_TOKEN"}"#,
        #"{"StartSelectorType":"CONTINUATION_TOKEN","ContinuationToken":"no.token"}"#,
    ])
    func aStartThatLacksItsMemberIsRefused(json: String) throws {
        let text = #"{"StreamName":"gate","StartSelector":\#(json)}"#
        let input = try JSONDecoder().decode(GetMedia.Input.self, from: Data(text.utf8))
        #expect { try input.validate() } throws: { ($0 as? ServiceError)?.name == "InvalidArgumentException" }
    }

    @Test func aStreamIsDescribedWithoutAMemberTooMany() throws {
        let info = StreamInfo(
            streamName: "gate",
            streamARN: Self.arn,
            version: "v",
            status: .active,
            creationTime: Timestamp(milliseconds: 1_562_589_645_061),
            dataRetentionInHours: 0
        )
        let object = try JSONSerialization.jsonObject(
            with: JSONEncoder().encode(DescribeStream.Output(streamInfo: info))
        )
        let members = try #require((object as? [String: [String: Any]])?["StreamInfo"])
        // Producers scan the text flat: a member that nests, or is unknown, would mislead them.
        let known: Set = [
            "DeviceName", "StreamName", "StreamARN", "MediaType", "KmsKeyId", "Version", "Status",
            "CreationTime",
            "DataRetentionInHours",
        ]
        #expect(Set(members.keys).isSubset(of: known))
        #expect(members["Status"] as? String == "ACTIVE")
        #expect(members["CreationTime"] as? Double == 1_562_589_645.061)
        #expect(members["DataRetentionInHours"] as? Int == 0)
    }

    @Test func aListedFragmentKeepsItsNumberAsText() throws {
        let text = #"""
            {"Fragments":[{"FragmentNumber":"00017","FragmentSizeInBytes":5,"ProducerTimestamp":1.5,
            "ServerTimestamp":2,"FragmentLengthInMilliseconds":967}],"NextToken":null}
            """#
        let page = try JSONDecoder().decode(ListFragments.Output.self, from: Data(text.utf8))
        #expect(page.nextToken == nil)
        let fragment = try #require(page.fragments.first)
        #expect(fragment.number == FragmentNumber("17") && fragment.size == 5 && fragment.length == 967)
        #expect(fragment.producerTimestamp == Timestamp(milliseconds: 1500))
    }

    @Test func pathsBeginInLowerCase() {
        let paths = [
            CreateStream.path, DescribeStream.path, ListStreams.path, DeleteStream.path,
            UpdateDataRetention.path,
            GetDataEndpoint.path, GetMedia.path, ListFragments.path, GetMediaForFragmentList.path,
        ]
        #expect(
            paths == [
                "/createStream", "/describeStream", "/listStreams", "/deleteStream", "/updateDataRetention",
                "/getDataEndpoint", "/getMedia", "/listFragments", "/getMediaForFragmentList",
            ]
        )
    }
}

@Suite struct PatternsTests {
    private static func accepts(_ text: String, _ pattern: Patterns.Pattern) -> Bool {
        do {
            try Patterns.check(text, pattern, member: "Member")
            return true
        } catch {
            // The message names the member, so that the caller knows which of its values is meant.
            return !error.message.hasPrefix("Member is ")
        }
    }

    @Test(arguments: [
        ("gate", true), ("A.b_c-9", true), (String(repeating: "a", count: 256), true), ("", false),
        ("a b", false), ("ä", false),
        ("a/b", false), ("gate\n", false), (String(repeating: "a", count: 257), false),
    ])
    func streamNames(text: String, isLegal: Bool) {
        #expect(Self.accepts(text, Patterns.streamName) == isLegal)
    }

    @Test(arguments: [
        ("arn:aws:kinesisvideo:eu-west-1:111122223333:stream/gate/1562589645061", true),
        ("arn:aws-cn:kinesisvideo:cn-north-1:1:channel/a.b/0", true),
        ("arn:aws:kinesisvideo:eu-west-1:111122223333:stream/gate", false),
        ("arn:aws:kinesis:eu-west-1:111122223333:stream/gate/1", false),
        ("arn:aws:kinesisvideo:EU:111122223333:stream/gate/1", false),
        ("arn:aws:kinesisvideo:eu-west-1:x:stream/gate/1", false), ("gate", false),
        ("arn:aws:kinesisvideo:eu-west-1:111122223333:stream/gate/1 ", false),
    ])
    func streamARNs(text: String, isLegal: Bool) {
        #expect(Self.accepts(text, Patterns.streamARN) == isLegal)
    }

    @Test(arguments: [
        ("video/h264", true), ("video/h264,audio/aac", true), ("application/x-a.b+c", true), ("video", false),
        ("video/", false),
        ("video/h264,", false), ("video/h264, audio/aac", false), ("", false),
    ])
    func mediaTypes(text: String, isLegal: Bool) {
        #expect(Self.accepts(text, Patterns.mediaType) == isLegal)
    }

    @Test(arguments: [("dG9rZW4=", true), ("", true), ("a b", false), ("a_b", false)])
    func pageTokens(text: String, isLegal: Bool) {
        #expect(Self.accepts(text, Patterns.nextToken) == isLegal)
    }

    @Test func bothEndsOfARangeBelongToIt() {
        for (number, isLegal) in [(0, false), (1, true), (1000, true), (1001, false)] {
            let isAccepted = (try? Patterns.check(number, in: 1...1000, member: "MaxResults")) != nil
            #expect(isAccepted == isLegal)
        }
    }
}
