/// The three fields of a header `authorization`, in any order, apart by a comma with or without spaces.
struct AuthorizationFields {
    let credential: String
    let signedHeaders: String
    let signature: String

    init(_ header: String) throws(SignatureError) {
        let parts = header.split(separator: " ", maxSplits: 1)
        try PresentedSignature.check(algorithm: parts.first ?? "")
        var fields: [String: String] = [:]
        for field in (parts.count == 2 ? parts[1] : "").split(separator: ",") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = pair[0].drop { $0 == " " }
            let isNew = fields[String(name)] == nil
            fields[String(name)] = pair.count == 2 ? Self.trimmed(pair[1]) : ""
            guard isNew, pair.count == 2 else {
                throw SignatureError(
                    .incompleteSignature,
                    "authorization has a field without value or a repeated one"
                )
            }
        }
        func value(_ name: String) throws(SignatureError) -> String {
            guard let value = fields[name], !value.isEmpty else {
                throw SignatureError(.incompleteSignature, "authorization has no field \(name)")
            }
            return value
        }
        credential = try value("Credential")
        signedHeaders = try value("SignedHeaders")
        signature = try value("Signature")
    }

    private static func trimmed(_ value: Substring) -> String {
        guard let last = value.lastIndex(where: { $0 != " " }) else { return "" }
        return String(value[...last].drop { $0 == " " })
    }
}
