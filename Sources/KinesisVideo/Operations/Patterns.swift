/// Patterns of members, anchored at both ends.
///
/// Source: 02 Control plane, "Common types".
public enum Patterns {
    /// A rule that text either keeps or breaks, with the words that say what is wanted.
    public struct Pattern: Sendable {
        /// What is wanted, for people.
        public let words: String
        let lengths: ClosedRange<Int>
        let matches: @Sendable (Substring.UnicodeScalarView) -> Bool
    }

    /// Name of a stream.
    public static let streamName = Pattern(words: "1 to 256 of a-z A-Z 0-9 _ . -", lengths: 1...256) { text in
        text.allSatisfy(isNameCharacter)
    }
    /// Name of a device.
    public static let deviceName = Pattern(words: "1 to 128 of a-z A-Z 0-9 _ . -", lengths: 1...128) { text in
        text.allSatisfy(isNameCharacter)
    }
    /// A version.
    public static let version = Pattern(words: "1 to 64 of a-z A-Z 0-9", lengths: 1...64) { text in
        text.allSatisfy(isAlphanumeric)
    }
    /// A key id.
    public static let kmsKeyID = Pattern(words: "1 to 2048 characters", lengths: 1...2048) { _ in true }
    /// A page token of the control plane.
    public static let nextToken = Pattern(words: "at most 1024 characters of base64", lengths: 0...1024) {
        text in
        text.allSatisfy { isAlphanumeric($0) || $0 == "+" || $0 == "/" || $0 == "=" }
    }
    /// A page token of ListFragments.
    public static let listingToken = Pattern(words: "1 to 4096 characters of base64", lengths: 1...4096) {
        text in
        let padding = text.reversed().prefix { $0 == "=" }.count
        let digits = text.dropLast(padding)
        return padding <= 2 && !digits.isEmpty
            && digits.allSatisfy { isAlphanumeric($0) || $0 == "+" || $0 == "/" }
    }
    /// Key of a tag.
    public static let tagKey = Pattern(
        words: "1 to 128 letters, digits, separators and _ . : / = + - @",
        lengths: 1...128
    ) { text in
        text.allSatisfy(isTagCharacter)
    }
    /// Value of a tag.
    public static let tagValue = Pattern(
        words: "at most 256 letters, digits, separators and _ . : / = + - @",
        lengths: 0...256
    ) { text in
        text.allSatisfy(isTagCharacter)
    }
    /// Where images or notifications go: a scheme, a place, and a path without stars.
    public static let destinationURI = Pattern(words: "a URI such as s3://bucket/prefix", lengths: 1...255) {
        text in
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon]
        guard !scheme.isEmpty, scheme.allSatisfy({ isAlphanumeric($0) || $0 == "_" }) else { return false }
        var rest = text[text.index(after: colon)...]
        if rest.starts(with: "//".unicodeScalars) { rest = rest.dropFirst(2) }
        let place = rest.prefix { $0 != "/" }
        return !place.isEmpty && !rest.dropFirst(place.count).contains("*")
    }
    /// A region, such as `eu-west-1` or `us-gov-west-1`.
    public static let region = Pattern(words: "a region such as eu-west-1", lengths: 9...14) { text in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), let number = parts.last, number.count == 1 else { return false }
        return number.allSatisfy { ("0"..."9").contains($0) }
            && parts.dropLast().allSatisfy { part in
                !part.isEmpty && part.allSatisfy { ("a"..."z").contains($0) }
            }
    }
    /// A continuation token.
    public static let continuationToken = Pattern(words: "1 to 128 of a-z A-Z 0-9 _ . -", lengths: 1...128) {
        text in
        text.allSatisfy(isNameCharacter)
    }
    /// Media types, such as `video/h264,audio/aac`.
    public static let mediaType = Pattern(words: "media types such as video/h264,audio/aac", lengths: 1...128)
    { text in
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { type in
            let halves = type.split(separator: "/", omittingEmptySubsequences: false)
            return halves.count == 2
                && halves.allSatisfy { half in
                    !half.isEmpty && half.allSatisfy { isNameCharacter($0) || $0 == "+" }
                }
        }
    }
    /// ARN of a stream or channel.
    public static let streamARN = Pattern(
        words: "arn:aws:kinesisvideo:REGION:ACCOUNT:stream/NAME/CREATION-TIME",
        lengths: 1...1024
    ) { text in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].elementsEqual("arn".unicodeScalars),
            parts[2].elementsEqual("kinesisvideo".unicodeScalars)
        else { return false }
        let resource = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        guard resource.count == 3 else { return false }
        let isLower: @Sendable (Unicode.Scalar) -> Bool = { ("a"..."z").contains($0) }
        let isDigit: @Sendable (Unicode.Scalar) -> Bool = { ("0"..."9").contains($0) }
        return !parts[1].isEmpty && parts[1].allSatisfy { isLower($0) || isDigit($0) || $0 == "-" }
            && !parts[3].isEmpty && parts[3].allSatisfy { isLower($0) || isDigit($0) || $0 == "-" }
            && !parts[4].isEmpty && parts[4].allSatisfy(isDigit)
            && !resource[0].isEmpty && resource[0].allSatisfy(isLower)
            && !resource[1].isEmpty && resource[1].allSatisfy(isNameCharacter)
            && !resource[2].isEmpty && resource[2].allSatisfy(isDigit)
    }

    /// Compares text with a pattern.
    ///
    /// - Throws: InvalidArgumentException that names the member, what was seen and what is wanted.
    public static func check(_ text: String, _ pattern: Pattern, member: String) throws(ServiceError) {
        let scalars = Substring(text).unicodeScalars
        guard pattern.lengths.contains(scalars.count), pattern.matches(scalars) else {
            let shown = String(String.UnicodeScalarView(scalars.prefix(80)))
            throw .invalidArgument(
                "\(member) is '\(shown)' (\(scalars.count) characters), wanted \(pattern.words)"
            )
        }
    }

    /// Compares a number with a range.
    ///
    /// - Throws: InvalidArgumentException likewise.
    public static func check(_ number: Int, in range: ClosedRange<Int>, member: String) throws(ServiceError) {
        guard range.contains(number) else {
            throw .invalidArgument(
                "\(member) is \(number), wanted \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    /// Checks the token of a listing that always fits one page, and so never gives one.
    ///
    /// - Throws: InvalidArgumentException for every token but an empty one.
    static func checkNoToken(_ token: String?) throws(ServiceError) {
        guard let token, !token.isEmpty else { return }
        try check(token, nextToken, member: "NextToken")
        throw .invalidArgument("NextToken is none that this listing gave")
    }

    @Sendable private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    /// Unicode's classes of letters, numbers and separators, and a few signs.
    @Sendable private static func isTagCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber,
            .spaceSeparator, .lineSeparator, .paragraphSeparator:
            true
        default: "_.:/=+-@".unicodeScalars.contains(scalar)
        }
    }

    @Sendable private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        isAlphanumeric(scalar) || scalar == "_" || scalar == "." || scalar == "-"
    }
}
