/// A member whose value is one of a few words.
public protocol MemberWord: RawRepresentable<String>, CaseIterable, Codable, Sendable, Hashable {}

extension MemberWord {
    /// Reads one of the words.
    ///
    /// - Throws: DecodingError that tells the words there are.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let word = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: " or ")
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text.prefix(80))' is not \(words)"
            )
        }
        self = word
    }
}
