import KinesisVideo

extension SigningTime {
    /// Reads the form of `x-amz-date`, exactly `yyyymmddThhmmssZ`.
    public init?(timestamp text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else {
            return nil
        }
        self.init(
            date: (Self.number(bytes[0..<4]), Self.number(bytes[4..<6]), Self.number(bytes[6..<8])),
            clock: (Self.number(bytes[9..<11]), Self.number(bytes[11..<13]), Self.number(bytes[13..<15]))
        )
    }

    /// Reads an HTTP date of the preferred form, such as `Thu, 01 Jan 2026 00:00:00 GMT`.
    ///
    /// The name of the weekday is not compared with the date.
    ///
    /// Source: RFC 9110, section 5.6.7, IMF-fixdate.
    public init?(httpDate text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let isLaidOut =
            bytes.count == 29 && bytes[3] == UInt8(ascii: ",") && bytes[25...].elementsEqual(" GMT".utf8)
        let gaps = [4, 7, 11, 16].allSatisfy { isLaidOut && bytes[$0] == UInt8(ascii: " ") }
        guard gaps, bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":") else { return nil }
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = names.firstIndex { bytes[8..<11].elementsEqual($0.utf8) }.map { Int64($0 + 1) }
        self.init(
            date: (Self.number(bytes[12..<16]), month, Self.number(bytes[5..<7])),
            clock: (Self.number(bytes[17..<19]), Self.number(bytes[20..<22]), Self.number(bytes[23..<25]))
        )
    }

    /// Reads `2026-01-01T00:00:00Z`, also with a fraction, which is cut off, or an offset such as `+02:00`.
    ///
    /// Source: RFC 3339, section 5.6.
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        var zone = bytes[19...]
        if zone.first == UInt8(ascii: ".") {
            let fraction = zone.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return nil }
            zone = zone[fraction.endIndex...]
        }
        let local = SigningTime(
            date: (Self.number(bytes[0..<4]), Self.number(bytes[5..<7]), Self.number(bytes[8..<10])),
            clock: (Self.number(bytes[11..<13]), Self.number(bytes[14..<16]), Self.number(bytes[17..<19]))
        )
        guard let local, let offset = Self.offset(zone) else { return nil }
        self = local.advanced(bySeconds: -offset)
    }

    private init?(date: (Int64?, Int64?, Int64?), clock: (Int64?, Int64?, Int64?)) {
        guard case (let year?, let month?, let day?) = date,
            case (let hour?, let minute?, let second?) = clock,
            hour < 24, minute < 60, second < 60,
            (1...9999).contains(year), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self.init(secondsSince1970: date.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func offset(_ zone: ArraySlice<UInt8>) -> Int64? {
        if zone.elementsEqual("Z".utf8) { return 0 }
        let start = zone.startIndex
        guard zone.count == 6, zone[start + 3] == UInt8(ascii: ":"),
            let hours = number(zone[start + 1..<start + 3]), let minutes = number(zone[start + 4..<start + 6])
        else { return nil }
        switch zone[start] {
        case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
        default: return nil
        }
    }
}
