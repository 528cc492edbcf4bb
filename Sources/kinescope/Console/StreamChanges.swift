import KinesisVideo
import KinesisVideoClient
import Monitor

/// Carries out what the console asks of the service, one thing after the other.
struct StreamChanges: Sendable {
    let client: ServiceClient
    let inbox: MonitorInbox
    let watch: StreamWatch

    /// Runs a request and leaves its answer in the inbox.
    func perform(_ request: MonitorRequest) async {
        switch request {
        case .refresh: watch.forget()
        case .watching(let names): watch.set(names)
        case .tags(let name): await report(tagsOf: name)
        // Somebody else's, who may take longer.
        case .preview: break
        case .change(let change):
            do {
                try await perform(change)
                inbox.post(.changed(change, failure: nil))
            } catch {
                inbox.post(.changed(change, failure: CommandFailure(error).message ?? "\(error)"))
            }
            watch.forget()
        }
    }

    private func report(tagsOf name: String) async {
        do {
            let tags = try await client.allTags(of: StreamReference(name: name))
            inbox.post(.tags(stream: name, tags, failure: nil))
        } catch {
            inbox.post(.tags(stream: name, nil, failure: CommandFailure(error).message ?? "\(error)"))
        }
    }

    private func perform(_ change: StreamChange) async throws {
        switch change {
        case .tag(let name, let key, let value):
            let input = TagStream.Input(StreamReference(name: name), tags: [key: value])
            try input.validate()
            _ = try await client.call(TagStream.self, input)
        case .untag(let name, let key):
            let input = UntagStream.Input(StreamReference(name: name), tagKeyList: [key])
            try input.validate()
            _ = try await client.call(UntagStream.self, input)
        case .create(let name, let hours): try await create(name, hours)
        case .setRetention(let name, let hours):
            try await client.setRetention(of: try await client.stream(named: name), hours: hours)
        case .delete(let name): try await client.delete(try await client.stream(named: name))
        }
    }

    private func create(_ name: String, _ hours: Int) async throws {
        let input = CreateStream.Input(streamName: name, dataRetentionInHours: hours)
        try input.validate()
        _ = try await client.call(CreateStream.self, input)
    }
}
