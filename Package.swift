// swift-tools-version: 6.2
import PackageDescription

/// Only where this is asked for: a newer compiler with new warnings must not break anybody's build.
let warningsAreErrors = Context.environment["KINESCOPE_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// Modules that read untrusted bytes: every unsafe construct there is spelled out.
let strict = settings + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "kinescope",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kinescope", targets: ["kinescope"]),
        .library(name: "KinesisVideoProducer", targets: ["KinesisVideoProducer"]),
        .library(name: "KinesisVideoConsumer", targets: ["KinesisVideoConsumer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        // C, each behind one module.
        .target(
            name: "CFFmpeg",
            linkerSettings: [.linkedLibrary("avformat"), .linkedLibrary("avcodec"), .linkedLibrary("avutil")]
        ),
        .target(
            name: "CNcurses",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]
        ),

        // Values without I/O.
        .target(name: "Matroska", swiftSettings: strict),
        .target(name: "Pixels", swiftSettings: settings),
        .target(
            name: "Themes",
            path: "Themes",
            resources: ["nitrate", "daylight", "noir", "orthochrome"].map { .embedInCode("\($0).toml") },
            swiftSettings: settings
        ),
        .target(name: "KinesisVideo", dependencies: ["Matroska"], swiftSettings: strict),
        .target(name: "SigV4", dependencies: ["KinesisVideo", crypto, httpTypes], swiftSettings: strict),

        // Pictures.
        .target(
            name: "MediaCodec",
            dependencies: ["CFFmpeg", "Matroska", "Pixels"],
            swiftSettings: settings
        ),
        .target(name: "TerminalVideo", dependencies: ["Pixels"], swiftSettings: settings),

        // The service.
        .target(
            name: "FragmentStorage",
            dependencies: ["KinesisVideo", "Matroska", grdb, logging, nioCore],
            swiftSettings: settings
        ),
        .target(
            name: "KinesisVideoServer",
            dependencies: [
                "FragmentStorage", "KinesisVideo", "Matroska", "SigV4", httpTypes, hummingbirdCore, logging,
                nioCore, nioHTTP1, nioHTTPTypes, nioPosix, nioSSL,
            ],
            swiftSettings: settings
        ),

        // Its clients.
        .target(
            name: "KinesisVideoClient",
            dependencies: [
                "KinesisVideo", "SigV4", asyncHTTPClient, httpTypes, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "KinesisVideoProducer",
            dependencies: ["KinesisVideo", "KinesisVideoClient", "Matroska", nioCore],
            swiftSettings: settings
        ),
        .target(
            name: "KinesisVideoConsumer",
            dependencies: ["KinesisVideo", "KinesisVideoClient", "Matroska", nioCore],
            swiftSettings: settings
        ),

        // The console.
        .target(
            name: "TerminalScreen",
            dependencies: ["CNcurses", "Pixels", "TerminalVideo"],
            swiftSettings: settings
        ),
        .target(
            name: "Playback",
            dependencies: [
                "KinesisVideo", "KinesisVideoClient", "KinesisVideoConsumer", "Matroska", "MediaCodec",
                "Pixels",
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Monitor",
            dependencies: [
                "KinesisVideo", "KinesisVideoConsumer", "Matroska", "MediaCodec", "Pixels", "Playback",
                "TerminalScreen", "TerminalVideo", "Themes",
                tomlKit,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "kinescope",
            dependencies: [
                "FragmentStorage", "KinesisVideo", "KinesisVideoClient", "KinesisVideoConsumer",
                "KinesisVideoProducer", "KinesisVideoServer", "Matroska", "MediaCodec", "Monitor", "Pixels",
                "Playback", "SigV4", "TerminalScreen", "TerminalVideo", argumentParser, crypto, logging,
                nioCore, subprocess, systemPackage,
            ],
            swiftSettings: settings
        ),

        // Tests.
        .target(
            name: "KinescopeTesting",
            dependencies: ["Matroska", "Pixels", crypto],
            path: "Tests/KinescopeTesting",
            swiftSettings: settings
        ),
        .testTarget(name: "SigV4Tests", dependencies: ["SigV4", httpTypes], swiftSettings: settings),
        .testTarget(
            name: "MatroskaTests",
            dependencies: ["KinescopeTesting", "Matroska"],
            swiftSettings: settings
        ),
        .testTarget(name: "PixelsTests", dependencies: ["Pixels"], swiftSettings: settings),
        .testTarget(
            name: "MediaCodecTests",
            dependencies: ["KinescopeTesting", "Matroska", "MediaCodec", "Pixels", "TerminalVideo"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerminalVideoTests",
            dependencies: ["KinescopeTesting", "Pixels", "TerminalVideo"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "FragmentStorageTests",
            dependencies: ["FragmentStorage", "KinesisVideo", "KinescopeTesting", logging, nioCore],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KinesisVideoConsumerTests",
            dependencies: [
                "KinescopeTesting", "KinesisVideo", "KinesisVideoClient", "KinesisVideoConsumer", "Matroska",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PlaybackTests",
            dependencies: [
                "KinesisVideo", "KinesisVideoConsumer", "Matroska", "MediaCodec", "Pixels", "Playback",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerminalScreenTests",
            dependencies: ["Pixels", "TerminalScreen", "TerminalVideo"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MonitorTests",
            dependencies: [
                "KinescopeTesting", "KinesisVideo", "KinesisVideoConsumer", "Matroska", "MediaCodec",
                "Monitor",
                "Pixels", "Playback", "TerminalScreen", "TerminalVideo", "Themes",
            ],
            exclude: ["Snapshots"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TerminalEndToEndTests",
            dependencies: ["KinescopeTesting", "KinesisVideo", "Pixels"],
            path: "Tests/TerminalTests",
            exclude: ["Scripts"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KinesisVideoTests",
            dependencies: ["KinescopeTesting", "KinesisVideo", "Matroska"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KinesisVideoServerTests",
            dependencies: [
                "FragmentStorage", "KinescopeTesting", "KinesisVideo", "KinesisVideoServer", "Matroska",
                logging,
                nioCore,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KinesisVideoProducerTests",
            dependencies: [
                "KinescopeTesting", "KinesisVideo", "KinesisVideoClient", "KinesisVideoProducer", "Matroska",
                nioCore,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "FragmentStorage", "KinescopeTesting", "KinesisVideo", "KinesisVideoClient",
                "KinesisVideoConsumer", "KinesisVideoProducer", "KinesisVideoServer", "Matroska", "Pixels",
                "SigV4",
                httpTypes, logging, nioCore, nioPosix, nioSSL,
            ],
            exclude: ["Scripts"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ArchitectureTests",
            dependencies: ["KinescopeTesting", "kinescope"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "FragmentStorage", "KinescopeTesting", "KinesisVideo", "KinesisVideoClient",
                "KinesisVideoConsumer",
                "KinesisVideoServer", "Matroska", "MediaCodec", "Pixels", "Playback", "TerminalVideo", grdb,
                logging, nioCore,
            ],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
    ]
)
