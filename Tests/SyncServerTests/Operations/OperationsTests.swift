import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import SyncCore
import Testing

@testable import SyncServer

@Suite struct OperationsTests {
    private static func quiet() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

    private static func text(_ client: any TestClientProtocol, _ path: String) async throws -> (status: HTTPResponse.Status, text: String) {
        try await client.execute(uri: path, method: .get) { ($0.status, String(buffer: $0.body)) }
    }

    @Test func `a relay that can answer is healthy and ready, and one whose store is gone is not ready`() async throws {
        let folder = try TestFolder()
        let store = try SQLiteStore(folder: folder.path, logger: Self.quiet())
        let address = try #require(RelayServer.OperationsAddress(host: "127.0.0.1", port: 0))
        let application = buildOperations(
            address, .init(dataFolder: folder.path), store: store, metrics: RelayMetrics(), logger: Self.quiet())
        try await application.test(.router) { client in
            #expect(try await Self.text(client, "/healthz") == (.ok, "ok\n"))
            #expect(try await Self.text(client, "/readyz") == (.ok, "ready\n"))
            try await store.close()
            #expect(try await Self.text(client, "/healthz").status == .ok)
            #expect(try await Self.text(client, "/readyz").status == .serviceUnavailable)
        }
    }

    @Test func `what was asked, stored and served is counted, and says nothing of whom`() async throws {
        try await withRelayAndStore { relay, _, store in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            let run = try log.run(3)
            _ = try await relay.push(run)
            _ = try await relay.push(run)
            _ = try await relay.pull()
            _ = try await relay.call(.get, "heads", token: relay.team.tokens.control)
            let page = MetricsPage(relay.metrics.counts, try await store.usage(), listeners: store.news.count).text
            for line in [
                "sync_relay_requests_total{method=\"POST\",route=\"/v1/teams/{team}/segments\",status=\"200\"} 2",
                "sync_relay_requests_total{method=\"GET\",route=\"/v1/teams/{team}/heads\",status=\"404\"} 1",
                "sync_relay_request_seconds_count{route=\"/v1/teams/{team}/segments\"} 3",
                "sync_relay_request_seconds_bucket{route=\"/v1/teams/{team}/segments\",le=\"+Inf\"} 3",
                "sync_relay_segments_stored_total 3", "sync_relay_segments_known_total 3", "sync_relay_teams 1", "sync_relay_segments 3",
                "sync_relay_listeners 0",
            ] {
                #expect(page.split(separator: "\n").contains { $0 == line }, "\(line)\n\(page)")
            }
            #expect(!page.contains(try relay.team.handle.hex))
        }
    }

    @Test func `requests that nobody knows are counted as one, whatever they are called`() async throws {
        try await withRelay { relay, _ in
            for number in 0..<50 {
                _ = try await relay.call(HTTPRequest.Method(rawValue: "M\(number)") ?? .get, "/nowhere/\(number)")
            }
            #expect(relay.metrics.counts.requests.count == 1)
        }
    }

    @Test func `durations are counted below the first bound that holds them`() {
        var durations = RelayMetrics.Durations()
        for seconds in [0.0005, 0.001, 0.3, 100] { durations.add(seconds) }
        #expect(durations.counts == [2, 0, 0, 0, 1, 0, 0, 1])
    }

    @Test func `only this machine is told`() {
        #expect(RelayServer.OperationsAddress(host: "0.0.0.0", port: 1) == nil)
        #expect(RelayServer.OperationsAddress(host: "::1", port: 1) != nil)
    }
}
