import KinesisVideo

extension IngestionError {
    /// What a producer does about an error.
    enum Disposition {
        /// The same fragment again, on a new connection.
        case retry
        /// The next fragment, on a new connection.
        case skipFragment
        /// Nothing helps.
        case fatal
    }

    /// What the error says of the service; the source is 08 Producer library, "Reconnect and rollback", rules 2 and 3.
    ///
    /// After 5000 and 5001 the service itself does not know what it has kept, so they do not count as alive here.
    package var host: UploadWindow.Host {
        switch id {
        case 4000...4012, 4500...4507: .alive
        default: .dead
        }
    }

    /// Source: 03 PutMedia, "Error ids"; 08 Producer library, "Reconnect and rollback", rule 4.
    var disposition: Disposition {
        switch id {
        case 4001, 4002, 4004, 4006, 4009, 4011: .skipFragment
        // The producer's clock, its tracks, the stream or its key: every fragment would fail alike.
        case 4007, 4008, 4010, 4012, 4500...4507: .fatal
        default: .retry
        }
    }
}
