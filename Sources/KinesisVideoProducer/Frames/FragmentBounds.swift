import KinesisVideo

/// What a fragment is given here, a little less than the service takes.
///
/// Source: 09 Limits and quotas.
enum FragmentBounds {
    /// Milliseconds; leaves half a second to frames that are shown later than they are decoded.
    static let longest = ServiceLimits.fragmentMilliseconds - 500
    /// Bytes; leaves a tenth to the container.
    static let largest = ServiceLimits.fragmentBytes / 10 * 9
    /// Milliseconds; the service takes five fragments a second.
    static let shortest: Int64 = 200
}
