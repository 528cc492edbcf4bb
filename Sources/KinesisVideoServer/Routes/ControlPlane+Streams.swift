import FragmentStorage
import KinesisVideo

extension ControlPlane {
    func create(_ input: CreateStream.Input) async throws -> CreateStream.Output {
        var record = StreamRecord(creating: input, configuration: configuration, at: clock())
        record.info.status = transitions.status(.creating)
        do {
            let stream = try await store.createStream(record, streamLimit: quotas.streams)
            try await transitions.begin(stream)
        } catch let error as StoreError where error.kind == .streamExists {
            throw ServiceError.inUse("a stream named '\(input.streamName)' exists")
        } catch let error as StoreError where error.kind == .tooManyStreams {
            throw ServiceError.accountStreamLimit("the account has \(quotas.streams ?? 0) streams already")
        }
        return CreateStream.Output(streamARN: record.info.streamARN)
    }

    func list(_ input: ListStreams.Input) throws -> ListStreams.Output {
        let prefix = input.streamNameCondition?.comparisonValue ?? ""
        let limit = input.maxResults ?? ServiceLimits.listedStreams.upperBound
        var last: String?
        if let token = input.nextToken, !token.isEmpty { last = try PageToken(token, bound: prefix).last }
        let page = store.streams(after: last, prefix: prefix, limit: limit + 1)
        let shown = page.prefix(limit)
        return ListStreams.Output(
            streamInfoList: shown.map(\.record.info),
            nextToken: page.count > limit
                ? shown.last.map { PageToken(last: $0.name, bound: prefix).text } : nil
        )
    }

    func update(_ input: UpdateStream.Input, _ stream: StoredStream) async throws -> EmptyOutput {
        try await change(stream, version: input.currentVersion) { record in
            if let deviceName = input.deviceName { record.info.deviceName = deviceName }
            if let mediaType = input.mediaType { record.info.mediaType = mediaType }
        }
        return EmptyOutput()
    }

    func updateRetention(_ input: UpdateDataRetention.Input, _ stream: StoredStream) async throws
        -> EmptyOutput
    {
        try await self.change(stream, version: input.currentVersion) { record in
            let hours = record.info.dataRetentionInHours + input.change
            try Patterns.check(hours, in: ServiceLimits.retentionHours, member: "resulting retention")
            record.info.dataRetentionInHours = hours
        }
        return EmptyOutput()
    }

    /// Marks first, so that a stop of the service between the two steps still ends in a deleted stream.
    func delete(_ input: DeleteStream.Input, _ stream: StoredStream) async throws -> EmptyOutput {
        try stream.record.info.requireActive()
        try await stream.updateRecord { record in
            try record.info.requireActive()
            if let version = input.currentVersion { try record.info.require(version: version) }
            record.info.status = .deleting
        }
        try await transitions.begin(stream)
        return EmptyOutput()
    }
}
