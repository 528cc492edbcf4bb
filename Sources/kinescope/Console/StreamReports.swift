import KinesisVideo
import KinesisVideoClient
import KinesisVideoConsumer
import Monitor

/// Keeps the list of streams up to date: from the service's statistics feed, else by listing, politely.
struct StreamReports: Sendable {
    let client: ServiceClient
    let inbox: MonitorInbox
    let clock: @Sendable () -> Timestamp
    let settings: Settings
    /// Which streams are on the screen, and when to ask anew.
    let watch: StreamWatch

    /// Reports until the task is cancelled.
    func run() async {
        guard await hasFeed() else { return await survey() }
        await StatisticsPoller(inbox: inbox) { try await client.statistics() }.run()
    }

    /// False where the service answers, but with no feed; asks again while it does not answer at all.
    private func hasFeed() async -> Bool {
        // The real service is not asked for what it does not have.
        if client.endpoint.isAmazon { return false }
        while !Task.isCancelled {
            do {
                inbox.post(.statistics(try await client.statistics()))
                return true
            } catch ClientError.service(let refusal) where !refusal.isThrottling {
                return false
            } catch ClientError.unexpectedAnswer {
                return false
            } catch {
                fail(error)
            }
            try? await Task.sleep(for: .seconds(1))
        }
        return true
    }

    private func fail(_ error: any Error) {
        inbox.post(.statisticsFailed((error as? ClientError)?.withRequest ?? "\(error)"))
    }

    private func survey() async {
        let interval = Int64(settings.number("streams.refresh")) * 1000
        var survey = StreamSurvey(
            interval: interval,
            callsPerSecond: settings.number("streams.calls_per_second"),
            window: Int64(settings.number("streams.window")) * 1000
        )
        while !Task.isCancelled {
            let (names, isForgotten) = watch.take()
            survey.watch(names)
            if isForgotten { survey.forget() }
            let call = survey.nextCall(at: clock())
            if let call {
                await perform(call, &survey)
                inbox.post(.source(survey.source(at: clock()), interval: interval))
            }
            // Ages are counted on the screen; only an answer changes the figures.
            if call == nil { try? await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private func perform(_ call: StreamSurvey.Call, _ survey: inout StreamSurvey) async {
        do {
            switch call {
            case .listStreams: survey.take(try await client.allStreams(), at: clock())
            case .listFragments(let stream, let start, let end):
                let consumer = StreamConsumer(client: client, stream: StreamReference(name: stream))
                let selector = FragmentSelector(clock: .server, start: start, end: end)
                survey.take(try await consumer.list(selector), of: stream, at: clock())
            }
            inbox.post(.statistics(survey.statistics(at: clock())))
        } catch is CancellationError {
            return
        } catch {
            switch call {
            case .listStreams:
                survey.failStreams(at: clock())
                fail(error)
            case .listFragments(let stream, _, _):
                survey.fail("\(error)", of: stream, at: clock())
                inbox.post(.statistics(survey.statistics(at: clock())))
            }
        }
    }
}
