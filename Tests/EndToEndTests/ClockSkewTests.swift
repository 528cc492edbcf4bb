import KinesisVideo
import KinesisVideoClient
import KinesisVideoServer
import SigV4
import Testing

/// A client whose clock is far from the service's.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ClockSkewTests {
    @Test func everyFirstCallIsSignedAnewByTheServicesClock() async throws {
        let keys = KeyRing([(credentials: SignedCall.credentials, grant: AccessGrant(caller: "test"))])
        try await LoopbackService.with(
            { $0.access = .signed(keys) },
            now: Timestamp(milliseconds: 1_500_000_000_000)
        ) { url in
            let endpoint = Endpoint(url: url, credentials: SignedCall.credentials)
            let reader = ServiceClient(endpoint: endpoint)
            let feed = try await reader.statistics()
            #expect(feed.streams.isEmpty)
            #expect(reader.clockOffset.map { $0 < -300 } == true)
            await reader.shutdown()

            let caller = ServiceClient(endpoint: endpoint)
            let listed = try await caller.call(ListStreams.self, ListStreams.Input())
            #expect(listed.streamInfoList.isEmpty)
            await caller.shutdown()
        }
    }
}
