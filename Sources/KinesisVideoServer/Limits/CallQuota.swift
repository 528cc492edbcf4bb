import KinesisVideo

/// What the real service allows of one operation.
///
/// Source: 09 Limits and quotas, the rows marked `aws`.
package struct CallQuota: Sendable, Hashable {
    /// Points that calls on archived fragments share.
    package enum Points: Sendable, Hashable {
        /// Looking fragments up.
        case metadata
        /// Reading them.
        case media

        /// Points a second and stream.
        var perSecond: Int {
            switch self {
            case .metadata: 10_000
            case .media: 500
            }
        }
    }

    /// Calls a second of the whole account.
    package var perAccount: Int?
    /// Calls a second on one stream.
    package var perStream: Int?
    /// Points that each call costs, as many as it asks for fragments.
    package var points: Points?
    /// Connections at a time on one stream.
    package var connections: Int?
    /// Bytes of media a second on one connection.
    package var bytesPerSecond: Int?
    /// Fragments a second on one connection.
    package var fragmentsPerSecond: Int?

    /// The quota of the operation at a path.
    package static func quota(of path: String) -> CallQuota {
        switch path {
        case CreateStream.path, ListStreams.path: CallQuota(perAccount: 50)
        case DescribeStream.path, GetDataEndpoint.path: CallQuota(perAccount: 300, perStream: 5)
        case putMediaPath: CallQuota(perStream: 5, bytesPerSecond: 12_500_000, fragmentsPerSecond: 5)
        case GetMedia.path:
            CallQuota(perStream: 5, connections: 3, bytesPerSecond: 25_000_000, fragmentsPerSecond: 5)
        case ListFragments.path: CallQuota(points: .metadata)
        case GetMediaForFragmentList.path:
            CallQuota(points: .media, connections: 5, bytesPerSecond: 25_000_000)
        default: CallQuota(perAccount: 50, perStream: 5)
        }
    }

    /// Where media is uploaded.
    package static let putMediaPath = "/putMedia"
    /// Streams of an account.
    static let streams = 10_000
}
