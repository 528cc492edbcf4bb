import KinesisVideo
import KinesisVideoServer
import Testing

/// Stills, notifications and storage: 02 Control plane, "Image generation and notification".
@Suite struct StreamConfigurationTests {
    private static let invalid = "InvalidArgumentException"
    private static let members = [
        "Status": #""ENABLED""#, "ImageSelectorType": #""PRODUCER_TIMESTAMP""#,
        "DestinationConfig": #"{"Uri":"s3://bucket/prefix","DestinationRegion":"eu-west-1"}"#,
        "SamplingInterval": "200", "Format": #""JPEG""#, "FormatConfig": #"{"JPEGQuality":"80"}"#,
        "WidthPixels": "3840", "HeightPixels": "2160",
    ]

    /// A full configuration with some members replaced, or taken out.
    private static func image(_ changes: [String: String?]) -> String {
        let all = members.merging(changes.compactMapValues { $0 }) { $1 }
        let kept = all.filter { name, _ in changes[name].map { $0 != nil } ?? true }
        return "{" + kept.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",") + "}"
    }

    private static func destination(_ uri: String, _ region: String = "eu-west-1") -> [String: String?] {
        ["DestinationConfig": #"{"Uri":"\#(uri)","DestinationRegion":"\#(region)"}"#]
    }

    private static func fixture(hours: Int) async throws -> ControlPlaneFixture {
        let fixture = try await ControlPlaneFixture()
        try await fixture.call(CreateStream.path, #"{"StreamName":"gate","DataRetentionInHours":\#(hours)}"#)
        return fixture
    }

    @Test func everyMemberOfImageGenerationIsChecked() async throws {
        let fixture = try await Self.fixture(hours: 1)
        let good: [[String: String?]] = [
            [:], ["FormatConfig": nil], ["WidthPixels": nil], ["HeightPixels": nil], ["WidthPixels": "null"],
            ["Status": #""DISABLED""#, "Format": #""PNG""#], ["ImageSelectorType": #""SERVER_TIMESTAMP""#],
            ["FormatConfig": #"{"JPEGQuality":"1"}"#], ["FormatConfig": #"{"JPEGQuality":"100"}"#],
            Self.destination("s3:bucket"), Self.destination("S_3://bucket/"),
            Self.destination("s3://b", "us-gov-west-1"),
        ]
        let bad: [[String: String?]] =
            ["Status", "ImageSelectorType", "DestinationConfig", "SamplingInterval", "Format"].flatMap {
                [[$0: nil], [$0: "null"], [$0: #""OTHER""#], [$0: "[]"]] as [[String: String?]]
            } + [
                ["SamplingInterval": "199"], ["SamplingInterval": "200.5"],
                ["SamplingInterval": "3000000000"],
                ["FormatConfig": "{}"], ["FormatConfig": #"{"PNGQuality":"80"}"#],
                ["FormatConfig": #"{"JPEGQuality":"80","More":"1"}"#],
                ["FormatConfig": #"{"JPEGQuality":80}"#], ["FormatConfig": #"{"JPEGQuality":"0"}"#],
                ["FormatConfig": #"{"JPEGQuality":"101"}"#], ["FormatConfig": #"{"JPEGQuality":"+80"}"#],
                ["WidthPixels": "0"], ["WidthPixels": "3841"], ["HeightPixels": "0"],
                ["HeightPixels": "2161"],
                ["DestinationConfig": #"{"Uri":"s3://bucket"}"#],
                ["DestinationConfig": #"{"DestinationRegion":"eu-west-1"}"#],
                Self.destination(""), Self.destination("bucket"), Self.destination("s3:///bucket"),
                Self.destination("s3://b/*"),
                Self.destination("s-3://b"), Self.destination("s3://" + String(repeating: "b", count: 251)),
                Self.destination("s3://b", "eu-1"), Self.destination("s3://b", "EU-WEST-1"),
                Self.destination("s3://b", "eu-west-11"),
                Self.destination("s3://b", "verylongname-west-1"),
            ]
        for (changes, outcome) in good.map({ ($0, "ok") }) + bad.map({ ($0, Self.invalid) }) {
            let json = #"{"StreamName":"gate","ImageGenerationConfiguration":\#(Self.image(changes))}"#
            let found = await fixture.outcome(UpdateImageGenerationConfiguration.path, json)
            #expect(found == outcome, "\(changes)")
        }
        await fixture.close()
    }

    @Test func configurationsAreKeptUntilTheyAreTakenAway() async throws {
        let fixture = try await Self.fixture(hours: 1)
        let version = try await fixture.info("gate").version
        let gate = #"{"StreamName":"gate"}"#
        let notification =
            #"{"DestinationConfig":{"Uri":"arn:aws:sns:eu-west-1:0:topic"},"Status":"ENABLED"}"#
        for (describe, update, member, value) in [
            (
                DescribeImageGenerationConfiguration.path, UpdateImageGenerationConfiguration.path,
                "ImageGenerationConfiguration",
                #"{"DestinationConfig":{"DestinationRegion":"eu-west-1","Uri":"s3://b"},"Format":"PNG","#
                    + #""ImageSelectorType":"SERVER_TIMESTAMP","SamplingInterval":3000,"Status":"ENABLED","WidthPixels":640}"#
            ),
            (
                DescribeNotificationConfiguration.path, UpdateNotificationConfiguration.path,
                "NotificationConfiguration", notification
            ),
        ] {
            #expect(try await fixture.call(describe, gate) == "{}")
            let json = #"{"StreamName":"gate","\#(member)":\#(value)}"#
            #expect(try await fixture.call(update, json) == "{}")
            #expect(try await fixture.call(describe, gate) == #"{"\#(member)":\#(value)}"#)
            #expect(try await fixture.call(update, gate) == "{}")
            #expect(try await fixture.call(describe, gate) == "{}")
        }
        #expect(try await fixture.info("gate").version == version)
        await fixture.close()
    }

    @Test(arguments: [
        #"{"Status":"ENABLED"}"#, #"{"DestinationConfig":{"Uri":"s3://b"}}"#,
        #"{"Status":"ENABLED","DestinationConfig":{}}"#,
        #"{"Status":"ON","DestinationConfig":{"Uri":"s3://b"}}"#,
        #"{"Status":"ENABLED","DestinationConfig":{"Uri":"b"}}"#, #""ENABLED""#,
    ])
    func everyMemberOfNotificationIsChecked(configuration: String) async throws {
        let fixture = try await Self.fixture(hours: 1)
        let json = #"{"StreamName":"gate","NotificationConfiguration":\#(configuration)}"#
        #expect(await fixture.outcome(UpdateNotificationConfiguration.path, json) == Self.invalid)
        await fixture.close()
    }

    @Test func withoutRetentionThereIsNothingToConfigure() async throws {
        let fixture = try await Self.fixture(hours: 0)
        let image = #"{"StreamName":"gate","ImageGenerationConfiguration":\#(Self.image([:]))}"#
        let notification =
            #"{"StreamName":"gate","NotificationConfiguration":{"Status":"ENABLED","DestinationConfig":{"Uri":"s3://b"}}}"#
        for (path, json) in [
            (UpdateImageGenerationConfiguration.path, image),
            (UpdateNotificationConfiguration.path, notification),
        ] {
            #expect(await fixture.outcome(path, json) == "NoDataRetentionException")
        }
        #expect(
            try await fixture.call(DescribeImageGenerationConfiguration.path, #"{"StreamName":"gate"}"#)
                == "{}"
        )
        await fixture.close()
    }

    @Test func theStorageTierIsAPartOfTheVersionedMetadata() async throws {
        let fixture = try await Self.fixture(hours: 0)
        let arn = ControlPlaneFixture.arn("gate")
        func description(_ tier: String) -> String {
            #"{"StreamARN":"\#(arn)","StreamName":"gate","StreamStorageConfiguration":{"DefaultStorageTier":"\#(tier)"}}"#
        }
        let describe = DescribeStreamStorageConfiguration.path
        let gate = #"{"StreamName":"gate"}"#
        #expect(try await fixture.call(describe, gate) == description("HOT"))
        let version = try await fixture.info("gate").version
        let update =
            #"{"StreamName":"gate","CurrentVersion":"\#(version)","StreamStorageConfiguration":{"DefaultStorageTier":"WARM"}}"#
        try await fixture.call(UpdateStreamStorageConfiguration.path, update)
        #expect(try await fixture.call(describe, gate) == description("WARM"))
        #expect(try await fixture.info("gate").version != version)
        #expect(
            await fixture.outcome(UpdateStreamStorageConfiguration.path, update) == "VersionMismatchException"
        )
        #expect(
            try await fixture.call(DescribeMappedResourceConfiguration.path, gate)
                == #"{"MappedResourceConfigurationList":[]}"#
        )
        for (rest, outcome) in [
            (#""MaxResults":1"#, "ok"), (#""MaxResults":2"#, Self.invalid),
            (#""MaxResults":0"#, Self.invalid),
            (#""NextToken":"YQ==""#, Self.invalid),
        ] {
            let json = #"{"StreamName":"gate",\#(rest)}"#
            #expect(await fixture.outcome(DescribeMappedResourceConfiguration.path, json) == outcome)
        }
        await fixture.close()
    }
}
