import KinesisVideo
import Synchronization

extension PutMediaSession {
    /// What a session tells the rest of the service, and hears from it.
    final class Hooks: Sendable {
        /// How long a producer may send nothing, and how long it may keep its connection.
        let patience: ConnectionPatience
        private let ledger: StreamLedger
        private let uploads: OpenUploads
        private let clock: @Sendable () -> Timestamp
        private let hasEnded = Atomic(false)

        init(
            patience: ConnectionPatience,
            ledger: StreamLedger,
            uploads: OpenUploads,
            clock: @escaping @Sendable () -> Timestamp
        ) {
            self.patience = patience
            self.ledger = ledger
            self.uploads = uploads
            self.clock = clock
        }

        /// Whether the service is ending: the session is to finish what is whole and say so.
        var isStopping: Bool { uploads.isStopping }

        /// Hears of every acknowledgement as it is written.
        func note(_ acknowledgement: Acknowledgement) {
            ledger.record(acknowledgement, at: clock())
        }

        /// The last acknowledgement has been written; a second call does nothing.
        func ended() {
            guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
            uploads.end()
        }
    }
}
