extension StreamUpload {
    /// Bytes of frames from the disk that are held at a time.
    private static let backlogBytes = 8 << 20

    /// Sends what waits in a spool, in order and on a connection of its own.
    ///
    /// A fragment is taken from the disk whenever the live connection has got all there is, so that live media never
    /// waits for more than one of them. What ends a connection is handled as it is there.
    func drain(
        _ spool: FragmentSpool,
        beside live: UploadFeed,
        _ observe: @escaping @Sendable (Event) -> Void
    ) async throws {
        let waiting = await spool.waiting
        if waiting > 0 { observe(.spooled(fragments: waiting)) }
        await live.noteBacklog(waiting > 0)
        while try await live.waitForBacklog() {
            await live.noteBacklog(false)
            try await sendBacklog(spool, beside: live) { event in
                switch event {
                // The numbers of connections are those of the live ones.
                case .connecting, .rotated: break
                case .acknowledged, .interrupted, .resumed, .dropped, .spooled: observe(event)
                }
            }
        }
    }

    private func sendBacklog(
        _ spool: FragmentSpool,
        beside live: UploadFeed,
        _ observe: @escaping @Sendable (Event) -> Void
    ) async throws {
        var configuration = configuration
        configuration.isRealtime = false
        configuration.windowBytes = Self.backlogBytes
        let feed = UploadFeed(configuration, spool: spool, observe)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while let (number, fragment) = await spool.takeOldest() {
                    try await live.waitUntilSent()
                    try await feed.append(fragment.parts, stored: number)
                }
                await feed.finish()
            }
            group.addTask { try await connect(feed, observe) }
            do {
                while try await group.next() != nil {}
            } catch {
                await feed.close()
                throw error
            }
        }
        await live.add(await feed.report)
    }
}
