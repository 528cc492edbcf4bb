import Foundation
import KinesisVideoProducer

extension FragmentSpool {
    /// Opens a folder again whose spool has gone out of use.
    ///
    /// Its lock goes with the last reference, which a task that is just ending may hold a moment longer: whoever waits for
    /// the lock gets it then.
    static func reopened(_ folder: String, capacity: Int) async throws -> FragmentSpool {
        await withCheckedContinuation { (unlocked: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                let descriptor = open("\(folder)/lock", O_RDWR | O_CLOEXEC)
                flock(descriptor, LOCK_EX)
                flock(descriptor, LOCK_UN)
                close(descriptor)
                unlocked.resume()
            }
        }
        return try FragmentSpool(folder: folder, capacity: capacity)
    }
}
