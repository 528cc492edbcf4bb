import Foundation
public import KinesisVideo
public import KinesisVideoConsumer
public import Pixels

/// Plays one stream: live, out of memory, or out of the archive.
///
/// ```swift
/// let player = Player(stream: "front-door", source: source)
/// async let playing: Void = player.run()
/// for await _ in player.changes {
///     if let picture = player.picture(after: serial) { draw(picture, player.status) }
/// }
/// ```
/// `PlayerState` decides; this does what it says. Decoding, scaling and all decisions happen on one thread of
/// its own; the calls to the service are child tasks of `run()`.
public final class Player: VideoPlayer {
    /// Fires whenever a picture or the status has changed, at most once until it is read; ends with `run()`.
    public let changes: AsyncStream<Void>

    private let shared: PlayerShared
    private let source: any MediaSource
    private let calls: AsyncStream<PlayerCall>

    /// Creates a player that does nothing until `run()`.
    ///
    /// - Parameters:
    ///   - stream: Name of the stream, for the status.
    ///   - source: Its media.
    ///   - settings: Where it begins and how it behaves.
    ///   - clock: What time it is; wall time is what the stream's timestamps are measured against.
    ///   - log: Told of each picture drawn or dropped, on the player's thread.
    public init(
        stream: String,
        source: any MediaSource,
        settings: PlayerSettings = PlayerSettings(),
        clock: PlayerClock,
        log: (@Sendable (PlayerLogEntry) -> Void)? = nil
    ) {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (calls, caller) = AsyncStream.makeStream(of: PlayerCall.self)
        self.changes = changes
        self.calls = calls
        self.source = source
        let state = PlayerState(stream: stream, settings: settings)
        shared = PlayerShared(state: state, clock: clock, changed: changed, caller: caller, log: log)
    }

    /// Plays until `close()` or until the task is cancelled; call it once.
    public func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.runThread() }
                for await call in self.calls {
                    group.addTask { await call.perform(on: self.source) { self.shared.post($0) } }
                }
                group.cancelAll()
            }
        } onCancel: {
            close()
        }
    }

    /// Decoding blocks: it must not take a thread from those that tasks share.
    private func runThread() async {
        await withCheckedContinuation { (finished: CheckedContinuation<Void, Never>) in
            let thread = Thread { [shared] in
                PlayerLoop(shared).run()
                finished.resume()
            }
            thread.name = "player"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Ends `run()`.
    public func close() {
        shared.close()
    }

    /// Asks for something.
    public func send(_ command: PlayerCommand) {
        shared.post(.command(command))
    }

    /// What the player says of itself now.
    public var status: PlayerStatus {
        shared.status
    }

    /// Sets how large pictures are wanted: called with the decoded size and the shape of its pixels.
    public func setPictureSize(
        _ fit: @escaping @Sendable (_ source: PixelSize, _ sampleAspect: Double) -> PixelSize
    ) {
        shared.setPictureSize(fit)
    }

    /// The picture that is due, unless it is the one with this serial number; 0 takes any.
    public func picture(after serial: Int) -> DuePicture? {
        shared.picture(after: serial)
    }

    /// A small picture of the key frame before a moment, where that is in memory; else nil, or nil until it is decoded.
    public func glance(
        at time: Timestamp,
        fit: @escaping @Sendable (_ source: PixelSize, _ sampleAspect: Double) -> PixelSize
    ) -> Glance? {
        shared.glance(at: time, fit: fit)
    }

    /// The picture on screen in full size, with square pixels; nil while there is none.
    public func fullSizePicture() async -> RGBImage? {
        await shared.fullSizePicture()
    }

    /// The timeline from `start` to `end` in `count` columns; what is missing there is listed in the
    /// background.
    public func columns(from start: Timestamp, to end: Timestamp, count: Int) -> [TimelineColumn] {
        shared.columns(from: start, to: end, count: count)
    }

    /// Archived fragments that lie in a stretch at least in part, their bytes, and whether all of it is listed.
    public func extent(from start: Timestamp, to end: Timestamp) -> TimelineExtent {
        shared.extent(from: start, to: end)
    }

    /// What lies at a moment; where that is not known yet it is listed in the background.
    public func place(at time: Timestamp) -> TimelinePlace {
        shared.place(at: time)
    }
}
