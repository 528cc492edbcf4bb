import Dispatch
import Glibc

/// Waits for what programs write into files and folders.
public enum FileChange {
    /// What has not become so in time, or cannot be watched.
    public struct Failure: Error, CustomStringConvertible {
        /// What and where.
        public let description: String
    }

    /// Waits until something is so; it is looked at now and after each change.
    ///
    /// - Parameters:
    ///   - path: a file, or a folder whose entries and their contents are watched; it must be there.
    ///   - limit: the longest wait.
    ///   - isSo: looks.
    /// - Throws: Failure when the time is over; CancellationError.
    public static func wait(
        in path: String,
        atMost limit: Duration = .seconds(30),
        until isSo: () throws -> Bool
    ) async throws {
        let (changes, sink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let watch = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard watch >= 0 else { throw Failure(description: "inotify: \(String(cString: strerror(errno)))") }
        let queue = DispatchQueue(label: "file changes")
        let source = DispatchSource.makeReadSource(fileDescriptor: watch, queue: queue)
        source.setEventHandler {
            var events = [UInt8](repeating: 0, count: 4096)
            while read(watch, &events, events.count) > 0 {}
            sink.yield()
        }
        source.setCancelHandler { close(watch) }
        source.resume()
        defer { source.cancel() }
        let kinds = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE)
        guard inotify_add_watch(watch, path, kinds) >= 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        queue.asyncAfter(deadline: .now() + limit / .seconds(1)) { sink.finish() }
        if try isSo() { return }
        for await _ in changes where try isSo() { return }
        try Task.checkCancellation()
        throw Failure(description: "\(path): not so after \(limit)")
    }
}
