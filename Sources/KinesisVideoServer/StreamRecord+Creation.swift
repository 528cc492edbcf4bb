public import FragmentStorage
public import KinesisVideo

extension StreamRecord {
    /// The record of a stream that is being created.
    ///
    /// - Parameters:
    ///   - input: what is asked for, checked already.
    ///   - configuration: names region and account.
    ///   - now: becomes the creation time, and with it the end of the ARN.
    public init(creating input: CreateStream.Input, configuration: ServiceConfiguration, at now: Timestamp) {
        let (region, account) = (configuration.region, configuration.account)
        let info = StreamInfo(
            deviceName: input.deviceName,
            streamName: input.streamName,
            streamARN:
                "arn:aws:kinesisvideo:\(region):\(account):stream/\(input.streamName)/\(now.milliseconds)",
            mediaType: input.mediaType,
            kmsKeyID: input.kmsKeyID ?? "arn:aws:kms:\(region):\(account):alias/aws/kinesisvideo",
            version: Self.newVersion(),
            status: .active,
            creationTime: now,
            dataRetentionInHours: input.dataRetentionInHours ?? 0
        )
        self.init(info: info, tags: input.tags ?? [:])
        self[.storage] = input.streamStorageConfiguration
    }

    /// Twenty random letters and digits, as the service makes them.
    static func newVersion() -> String {
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<20).map { _ in characters[Int.random(in: characters.indices)] })
    }
}
