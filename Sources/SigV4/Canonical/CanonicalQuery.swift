/// The parameters of a query, decoded, in the order of the wire.
struct CanonicalQuery {
    struct Parameter {
        let name: [UInt8]
        let value: [UInt8]

        func isNamed(_ text: String) -> Bool {
            name.elementsEqual(text.utf8)
        }
    }

    private(set) var parameters: [Parameter]

    init(_ query: String) {
        parameters = query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Parameter(
                name: PercentEncoding.decode(parts[0]),
                value: parts.count == 2 ? PercentEncoding.decode(parts[1]) : []
            )
        }
    }

    /// The values of one parameter as text.
    subscript(parameter: PresignedParameter) -> [String] {
        parameters.filter { $0.isNamed(parameter.rawValue) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    mutating func removeAll(_ parameter: PresignedParameter) {
        parameters.removeAll { $0.isNamed(parameter.rawValue) }
    }

    /// Encoded, in the order of the wire.
    var wireText: String {
        pairs.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// Encoded, sorted by name and then by value: the third line of a canonical request.
    var canonicalText: String {
        pairs.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    static func text(_ query: String) -> String {
        CanonicalQuery(query).canonicalText
    }

    private var pairs: [(String, String)] {
        parameters.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
    }
}
