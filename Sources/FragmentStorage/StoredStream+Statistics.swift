public import KinesisVideo

extension StoredStream {
    /// What monitors show of the stream; costs the same however much there is.
    public func statistics() -> StreamStatistics {
        let clock = environment.clock()
        return read { state in
            // Of a stream with a fault the last figures before it stay.
            let now = state.fault?.since ?? clock
            let info = state.file.record.info
            let meter = state.meter
            let first = [state.archive.first, state.live.first?.info.metadata].compactMap { $0 }
                .min { $0.number < $1.number }
            return StreamStatistics(
                name: name,
                arn: arn,
                status: info.status,
                retentionHours: info.dataRetentionInHours,
                mediaType: info.mediaType,
                bytesPerSecond: meter.bytesPerSecond(at: now),
                fragmentsPerSecond: meter.fragmentsPerSecond(at: now),
                meanFragmentMilliseconds: meter.meanMilliseconds,
                meanFragmentBytes: meter.meanBytes,
                // Of what was there before this process or came by import only the server's own stamp is known.
                lastReceived: meter.lastReceived ?? state.archive.last?.serverTimestamp,
                lastFragment: (meter.lastFragment ?? state.archive.last).map(StreamStatistics.Fragment.init),
                firstFragment: first.map(StreamStatistics.Fragment.init),
                persistMilliseconds: meter.persistMilliseconds,
                readers: state.readers,
                bufferMilliseconds: state.live.milliseconds,
                bufferBytes: state.live.bytes,
                storedBytes: state.archive.bytes,
                storedFragments: state.archive.fragments,
                gaps: state.gaps.gaps?.count,
                longestGapMilliseconds: state.gaps.gaps?.longest,
                receivedBytes: meter.totalBytes,
                receivedFragments: meter.totalFragments,
                tags: state.file.record.tags,
                fault: state.fault,
                asOf: state.fault?.since
            )
        }
    }

    /// Counts the gaps of the archive where it is another than the one that was counted.
    func surveyGaps() async throws {
        let archive = read { state in state.archive == state.gaps.archive ? nil : state.archive }
        guard let archive else { return }
        let (view, index) = (archiveView, environment.index)
        let gaps = try await environment.readers.run { try index.gaps(view) }
        update { $0.gaps = GapSurvey(gaps: gaps, archive: archive) }
    }
}
