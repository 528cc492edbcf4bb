/// A value that holds a secret: every way of printing it gives its `description` and no stored property.
public protocol HidesContents: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension HidesContents {
    /// The same text as `description`.
    public var debugDescription: String {
        description
    }

    /// A mirror without children, so that `dump` and failed expectations show no secret.
    public var customMirror: Mirror {
        Mirror(self, children: EmptyCollection<Mirror.Child>())
    }
}
