/// The tags of a stream while they are being changed.
package struct TagSheet: Sendable, Hashable {
    /// Whose they are.
    package var stream: String
    /// The tags; nil until they have come.
    package var tags: [String: String]?
    /// Why they do not come; nil where they do.
    package var fault: String?
}
