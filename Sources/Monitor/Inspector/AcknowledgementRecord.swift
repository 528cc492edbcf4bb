package import KinesisVideo

/// What became of fragments on their way in, as the service's log of acknowledgements tells it.
package struct AcknowledgementRecord: Sendable, Hashable {
    /// The log, oldest line first.
    package let log: AcknowledgementLog
    private var latest: [String: AcknowledgementLog.Entry] = [:]

    /// Takes a log.
    package init(_ log: AcknowledgementLog) {
        self.log = log
        for entry in log.acknowledgements where entry.event != .idle {
            if let number = entry.fragmentNumber { latest[number] = entry }
        }
    }

    /// The last acknowledgement of a fragment; nil where the log does not reach back to it.
    package func latest(of number: FragmentNumber) -> AcknowledgementLog.Entry? { latest[number.padded] }

    /// The fragment that is arriving; nil where none is.
    ///
    /// - Parameter newest: The newest fragment that is listed: where its time in the file was a time of day, so is that
    ///   of the next.
    /// - Returns: What is known of it.
    func arriving(behind newest: FragmentMetadata?) -> ArrivingFragment? {
        let open = log.acknowledgements.last { entry in
            entry.event == .buffering && entry.fragmentNumber.flatMap { latest[$0] } == entry
        }
        guard let open, let delay = open.milliseconds else { return nil }
        let elapsed = log.now.milliseconds - open.time.milliseconds + delay
        // A producer that went away without a word leaves its last fragment open.
        guard elapsed >= 0, elapsed <= 2 * ServiceLimits.fragmentMilliseconds else { return nil }
        let isAbsolute = newest.map { newest in
            latest(of: newest.number)?.fragmentTimecode == newest.producerTimestamp.milliseconds
        }
        return ArrivingFragment(
            producerTimestamp: isAbsolute == true
                ? open.fragmentTimecode.map { Timestamp(milliseconds: $0) } : nil,
            elapsed: elapsed
        )
    }
}

/// A fragment that is not complete yet.
package struct ArrivingFragment: Sendable, Hashable {
    /// When it starts on the producer's clock; nil where the file does not tell the time of day.
    package var producerTimestamp: Timestamp?
    /// Milliseconds since its first byte.
    package var elapsed: Int64

    /// Describes what is known of it.
    package init(producerTimestamp: Timestamp?, elapsed: Int64) {
        (self.producerTimestamp, self.elapsed) = (producerTimestamp, elapsed)
    }
}

extension AcknowledgementLog.Entry {
    /// Its letter, and how long it took: `P 0.4 s`; an error with its number: `E 4004`.
    var shortWords: String {
        let letter = String(event.rawValue.prefix(1))
        if let errorID { return "\(letter) \(errorID)" }
        guard event != .buffering, let milliseconds else { return letter }
        return "\(letter) \(Figure.decimal(Double(milliseconds) / 1000, places: 1)) s"
    }
}
