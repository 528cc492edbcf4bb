/// The rules of tags that every call on them shares.
///
/// Source: 02 Control plane, "Common types"; 09, "tags per stream".
enum TagRules {
    /// Checks a set of tags.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks a rule.
    static func check(_ tags: [String: String]) throws(ServiceError) {
        try Patterns.check(tags.count, in: 1...ServiceLimits.tagsPerStream, member: "number of Tags")
        for (key, value) in tags {
            try Patterns.check(key, Patterns.tagKey, member: "key of Tags")
            try Patterns.check(value, Patterns.tagValue, member: "value of Tags")
        }
    }

    /// Checks keys to take away.
    ///
    /// - Throws: InvalidArgumentException for the first that breaks a rule.
    static func check(keys: [String]) throws(ServiceError) {
        try Patterns.check(keys.count, in: 1...ServiceLimits.tagsPerStream, member: "number of keys")
        for key in keys { try Patterns.check(key, Patterns.tagKey, member: "TagKeyList") }
    }
}
