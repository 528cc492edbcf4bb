import KinesisVideoProducer

extension FragmentSpool {
    /// Opens a folder again whose spool has gone out of use.
    ///
    /// Its lock goes with the last reference, which a task that is just ending may hold a moment longer.
    static func reopened(_ folder: String, capacity: Int) async throws -> FragmentSpool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if let spool = try? FragmentSpool(folder: folder, capacity: capacity) { return spool }
            try await Task.sleep(for: .milliseconds(5))
        }
        return try FragmentSpool(folder: folder, capacity: capacity)
    }
}
