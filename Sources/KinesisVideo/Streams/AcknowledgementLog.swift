/// The newest acknowledgements of a stream, as a kinescope service reports them; real AWS has no such report.
public struct AcknowledgementLog: Sendable, Hashable, Codable {
    /// One acknowledgement and when it was written.
    public struct Entry: Sendable, Hashable, Codable {
        /// The server's clock when it was written.
        public var time: Timestamp
        /// What had become of the fragment.
        public var event: Acknowledgement.Event
        /// The fragment in digits; absent where the line was about none.
        public var fragmentNumber: String?
        /// The Cluster's Timestamp as it stood in the file; absent likewise.
        public var fragmentTimecode: Int64?
        /// Milliseconds from the first byte of the fragment to the acknowledgement; absent likewise.
        public var milliseconds: Int64?
        /// What went wrong, by name.
        public var errorCode: String?
        /// What went wrong, by number.
        public var errorID: Int?

        /// Describes an acknowledgement.
        public init(_ acknowledgement: Acknowledgement, at time: Timestamp) {
            self.time = time
            event = acknowledgement.event
            fragmentNumber = acknowledgement.fragmentNumber?.padded
            fragmentTimecode = acknowledgement.fragmentTimecode
            milliseconds = acknowledgement.fragmentNumber?.serverMilliseconds.map {
                time.milliseconds - Int64(clamping: $0)
            }
            errorCode = acknowledgement.error?.code
            errorID = acknowledgement.error?.id
        }
    }

    /// The server's clock when the report was made.
    public var now: Timestamp
    /// Acknowledgements, oldest first.
    public var acknowledgements: [Entry]
    /// How many older ones are not kept any more.
    public var dropped: Int

    /// Creates a report.
    public init(now: Timestamp, acknowledgements: [Entry], dropped: Int) {
        self.now = now
        self.acknowledgements = acknowledgements
        self.dropped = dropped
    }

    /// Where the report of a stream is served, by GET.
    public static func path(of stream: String) -> String {
        "\(ServiceStatistics.path)/\(stream)/acks"
    }
}
