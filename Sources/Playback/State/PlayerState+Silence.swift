import KinesisVideo
import KinesisVideoConsumer

/// Calls that bring nothing more and do not end either.
extension PlayerState {
    /// Ends the calls that have been silent for too long, as if the service had broken them off.
    ///
    /// Between two fragments a camera may rest for as long as it likes; inside of one it cannot.
    mutating func endSilentCalls(_ now: PlayerTime) {
        if case .open(let request) = live.phase, live.current != nil, live.silence >= longestSilence {
            let error = noData(for: live.silence)
            live.silentEnds += 1
            actions.append(.cancel(request: request))
            liveEnded(error, now)
        }
        if let fetch, fetch.silence >= .seconds(10) {
            actions.append(.cancel(request: fetch.request))
            fetchEnded(noData(for: fetch.silence), now)
        }
    }

    /// Ends a GetMediaForFragmentList call; what is still missing is asked for anew.
    mutating func giveUp(_ call: FetchCall) {
        actions.append(.cancel(request: call.request))
        cutOff(call.current)
        fetch = nil
    }

    /// Six seconds, or three frames of a slow camera.
    ///
    /// A camera whose frames have never been seen may be slower still: each connection that falls silent without a
    /// whole fragment gives the next one twice the time.
    private var longestSilence: Duration {
        let own = live.current.flatMap { memory[$0]?.frameInterval } ?? 0
        let interval = min(max(own, timeline.frameInterval), 600_000)
        let patience: Int = 1 << min(live.silentEnds, 5)
        return max(.seconds(6), .milliseconds(3 * interval)) * patience
    }

    private func noData(for silence: Duration) -> MediaSourceError {
        MediaSourceError(.retryable, "no data for \(silence.components.seconds) s")
    }
}
