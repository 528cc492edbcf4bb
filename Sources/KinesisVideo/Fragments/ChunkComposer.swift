import Matroska

/// The elements that the service itself writes into chunks.
///
/// Source: 04 GetMedia, "One chunk, in order", items 4 and 7, and "Errors".
public enum ChunkComposer {
    /// Id and 8-byte unknown size of the Segment of every chunk.
    public static let segmentHeader: [UInt8] = {
        var writer = EBMLWriter()
        writer.beginUnknownSize(.segment, sizeLength: 8)
        return writer.bytes
    }()

    /// Tags ahead of the Cluster: number and clocks.
    public static func fragmentTags(_ metadata: FragmentMetadata) -> [UInt8] {
        tags([
            Tag(ServiceTags.fragmentNumber, metadata.number.padded),
            Tag(ServiceTags.serverTimestamp, metadata.serverTimestamp.decimalSeconds),
            Tag(ServiceTags.producerTimestamp, metadata.producerTimestamp.decimalSeconds),
        ])
    }

    /// Tags behind the Cluster of a GetMedia chunk: how late it is and how to go on.
    public static func progressTags(_ metadata: FragmentMetadata, now: Timestamp) -> [UInt8] {
        let behind = max(0, now.milliseconds - metadata.serverTimestamp.milliseconds)
        return tags([
            Tag(ServiceTags.millisBehindNow, String(behind)),
            Tag(ServiceTags.continuationToken, metadata.number.padded),
        ])
    }

    /// A document that stands in place of a chunk: it has neither Tracks nor a Cluster.
    public static func errorDocument(_ error: InBandError) -> [UInt8] {
        var writer = EBMLWriter()
        writer.writeDocumentHeader()
        writer.beginUnknownSize(.segment, sizeLength: 8)
        // A reader of the vendor's hides the error where the number is empty: 0 stands for none.
        writer.writeTags([
            Tag(ServiceTags.errorCode, error.code),
            Tag(ServiceTags.errorID, String(error.id ?? 5000)),
            Tag(ServiceTags.fragmentNumber, error.fragmentNumber?.padded ?? "0"),
        ])
        return writer.bytes
    }

    private static func tags(_ tags: [Tag]) -> [UInt8] {
        var writer = EBMLWriter()
        writer.writeTags(tags)
        return writer.bytes
    }
}
