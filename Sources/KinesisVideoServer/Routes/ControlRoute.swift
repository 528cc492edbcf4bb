import FragmentStorage
import KinesisVideo
import NIOCore

/// One operation of the control plane: where it is asked, and how it is answered.
///
/// The order of checks is the same for all: arguments, existence of the stream, call rate, then the change.
///
/// Source: 09 Limits and quotas, "Order of checks".
package struct ControlRoute: Sendable {
    /// Where it is asked, by POST.
    package let path: String
    /// Answers a body with a body.
    let answer: @Sendable (ControlPlane, ByteBuffer) async throws -> ByteBuffer

    /// An operation on the account.
    init<Operation: ServiceOperation>(
        _ operation: Operation.Type,
        _ perform: @escaping @Sendable (ControlPlane, Operation.Input) async throws -> Operation.Output
    ) where Operation.Input: CheckedInput {
        path = operation.path
        answer = { plane, body in
            let input = try JSONBody.decode(Operation.Input.self, from: body)
            try input.validate()
            try plane.quotas.admit(operation.path)
            return try JSONBody.encode(try await perform(plane, input))
        }
    }

    /// An operation on a stream.
    init<Operation: ServiceOperation>(
        on operation: Operation.Type,
        _ perform:
            @escaping @Sendable (ControlPlane, Operation.Input, StoredStream) async throws -> Operation.Output
    ) where Operation.Input: StreamAddressed {
        path = operation.path
        answer = { plane, body in
            let input = try JSONBody.decode(Operation.Input.self, from: body)
            try input.validate()
            let stream = try plane.store.knownStream(input.stream)
            try plane.quotas.admit(operation.path, arn: stream.arn)
            return try JSONBody.encode(try await perform(plane, input, stream))
        }
    }
}

extension ControlPlane {
    /// Every operation of the family.
    package static let routes: [ControlRoute] = [
        ControlRoute(CreateStream.self) { try await $0.create($1) },
        ControlRoute(ListStreams.self) { try $0.list($1) },
        ControlRoute(on: DescribeStream.self) { DescribeStream.Output(streamInfo: $2.record.info) },
        ControlRoute(on: UpdateStream.self) { try await $0.update($1, $2) },
        ControlRoute(on: UpdateDataRetention.self) { try await $0.updateRetention($1, $2) },
        ControlRoute(on: DeleteStream.self) { try await $0.delete($1, $2) },
        ControlRoute(on: GetDataEndpoint.self) { plane, _, _ in .init(dataEndpoint: plane.endpoint) },
        ControlRoute(on: TagStream.self) { try await $0.tag($2, $1.tags) },
        ControlRoute(on: UntagStream.self) { try await $0.untag($2, $1.tagKeyList) },
        ControlRoute(on: ListTagsForStream.self) { TagsOutput(tags: $2.record.tags) },
        ControlRoute(on: TagResource.self) { try await $0.tag($2, $1.tagsByKey) },
        ControlRoute(on: UntagResource.self) { try await $0.untag($2, $1.tagKeyList) },
        ControlRoute(on: ListTagsForResource.self) { TagsOutput(tags: $2.record.tags) },
        ControlRoute(on: DescribeImageGenerationConfiguration.self) {
            .init(imageGenerationConfiguration: $2.record[.imageGeneration])
        },
        ControlRoute(on: UpdateImageGenerationConfiguration.self) {
            try await $0.configure($2, .imageGeneration, $1.imageGenerationConfiguration)
        },
        ControlRoute(on: DescribeNotificationConfiguration.self) {
            .init(notificationConfiguration: $2.record[.notification])
        },
        ControlRoute(on: UpdateNotificationConfiguration.self) {
            try await $0.configure($2, .notification, $1.notificationConfiguration)
        },
        ControlRoute(on: DescribeStreamStorageConfiguration.self) { $0.describeStorage($2) },
        ControlRoute(on: UpdateStreamStorageConfiguration.self) { try await $0.updateStorage($1, $2) },
        ControlRoute(on: DescribeMappedResourceConfiguration.self) { _, _, _ in .init() },
    ]

    /// The routes by their paths.
    static let routesByPath = Dictionary(uniqueKeysWithValues: routes.map { ($0.path, $0) })
}
