import KinesisVideo

/// Where a listing goes on: its selector and the last fragment sent, bound to its stream.
struct ListingToken {
    let selector: FragmentSelector
    let last: FragmentNumber
    private let stream: String

    init(_ selector: FragmentSelector, last: FragmentNumber, stream: String) {
        self.selector = selector
        self.last = last
        self.stream = stream
    }

    /// Reads a token of any stream.
    init(_ text: String) throws(ServiceError) {
        let fields = try PageToken(text, count: 5).fields
        guard let clock = FragmentClock(rawValue: fields[1]), let start = Int64(fields[2]),
            let end = Int64(fields[3]), let last = FragmentNumber(fields[4])
        else { throw PageToken.refusal }
        self.init(
            FragmentSelector(
                clock: clock,
                start: Timestamp(milliseconds: start),
                end: Timestamp(milliseconds: end)
            ),
            last: last,
            stream: fields[0]
        )
    }

    /// Refuses a token that a listing of another stream gave.
    func check(stream: String) throws(ServiceError) {
        guard stream == self.stream else { throw PageToken.refusal }
    }

    var text: String {
        PageToken(
            fields: [
                stream, selector.clock.rawValue, String(selector.start.milliseconds),
                String(selector.end.milliseconds), last.padded,
            ]
        ).text
    }
}
