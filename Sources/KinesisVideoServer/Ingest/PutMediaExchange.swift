import FragmentStorage
import KinesisVideo
import Logging
import Synchronization

/// What the tasks of one PutMedia session share: acknowledgements on their way, and how far the body has been read.
struct PutMediaExchange: Sendable {
    /// The fragment between its first byte and its last.
    struct FragmentUnderWay: Sendable {
        var open: OpenFragment?
        var timecode: UInt64?

        /// Drops the fragment, where there is one, and forgets it.
        mutating func abandon() {
            open?.abort()
            self = FragmentUnderWay()
        }
    }

    /// What is owed to the producer for a complete fragment, or in place of it.
    private enum Debt: Sendable {
        case persisted(timecode: UInt64, FragmentReceipt)
        case failure(Acknowledgement, detail: String)
    }

    /// How far the body has been read, as all tasks may see it.
    final class Progress: Sendable {
        let lastByte = Mutex(ContinuousClock.now)
        /// True while the service works on what has come, or waits for its own disk: the producer is not silent then.
        let isBusy = Atomic(false)
        /// True once reading is cut off where it stands, as if the body ended there.
        let isCutOff = Atomic(false)
        /// The fragment that the last bytes belong to.
        let underWay = Mutex(FragmentUnderWay())
        fileprivate let hasFailed = Atomic(false)
    }

    /// Name of the stream, for the log.
    let stream: String
    let logger: Logger
    let lines = AcknowledgementQueue()
    let progress = Progress()
    private let debts: AsyncStream<Debt>
    private let debtSink: AsyncStream<Debt>.Continuation

    /// Creates what a session begins with.
    init(stream: String, logger: Logger) {
        self.stream = stream
        self.logger = logger
        (debts, debtSink) = AsyncStream.makeStream(of: Debt.self)
    }

    /// True once the producer has been, or will be, told of an error: nothing more is taken.
    var hasFailed: Bool { progress.hasFailed.load(ordering: .acquiring) }

    /// Tells the producer how far a fragment is.
    func acknowledge(_ event: Acknowledgement.Event, _ fragment: FragmentUnderWay) {
        lines.add(acknowledgement(event, fragment))
    }

    /// Promises a word once a fragment is durable.
    func promise(_ receipt: FragmentReceipt, timecode: UInt64) {
        debtSink.yield(.persisted(timecode: timecode, receipt))
    }

    /// Ends the session with an error behind everything that is owed; only the first error counts.
    func fail(_ error: IngestionError, _ detail: String, _ fragment: FragmentUnderWay) {
        guard !progress.hasFailed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let line =
            fragment.timecode == nil
            ? Acknowledgement(.error, error: error) : acknowledgement(.error, fragment, error)
        debtSink.yield(.failure(line, detail: detail))
        debtSink.finish()
    }

    /// Ends the session without a word: the connection is not to be used again.
    func giveUp() {
        progress.hasFailed.store(true, ordering: .releasing)
    }

    /// Nothing more will be promised.
    func finish() {
        debtSink.finish()
    }

    /// Pays the debts in the order of their fragments; an error comes last and ends the session.
    ///
    /// Fragments behind one that could not be archived may be on the disk already: they are told of before the error.
    func settle() async {
        var refusal: Acknowledgement?
        defer {
            if let refusal { lines.add(refusal) }
            lines.finish()
        }
        for await debt in debts {
            switch debt {
            case .persisted(let timecode, let receipt):
                let (timecode, number) = (Int64(clamping: timecode), receipt.info.number)
                do {
                    try await receipt.persisted()
                    lines.add(Acknowledgement(.persisted, timecode: timecode, number: number))
                } catch {
                    logger.error("not archived", metadata: ["fragment": "\(number)", "error": "\(error)"])
                    giveUp()
                    guard refusal == nil else { continue }
                    refusal = Acknowledgement(
                        .error,
                        timecode: timecode,
                        number: number,
                        error: .archivalError
                    )
                    debtSink.finish()
                }
            case .failure(let line, let detail):
                guard refusal == nil else { return }
                logger.notice("putMedia refused", metadata: ["stream": "\(stream)", "detail": "\(detail)"])
                lines.add(line)
                return
            }
        }
    }

    private func acknowledgement(
        _ event: Acknowledgement.Event,
        _ fragment: FragmentUnderWay,
        _ error: IngestionError? = nil
    ) -> Acknowledgement {
        let timecode = fragment.timecode.map { Int64(clamping: $0) }
        return Acknowledgement(event, timecode: timecode, number: fragment.open?.number, error: error)
    }
}
