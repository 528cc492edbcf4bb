package import KinesisVideo

/// Watches over an upload: what is nearly full, too late, silent or idle, and when a connection is to be given up.
///
/// ```
/// latency above its limit, or no BUFFERING:  reported --30 s grace--> watched --60 s--> reset, unless it got better
/// ```
/// A value without I/O. Source: 08 Producer library, "Overflow and pressure".
package struct StreamHealth: Sendable {
    /// What is to be done.
    package enum Action: Sendable, Hashable {
        case report(ProducerEvent)
        /// The connection does not get on: make another.
        case reset(String)
        /// No frame has come: end the fragment.
        case endFragment
    }

    /// What a report of the same kind waits for, so that events do not come with every frame.
    static let reportInterval = Duration.seconds(1)
    static let grace = Duration.seconds(30)
    static let verification = Duration.seconds(60)
    static let idleLimit = Duration.seconds(20)

    private enum Kind: Hashable {
        case storage, buffer, latency, stale
    }

    private let definition: StreamDefinition
    private var lastReport: [Kind: ContinuousClock.Instant] = [:]
    private var lastFrame: ContinuousClock.Instant?
    /// When the media that waits for its BUFFERING began to.
    private var silentSince: ContinuousClock.Instant?
    /// Since when the connection has been in trouble.
    private var troubleSince: ContinuousClock.Instant?
    private var hasEndedFragment = true

    package init(_ definition: StreamDefinition) {
        self.definition = definition
    }

    /// Notes a frame.
    package mutating func tookFrame(_ load: UploadLoad, at now: ContinuousClock.Instant) -> [Action] {
        lastFrame = now
        hasEndedFragment = false
        silentSince = silentSince ?? now
        return examine(load, at: now)
    }

    /// Notes an acknowledgement.
    package mutating func took(_ line: Acknowledgement, at now: ContinuousClock.Instant) {
        // Whatever the service says of media shows that it gets there.
        if line.event != .idle { silentSince = now }
    }

    /// Notes that a connection is gone: silence and trouble count anew with the next.
    package mutating func lostConnection(at now: ContinuousClock.Instant) {
        (silentSince, troubleSince) = (now, nil)
    }

    /// Notes that time passes; call it every few seconds.
    package mutating func tick(_ load: UploadLoad, at now: ContinuousClock.Instant) -> [Action] {
        var actions = examine(load, at: now)
        if definition.endsIdleFragments, definition.fragmentsAtKeyFrames, !hasEndedFragment, let lastFrame,
            lastFrame.duration(to: now) >= Self.idleLimit
        {
            hasEndedFragment = true
            actions += [.endFragment, .report(.idle(lastFrame.duration(to: now)))]
        }
        return actions
    }

    private mutating func examine(_ load: UploadLoad, at now: ContinuousClock.Instant) -> [Action] {
        var actions: [Action] = []
        let free = definition.storageBytes - load.bytes
        if free * 20 < definition.storageBytes {
            actions += report(.storage, .storagePressure(free: max(0, free)), at: now)
        }
        let left = definition.bufferDuration - load.held
        if left * 20 < definition.bufferDuration {
            actions += report(.buffer, .bufferPressure(left: max(.zero, left)), at: now)
        }
        var trouble: String?
        if definition.mode != .offline, definition.maxLatency > .zero, load.unsent > definition.maxLatency {
            actions += report(.latency, .latencyPressure(load.unsent), at: now)
            trouble = "media waits to be sent for \(load.unsent)"
        }
        // After an end of fragment there is nothing that the service could say BUFFERING of.
        if let silentSince, !hasEndedFragment, silentSince.duration(to: now) > definition.staleness {
            let silence = silentSince.duration(to: now)
            actions += report(.stale, .stale(silence), at: now)
            trouble = trouble ?? "no BUFFERING for \(silence)"
        }
        return actions + judge(trouble, at: now)
    }

    private mutating func judge(_ trouble: String?, at now: ContinuousClock.Instant) -> [Action] {
        guard let trouble else {
            troubleSince = nil
            return []
        }
        let since = troubleSince ?? now
        troubleSince = since
        guard since.duration(to: now) >= Self.grace + Self.verification else { return [] }
        troubleSince = nil
        return [.reset(trouble)]
    }

    private mutating func report(_ kind: Kind, _ event: ProducerEvent, at now: ContinuousClock.Instant)
        -> [Action]
    {
        if let last = lastReport[kind], last.duration(to: now) < Self.reportInterval { return [] }
        lastReport[kind] = now
        return [.report(event)]
    }
}
