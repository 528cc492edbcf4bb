import HummingbirdCore
import NIOCore

/// How a connection ends whose request body is not wanted any more.
enum ConnectionEnd {
    /// Shuts down the sending side, then reads and discards until the client closes, eight seconds at most.
    ///
    /// A plain close with unread data makes the kernel send RST, which destroys what the client has not read yet.
    static func closeAfterDraining(_ body: RequestBody, _ channel: any Channel) async throws {
        try? await channel.close(mode: .output)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await _ in body {}
                } catch {
                    // The client is gone: nothing is left to drain.
                }
            }
            group.addTask { try? await Task.sleep(for: .seconds(8)) }
            await group.next()
            group.cancelAll()
        }
        try? await channel.close()
    }
}
