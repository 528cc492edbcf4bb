import KinesisVideo
import Playback
import TerminalVideo

extension Palette {
    /// The commands as delivered.
    package static let standard = Palette(entries: lists + moves + views + changes + general)

    private typealias Entry = PaletteEntry
    private typealias Failure = PaletteEntry.Failure

    private static let lists: [Entry] = [
        Entry("streams", "[FILTER]", "the list of streams") { arguments in
            .streams(filter: arguments.isEmpty ? nil : arguments.joined(separator: " "))
        },
        Entry("watch", "NAME", "play a stream", completion: .streams, sample: .open) {
            arguments throws(Failure) in
            .watch(try one(arguments, of: "watch NAME"))
        },
        Entry("wall", "[NAME…]", "streams side by side", completion: .streams, sample: .wall([])) {
            .wall($0.map(String.init))
        },
        Entry(
            "inspect",
            "[NAME|FILE]",
            "look into fragments",
            completion: .streams,
            sample: .inspector(.openSelection)
        ) {
            arguments throws(Failure) in
            if arguments.isEmpty { return .inspector(.openSelection) }
            // A path may hold spaces.
            return .inspector(.inspect(arguments.joined(separator: " ")))
        },
        Entry(
            "diff",
            "compare two fragments: the marked, else with the one ahead",
            in: .inspector,
            .inspector(.compare)
        ),
        Entry("map", "gaps, lags and acks over time", in: .inspector, .inspector(.map)),
        Entry("acks", "what the service acknowledged", in: .inspector, .inspector(.acknowledgements)),
        Entry(
            "find",
            "tag:NAME=VALUE",
            "search all media for a tag",
            in: .inspector,
            sample: .inspector(.find)
        ) {
            arguments throws(Failure) in
            let text = arguments.joined(separator: " ")
            guard let pattern = TagPattern(text) else {
                throw Failure(description: "'\(text)' names no tag, wanted tag:NAME or tag:NAME=VALUE")
            }
            return .inspector(.search(pattern))
        },
        Entry("filter", "EXPR", "text /re/ !x state:idle tag:k=v rate>2", in: .streams, sample: .filter) {
            .setFilter($0.joined(separator: " "))
        },
        Entry(
            "sort",
            "COLUMN",
            "sort the list",
            in: .streams,
            completion: .words(SortColumn.allCases.map(\.word)),
            sample: .sort
        ) { arguments throws(Failure) in
            let word = try one(arguments, of: "sort COLUMN")
            guard let column = SortColumn.allCases.first(where: { $0.word == word }) else {
                let words = SortColumn.allCases.map(\.word).joined(separator: ", ")
                throw Failure(description: "there is no column '\(word)' (there are \(words))")
            }
            return .setSort(column)
        },
        Entry(
            "scale",
            "row|common",
            "scale of the bars",
            in: .streams,
            completion: .words(["row", "common"])
        ) {
            arguments throws(Failure) in
            .scaleBars(isCommon: try choice(arguments, "scale", "row", "common"))
        },
    ]

    private static let moves: [Entry] = [
        Entry("seek", "TIME|±T|#N", "jump to a time or fragment", in: .player, sample: .goTo) {
            arguments throws(Failure) in
            let text = arguments.joined(separator: " ")
            if let sign = text.first, "+-−".contains(sign) {
                let length = try distance(text.dropFirst(), of: text)
                return .player(.seekBy(milliseconds: sign == "+" ? length : -length))
            }
            guard (try? TimeExpression(text, now: Timestamp(milliseconds: 0))) != nil else {
                throw Failure(description: "'\(text)' is \(TimeExpression.Failure())")
            }
            return .seek(text)
        },
        Entry("seek-fragment", "±N", "by fragments", in: .player, sample: .player(.stepFragments(-1))) {
            arguments throws(Failure) in
            .player(.stepFragments(try number(arguments, of: "seek-fragment ±N")))
        },
        Entry("seek-recording", "±N", "over gaps", in: .player, sample: .player(.stepRecordings(-1))) {
            arguments throws(Failure) in
            .player(.stepRecordings(try number(arguments, of: "seek-recording ±N")))
        },
        Entry("live", "the live edge", in: .player, .player(.live)),
        Entry("oldest", "the oldest media", in: .player, .player(.oldest)),
        Entry("pause", "pause, play", in: .player, .player(.togglePause)),
        Entry("rate", "N", "speed: 0.25 to 16", in: .player, sample: .player(.faster)) {
            arguments throws(Failure) in
            let text = try one(arguments, of: "rate N")
            guard let rate = Double(text), (0.25...16).contains(rate) else {
                throw Failure(description: "rate is '\(text)', wanted 0.25 to 16")
            }
            return .player(.setRate(rate))
        },
        Entry("reverse", "backwards on key frames", in: .player, .player(.reverse)),
        Entry(
            "zoom",
            "SPAN",
            "time that the timeline shows",
            in: .player,
            completion: .words(TimelineZoom.allCases.map(\.word)),
            sample: .zoomIn
        ) { arguments throws(Failure) in
            let word = try one(arguments, of: "zoom SPAN")
            guard let zoom = TimelineZoom.allCases.first(where: { $0.word == word }) else {
                let words = TimelineZoom.allCases.map(\.word).joined(separator: ", ")
                throw Failure(description: "there is no span '\(word)' (there are \(words))")
            }
            return .zoom(zoom)
        },
    ]

    private static let views: [Entry] = [
        Entry(
            "mark",
            "in|out|clear",
            "begin and end of a clip",
            in: .player,
            completion: .words(["in", "out", "clear"]),
            sample: .screen(.markIn)
        ) { arguments throws(Failure) in
            let word = try one(arguments, of: "mark in|out|clear")
            let marks: [String: PlayerScreenCommand] = ["in": .markIn, "out": .markOut, "clear": .clearMarks]
            guard let mark = marks[word] else {
                throw Failure(description: "mark is '\(word)', wanted in, out or clear")
            }
            return .screen(mark)
        },
        Entry("export", "[FILE]", "save the marked clip", in: .player, sample: .screen(.export)) {
            // A path may hold blanks.
            $0.isEmpty ? .screen(.export) : .saveClip($0.joined(separator: " "))
        },
        Entry("snapshot", "[FILE]", "save the picture as PNG", in: .player, sample: .screen(.snapshot)) {
            $0.isEmpty ? .screen(.snapshot) : .saveSnapshot($0.joined(separator: " "))
        },
        Entry(
            "clock",
            "producer|server",
            "whose time is told",
            in: .player,
            completion: .words(["producer", "server"]),
            sample: .screen(.toggleClock)
        ) { arguments throws(Failure) in
            .screen(.showClock(isServer: try choice(arguments, "clock", "producer", "server")))
        },
        Entry(
            "zone",
            "utc|local",
            "the zone of all times",
            in: .player,
            completion: .words(["utc", "local"]),
            sample: .screen(.toggleZone)
        ) { arguments throws(Failure) in
            .screen(.showZone(isLocal: try choice(arguments, "zone", "utc", "local")))
        },
        Entry(
            "quality",
            "0–7|auto",
            "what is given up for a slow terminal",
            in: .player,
            completion: .words(["auto"] + OutputQuality.allCases.map { "\($0.rawValue)" })
        ) { arguments throws(Failure) in
            let word = try one(arguments, of: "quality 0–7|auto")
            if word == "auto" { return .screen(.pinQuality(nil)) }
            let digits = word.hasPrefix("q") ? word.dropFirst() : word[...]
            guard let quality = Int(digits).flatMap(OutputQuality.init) else {
                throw Failure(description: "quality is '\(word)', wanted 0 to 7 or auto")
            }
            return .screen(.pinQuality(quality))
        },
        Entry(
            "render",
            "MODE",
            "how pictures are shown",
            in: .player,
            completion: .words(PictureMode.allCases.map(\.rawValue)),
            sample: .screen(.nextMode)
        ) { arguments throws(Failure) in
            let word = try one(arguments, of: "render MODE")
            guard let mode = PictureMode(rawValue: word) else {
                let words = PictureMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(description: "there is no way '\(word)' to show pictures (there are \(words))")
            }
            return .screen(.showMode(mode))
        },
    ]

    private static let changes: [Entry] = [
        Entry(
            "create",
            "NAME [HOURS]",
            "make a stream; keeps media for 24 hours",
            isChange: true,
            sample: .create
        ) {
            arguments throws(Failure) in
            // The option as the command line has it may stand between the two.
            let arguments = arguments.filter { $0 != "--retention" }
            guard let name = arguments.first, arguments.count <= 2 else {
                throw Failure(description: "wanted create NAME [HOURS]")
            }
            return .change(
                .create(name: String(name), retentionHours: try hours(arguments.dropFirst().first))
            )
        },
        Entry(
            "retention",
            "NAME HOURS",
            "how long a stream keeps media",
            completion: .streams,
            isChange: true
        ) { arguments throws(Failure) in
            guard arguments.count == 2 else { throw Failure(description: "wanted retention NAME HOURS") }
            return .change(.setRetention(name: String(arguments[0]), hours: try hours(arguments[1])))
        },
        Entry(
            "tag",
            "NAME KEY=VALUE|-KEY",
            "set a tag of a stream, or take it away",
            completion: .streams,
            isChange: true,
            sample: .tags
        ) { arguments throws(Failure) in
            // A value may hold blanks.
            let text = arguments.dropFirst().joined(separator: " ")
            guard let name = arguments.first, let change = StreamChange.tagChange(text, of: String(name))
            else {
                throw Failure(description: "wanted tag NAME KEY=VALUE or tag NAME -KEY")
            }
            return .change(change)
        },
        // The name is typed again in a prompt of its own.
        Entry(
            "delete",
            "NAME",
            "delete a stream and all its media",
            completion: .streams,
            isChange: true,
            sample: .delete
        ) { arguments throws(Failure) in
            .deleteStream(try one(arguments, of: "delete NAME"))
        },
    ]

    private static let general: [Entry] = [
        Entry(
            "colors",
            "truecolor|256|16|none",
            "how many colours are drawn",
            completion: .words(ColorDepth.allCases.map(\.rawValue))
        ) { arguments throws(Failure) in
            try setting("colors", try one(arguments, of: "colors truecolor|256|16|none"))
        },
        Entry("fps", "N", "frames a second at most") { arguments throws(Failure) in
            try setting("screen.fps", try one(arguments, of: "fps N"))
        },
        Entry(
            "set",
            "KEY VALUE",
            "set something until the program ends",
            completion: .words(Setting.all.map(\.key))
        ) { arguments throws(Failure) in
            guard let key = arguments.first, arguments.count > 1 else {
                throw Failure(description: "wanted set KEY VALUE")
            }
            return try setting(String(key), arguments.dropFirst().joined(separator: " "))
        },
        Entry("theme", "NAME", "colours", completion: .themes) { arguments throws(Failure) in
            .theme(try one(arguments, of: "theme NAME"))
        },
        Entry("endpoint", "NAME|URL", "show another service", completion: .endpoints) {
            arguments throws(Failure) in
            .connect(.endpoint(try one(arguments, of: "endpoint NAME|URL")))
        },
        Entry("demo", "start the sample cameras and show them", .connect(.demo)),
        Entry("log", "what has happened", .log),
        Entry("keys", "the keys of this screen", .help),
        Entry("help", "the keys of this screen", .help),
        Entry("redraw", "paint everything anew", .redraw),
        Entry("quit", "end the program", .quit),
    ]

    // MARK: Arguments

    private static func setting(_ key: String, _ value: String) throws(Failure) -> MonitorCommand {
        guard let setting = Setting.named(key) else {
            throw Failure(description: "there is no setting '\(key)' (kinescope config lists them)")
        }
        guard setting.kind.accepts(value) else {
            throw Failure(description: "\(key) is '\(value)', wanted \(setting.kind.words)")
        }
        return .set(setting, value)
    }

    private static func one(_ arguments: [Substring], of usage: String) throws(Failure) -> String {
        guard arguments.count == 1 else { throw Failure(description: "wanted \(usage)") }
        return String(arguments[0])
    }

    /// One of two words; true for the second.
    private static func choice(_ arguments: [Substring], _ name: String, _ first: String, _ second: String)
        throws(Failure) -> Bool
    {
        let word = try one(arguments, of: "\(name) \(first)|\(second)")
        guard [first, second].contains(word) else {
            throw Failure(description: "\(name) is '\(word)', wanted \(first) or \(second)")
        }
        return word == second
    }

    private static func number(_ arguments: [Substring], of usage: String) throws(Failure) -> Int {
        let text = try one(arguments, of: usage)
        guard let number = Int(text), number != 0, number.magnitude <= 10_000 else {
            throw Failure(description: "'\(text)' is no number of steps, wanted \(usage)")
        }
        return number
    }

    /// Milliseconds of `2.5` seconds, or of a length as the go-to prompt takes it: `1h30m`.
    private static func distance(_ length: Substring, of text: String) throws(Failure) -> Int64 {
        if let seconds = Double(length) {
            guard abs(seconds) <= 1e9 else { throw Failure(description: "\(seconds) seconds are too many") }
            return Int64(seconds * 1000)
        }
        let origin = Timestamp(milliseconds: 0)
        guard case .time(let time)? = try? TimeExpression("-\(length)", now: origin) else {
            throw Failure(description: "'\(text)' is no distance, wanted +30, -2.5, +5m or -1h30m")
        }
        return origin.milliseconds - time.milliseconds
    }

    private static func hours(_ text: Substring?) throws(Failure) -> Int {
        guard let text else { return 24 }
        guard let hours = Int(text), ServiceLimits.retentionHours.contains(hours) else {
            let range = ServiceLimits.retentionHours
            throw Failure(
                description:
                    "'\(text)' is no number of hours, wanted \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return hours
    }
}

extension SortColumn {
    /// One word for it, as it is typed.
    var word: String {
        self == .rate ? "rate" : rawValue.lowercased().filter { $0 != "/" }
    }
}

extension TimelineZoom {
    /// One word for it, as it is typed: `10m`.
    var word: String { name.replacing(" ", with: "") }
}
