import KinesisVideo
import KinesisVideoConsumer

extension PlayerState {
    /// Steps to the fragment before, for its key frames.
    mutating func moveBack(from fragment: MemoryFragment) -> Bool {
        false
    }
}
