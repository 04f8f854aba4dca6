import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import SyncCore
import Testing

@testable import SyncServer

/// Speaks to a relay's routes as a device of a team does.
struct RelayClient: Sendable {
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var headers: HTTPFields
        var bytes: [UInt8]
    }

    var team: TestTeam
    /// Of the relay.
    var metrics = RelayMetrics()
    /// Of a relay behind a socket.
    let port: Int?
    private let send: @Sendable (String, HTTPRequest.Method, HTTPFields, ByteBuffer?) async throws -> Answer

    init(_ client: any TestClientProtocol, team: TestTeam) {
        self.team = team
        port = client.port
        send = { path, method, headers, body in
            try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
                Answer(status: response.status, headers: response.headers, bytes: Array(response.body.readableBytesView))
            }
        }
    }

    init(_ client: TestClient, team: TestTeam) {
        self.team = team
        port = nil
        send = { path, method, headers, body in
            let response = try await client.execute(.init(path, method: method, headers: headers, body: body))
            return Answer(
                status: response.status, headers: response.headers,
                bytes: response.body.map { Array($0.readableBytesView) } ?? [])
        }
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, token: Secret? = nil, body: [UInt8]? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(Hex.encode(token.bytes))" }
        return try await send(
            path.hasPrefix("/") ? path : "/v1/teams/\(team.handle.hex)/\(path)", method, headers,
            body.map { ByteBuffer(bytes: $0) })
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, token: Secret? = nil, json: [String: Any], headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await call(
            method, path, token: token, body: Array(try JSONSerialization.data(withJSONObject: json)), headers: headers)
    }

    @discardableResult
    func register(_ chain: [Registration]? = nil, headers: HTTPFields = [:]) async throws -> Answer {
        let texts = (chain ?? team.chain).map { Base64.encode($0.bytes) }
        return try await call(.put, "registration", json: ["registrations": texts], headers: headers)
    }

    func push(_ segments: [Segment]) async throws -> Answer {
        try await call(.post, "segments", token: team.tokens.write, body: stream(segments))
    }

    func pull(after token: String? = nil) async throws -> [(segments: [Segment], token: String)] {
        let response = try await call(.get, "segments" + (token.map { "?after=\($0)" } ?? ""), token: team.tokens.read)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/vnd.sync.segments")
        return try frames(response.bytes)
    }
}

extension RelayClient.Answer {
    var json: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) }
    }

    /// The `type` of a problem, without what every type begins with.
    var problem: String? {
        guard headers[.contentType] == "application/problem+json", let type = try? json["type"] as? String,
            (try? json["status"] as? Int) == status.code, type.hasPrefix("urn:sync:")
        else { return nil }
        return String(type.dropFirst("urn:sync:".count))
    }
}

/// Runs `body` against a relay with a store and a clock of its own.
func withRelay<Value>(
    _ setup: TestingSetup = .router, host: String = "127.0.0.1", admission: Admission = .open,
    transferSeconds: Int64 = 600, limits: RelayServer.Limits = .init(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: @Sendable (RelayClient, TestClock) async throws -> Value
) async throws -> Value {
    try await withRelayAndStore(
        setup, host: host, admission: admission, transferSeconds: transferSeconds, limits: limits, logger: logger
    ) { relay, clock, _ in try await body(relay, clock) }
}

/// The same, with the store in hand.
func withRelayAndStore<Value>(
    _ setup: TestingSetup = .router, host: String = "127.0.0.1", admission: Admission = .open,
    transferSeconds: Int64 = 600, limits: RelayServer.Limits = .init(),
    logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: @Sendable (RelayClient, TestClock, any RelayStore) async throws -> Value
) async throws -> Value {
    let folder = try TestFolder()
    let clock = TestClock()
    let configuration = RelayServer.Configuration(
        host: host, port: 0, dataFolder: folder.path, admission: admission, transferSeconds: transferSeconds,
        limits: limits, version: "9.9", surroundings: clock.surroundings)
    let store = try SQLiteStore(folder: folder.path, surroundings: clock.surroundings, limits: limits.store, logger: logger)
    let metrics = RelayMetrics()
    let application = buildApplication(configuration: configuration, store: store, metrics: metrics, logger: logger)
    let team = try TestTeam()
    let value = try await application.test(setup) { client in
        var relay = RelayClient(client, team: team)
        relay.metrics = metrics
        return try await body(relay, clock, store)
    }
    try await store.close()
    return value
}
