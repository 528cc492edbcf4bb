import Foundation
import KinesisVideo

/// A page token: the last item sent and what the listing is bound to, in base64.
struct PageToken {
    var last: String
    private var bound: String

    init(last: String, bound: String) {
        self.last = last
        self.bound = bound
    }

    /// Reads a token.
    ///
    /// - Throws: InvalidArgumentException where it is none of ours or belongs to another listing.
    init(_ text: String, bound: String) throws(ServiceError) {
        // Base64 has more than one spelling of the same bytes; ours is one.
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text,
            let parts = try? JSONDecoder().decode([String].self, from: data), parts.count == 2,
            parts[1] == bound
        else { throw .invalidArgument("NextToken is none that this listing gave") }
        self.init(last: parts[0], bound: bound)
    }

    var text: String {
        // Two strings always encode.
        ((try? JSONEncoder().encode([last, bound])) ?? Data()).base64EncodedString()
    }
}
