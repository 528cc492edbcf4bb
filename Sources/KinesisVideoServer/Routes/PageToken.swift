import Foundation
import KinesisVideo

/// A page token: the last item sent and what the listing is bound to, as texts in base64.
struct PageToken {
    /// What it says, in an order that each kind of listing has for itself.
    let fields: [String]

    init(fields: [String]) {
        self.fields = fields
    }

    static let refusal = ServiceError.invalidArgument("NextToken is none that this listing gave")

    /// Reads a token.
    ///
    /// - Throws: InvalidArgumentException where it is none of ours, or has not as many fields as `count`.
    init(_ text: String, count: Int) throws(ServiceError) {
        // Base64 has more than one spelling of the same bytes; ours is one.
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text,
            let fields = try? JSONDecoder().decode([String].self, from: data), fields.count == count
        else { throw Self.refusal }
        self.init(fields: fields)
    }

    var text: String {
        // Texts always encode.
        ((try? JSONEncoder().encode(fields)) ?? Data()).base64EncodedString()
    }
}

/// Tokens of listings by name.
extension PageToken {
    init(last: String, bound: String) {
        self.init(fields: [last, bound])
    }

    /// Reads a token.
    ///
    /// - Throws: InvalidArgumentException where it is none of ours or belongs to another listing.
    init(_ text: String, bound: String) throws(ServiceError) {
        try self.init(text, count: 2)
        guard fields[1] == bound else { throw Self.refusal }
    }

    /// The last item sent.
    var last: String { fields[0] }
}
