import KinesisVideo

/// What the facts about a stream mean: why readers find no fragments, or cannot show what they find.
///
/// A value without I/O; `StreamExamination` gathers the facts.
struct StreamDiagnosis: Sendable {
    /// Everything that was looked at, in the order in which a fault hides the next.
    let findings: [Finding]

    init(_ facts: StreamFacts) {
        var findings = [Self.credentials(facts), Self.endpoint(facts), Self.clock(facts)]
        if facts.stream.refusal?.kind != .unreachable { findings.append(Self.stream(facts)) }
        if case .success(let info) = facts.stream {
            findings.append(Self.retention(info))
            findings.append(Self.dataEndpoints(facts))
            findings.append(Self.acknowledgements(facts))
            findings.append(Self.fragments(facts, info))
            findings += MediaDiagnosis(facts).findings
        }
        self.findings = findings
    }

    /// The first thing that keeps the stream from being read; nil where nothing does.
    var fault: Finding? { findings.first { $0.state == .fault } }
}

// MARK: - Ways to the service

extension StreamDiagnosis {
    private static func credentials(_ facts: StreamFacts) -> Finding {
        let isDenied = facts.stream.refusal?.kind == .denied
        guard let key = facts.key else {
            return isDenied
                ? Finding(
                    "credentials",
                    .fault,
                    "none, and the service wants a signature",
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile"
                )
                : Finding("credentials", .ok, "none; the service has not asked for any")
        }
        let evidence = "key …\(key.ending)\(key.isTemporary ? ", temporary" : ""), signed for \(facts.region)"
        if key.isExpired {
            return Finding("credentials", .fault, "\(evidence), expired", "get new temporary credentials")
        }
        guard isDenied else { return Finding("credentials", .ok, evidence) }
        let reason = facts.stream.refusal?.reason ?? ""
        return Finding(
            "credentials",
            .fault,
            "\(evidence): \(reason)",
            "check key, secret, region and what the key may do; a wrong clock refuses signatures as well"
        )
    }

    private static func endpoint(_ facts: StreamFacts) -> Finding {
        guard let refusal = facts.stream.refusal, refusal.kind == .unreachable else {
            return Finding("endpoint", .ok, "\(facts.endpoint) answers, region \(facts.region)")
        }
        return Finding(
            "endpoint",
            .fault,
            refusal.reason,
            "check the URL and whether the service runs (curl \(facts.endpoint)/health)"
        )
    }

    private static func clock(_ facts: StreamFacts) -> Finding {
        guard let skew = facts.skew else {
            return Finding("clock", .unknown, "the service has not told its time")
        }
        let distance = abs(skew)
        let evidence =
            distance <= 1
            ? "within a second of the service's"
            : "\(distance) s \(skew > 0 ? "behind" : "ahead of") the service's"
        switch distance {
        case ...2: return Finding("clock", .ok, evidence)
        case ...300:
            return Finding("clock", .warning, evidence, "set the clock: ranges such as -1m miss by as much")
        default:
            return Finding(
                "clock",
                .fault,
                evidence,
                "set the clock: signatures are refused from five minutes on, and time ranges miss by as much"
            )
        }
    }

    private static func stream(_ facts: StreamFacts) -> Finding {
        switch facts.stream {
        case .failure(let refusal) where refusal.kind == .notFound:
            return Finding(
                "stream",
                .fault,
                "there is no '\(facts.name)' in \(facts.region)",
                "kinescope streams lists those there are; another --region or --profile has others"
            )
        case .failure(let refusal):
            return Finding("stream", .unknown, refusal.reason)
        case .success(let info):
            let evidence =
                "\(info.status.rawValue), made \(info.creationTime.rfc3339), \(info.mediaType ?? "no media type")"
            switch info.status {
            case .active, .updating: return Finding("stream", .ok, evidence)
            case .creating: return Finding("stream", .fault, evidence, "wait until it is ACTIVE")
            case .deleting:
                return Finding("stream", .fault, evidence, "its data is unreadable; make it anew in a moment")
            }
        }
    }

    private static func retention(_ info: StreamInfo) -> Finding {
        let hours = info.dataRetentionInHours
        guard hours == 0 else { return Finding("retention", .ok, "\(hours) h") }
        return Finding(
            "retention",
            .fault,
            "0 h: nothing is archived, so lists, clips, HLS and images find no fragments",
            "kinescope retention \(info.streamName) 24; it holds for what is sent from then on"
        )
    }

    private static func dataEndpoints(_ facts: StreamFacts) -> Finding {
        let refused = facts.dataEndpoints.compactMap { operation, result in
            result.refusal.map { "\(operation.rawValue): \($0.reason)" }
        }.sorted()
        guard refused.isEmpty else {
            return Finding(
                "data calls",
                .fault,
                refused.joined(separator: "; "),
                "the key needs GetDataEndpoint, and each of the operations"
            )
        }
        let urls = Set(facts.dataEndpoints.values.compactMap(\.value)).sorted()
        return Finding("data calls", .ok, "go to \(urls.joined(separator: ", "))")
    }
}

// MARK: - What has come in

extension StreamDiagnosis {
    private static func acknowledgements(_ facts: StreamFacts) -> Finding {
        guard let log = facts.acknowledgements else {
            return Finding(
                "last acks",
                .unknown,
                "this endpoint does not report them; the producer's log does"
            )
        }
        guard let last = log.acknowledgements.last(where: { $0.event != .idle }) else {
            return Finding(
                "last acks",
                .warning,
                "none since the service started: no producer has sent media",
                "check that the producer names this stream and this endpoint"
            )
        }
        func age(_ entry: AcknowledgementLog.Entry) -> String {
            "\(max(0, log.now.milliseconds - entry.time.milliseconds) / 1000) s ago"
        }
        guard let error = log.acknowledgements.last(where: { $0.event == .error }) else {
            return Finding("last acks", .ok, "\(last.event.rawValue) \(age(last)), no error")
        }
        let name = "\(error.errorCode ?? "ERROR") (\(error.errorID ?? 0)) \(age(error))"
        // Media that was persisted behind it says that the producer has got over it.
        let isOver = log.acknowledgements.last?.event == .persisted && last.time > error.time
        return Finding(
            "last acks",
            isOver ? .warning : .fault,
            "\(name), last \(last.event.rawValue) \(age(last))",
            IngestionAdvice.text(error.errorID)
        )
    }

    private static func fragments(_ facts: StreamFacts, _ info: StreamInfo) -> Finding {
        switch facts.recent {
        case .failure(let refusal)?: return Finding("fragments", .unknown, refusal.reason)
        case nil: return Finding("fragments", .unknown, "not asked for")
        case .success(let recent)?:
            guard let newest = recent.last else { return noFragments(facts, info) }
            let age = max(0, facts.now.milliseconds - newest.serverTimestamp.milliseconds) / 1000
            let more = recent.count >= 1000 ? "1000 or more" : "\(recent.count)"
            return Finding("fragments", .ok, "\(more) within the last hour, the newest \(age) s old")
        }
    }

    private static func noFragments(_ facts: StreamFacts, _ info: StreamInfo) -> Finding {
        if info.dataRetentionInHours == 0 {
            return Finding(
                "fragments",
                .fault,
                "No fragments found: the retention is 0",
                "read live (kinescope watch \(info.streamName)), or raise the retention"
            )
        }
        guard facts.hasArchive == true else {
            return Finding(
                "fragments",
                .fault,
                "No fragments found: nothing is archived at all",
                "look at the producer: does it get PERSISTED acknowledgements, or an ERROR?"
            )
        }
        return Finding(
            "fragments",
            .warning,
            "none within the last hour, older ones are there",
            "the producer has stopped; ask for an earlier range (kinescope fragments \(info.streamName))"
        )
    }
}

extension Result {
    /// Why it did not succeed; nil where it did.
    var refusal: Failure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
