import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import SyncCore
import Synchronization
import Testing

@testable import SyncServer

/// What only a socket shows.
@Suite struct LiveRelayTests {
    private static func quiet() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

    @Test func tooLargeABodyIsRefusedAndTheConnectionClosed() async throws {
        try await withRelay(.live) { relay, _ in
            try await relay.register()
            let body = [UInt8](repeating: 0, count: Limits.pushBytes + 1)
            let answer = try await exchange(
                port: try #require(relay.port),
                head: """
                    POST /v1/teams/\(relay.team.handle.hex)/segments HTTP/1.1\r
                    Host: relay\r
                    Authorization: Bearer \(Hex.encode(relay.team.tokens.write.bytes))\r
                    Content-Length: \(body.count)\r
                    \r\n
                    """, body: body)
            #expect(answer.hasPrefix("HTTP/1.1 413"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test func chunkedBodyPastTheLimitIsRefusedAndTheConnectionClosed() async throws {
        try await withRelay(.live) { relay, _ in
            try await relay.register()
            let answer = try await exchange(
                port: try #require(relay.port),
                head: """
                    POST /v1/teams/\(relay.team.handle.hex)/control HTTP/1.1\r
                    Host: relay\r
                    Authorization: Bearer \(Hex.encode(relay.team.tokens.write.bytes))\r
                    Transfer-Encoding: chunked\r
                    \r
                    100001\r\n
                    """ + String(repeating: " ", count: 0x100001) + "\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413"))
        }
    }

    @Test func bodyOfARefusedRequestIsNotSwallowed() async throws {
        try await withRelay(.live) { relay, _ in
            let answer = try await exchange(
                port: try #require(relay.port),
                head: "POST /v1/teams/\(relay.team.handle.hex)/segments HTTP/1.1\r\nHost: relay\r\nContent-Length: 999999999\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 404"))
        }
    }

    /// With no time at all for a body, one that is still on its way is too slow.
    @Test func bodyThatTakesTooLongCutsTheConnection() async throws {
        try await withRelay(.live, transferSeconds: 0) { relay, _ in
            let answer = try await exchange(
                port: try #require(relay.port),
                head: "PUT /v1/teams/\(relay.team.handle.hex)/registration HTTP/1.1\r\nHost: relay\r\nContent-Length: 9\r\n\r\n")
            #expect(!answer.contains("200"))
        }
    }

    @Test func shutdownFinishesWhatIsOnItsWay() async throws {
        let folder = try TestFolder()
        let (team, lines) = (try TestTeam(), LogLines())
        let logger = Logger(label: "test", factory: { _ in lines })
        var log = try TestLog("a", salt: team.salt)
        let body = stream(try log.run(20))
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let relay = RelayService(
            relay: RelayServer(.init(port: 0, dataFolder: folder.path), logger: logger), listening: listening)
        let group = ServiceGroup(configuration: .init(services: [relay], logger: logger))
        async let running: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
            let status = try await RelayClient(client, team: team).register().status
            #expect(status == .created)
        }
        let head = """
            POST /v1/teams/\(try team.handle.hex)/segments HTTP/1.1\r
            Host: relay\r
            Authorization: Bearer \(Hex.encode(try team.tokens.write.bytes))\r
            Content-Length: \(body.count)\r
            \r\n
            """
        let answer = try await exchange(port: port, head: head) { outbound in
            try await outbound.write(ByteBuffer(bytes: body.prefix(1000)))
            try await until { lines.holdsLine(with: ["Request begins", "/v1/teams/{team}/segments"]) }
            await group.triggerGracefulShutdown()
            try await outbound.write(ByteBuffer(bytes: body.dropFirst(1000)))
        }
        #expect(answer.contains("\"stored\":20"))
        try await running
        let store = try SQLiteStore(folder: folder.path, logger: logger)
        let row = try #require(try await store.team(team.handle))
        #expect(try await store.summary(of: row).position.number == 20)
        try await store.close()
    }

    @Test func runsOnAnyPortAndKeepsWhatItAcknowledged() async throws {
        let folder = try TestFolder()
        let configuration = RelayServer.Configuration(port: 0, dataFolder: folder.path, version: "1")
        let team = try TestTeam()
        var log = try TestLog("a", salt: team.salt)
        let run = try log.run(20)
        for round in 0..<2 {
            try await RelayServer.withRunning(configuration, logger: Self.quiet()) { port in
                try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                    let relay = RelayClient(client, team: team)
                    #expect(try await relay.register().status == (round == 0 ? .created : .ok))
                    let answer = try await relay.push(Array(run[..<(10 * (round + 1))])).json
                    #expect(answer["stored"] as? Int == 10)
                    #expect(answer["known"] as? Int == 10 * round)
                    #expect(try await relay.pull().flatMap(\.segments) == Array(run[..<(10 * (round + 1))]))
                }
            }
            let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/relay.db-wal")[.size] as? Int
            #expect(size == 0)
        }
    }

    @Test func secondRelayOnAFolderFailsAndTheFirstGoesOn() async throws {
        let folder = try TestFolder()
        let configuration = RelayServer.Configuration(port: 0, dataFolder: folder.path)
        try await RelayServer.withRunning(configuration, logger: Self.quiet()) { port in
            let error = await #expect(throws: SyncError.self) {
                try await RelayServer(configuration, logger: Self.quiet()).run(handlingSignals: false)
            }
            #expect(error?.kind == .storeInUse)
            try await TestClient.withClient(host: "127.0.0.1", port: port) { client in
                let response = try await client.get("/healthz")
                #expect(response.status == .ok)
            }
        }
    }

    @Test func takenPortIsAClearError() async throws {
        let (folder, other) = (try TestFolder(), try TestFolder())
        try await RelayServer.withRunning(.init(port: 0, dataFolder: folder.path), logger: Self.quiet()) { port in
            let error = await #expect(throws: SyncError.self) {
                try await RelayServer(.init(port: port, dataFolder: other.path), logger: Self.quiet())
                    .run(handlingSignals: false)
            }
            #expect(error?.what.contains("\(port)") == true)
        }
    }

    @Test func errorOfTheCallerIsPassedOnAfterTheRelayEnded() async throws {
        let folder = try TestFolder()
        let configuration = RelayServer.Configuration(port: 0, dataFolder: folder.path)
        await #expect(throws: CancellationError.self) {
            try await RelayServer.withRunning(configuration, logger: Self.quiet()) { _ in throw CancellationError() }
        }
        try await RelayServer.withRunning(configuration, logger: Self.quiet()) { _ in }
    }

    @Test func logsHoldNoSecretsAndNoPaths() async throws {
        let lines = LogLines()
        let box = "00112233445566778899aabbccddeeff"
        try await withRelay(logger: Logger(label: "test", factory: { _ in lines })) { relay, _ in
            try await relay.register()
            let tokens = try relay.team.tokens
            var log = try TestLog("a", salt: relay.team.salt)
            _ = try await relay.push(try log.run(2))
            _ = try await relay.call(.post, "mailbox/\(box)", token: tokens.write, body: [1])
            _ = try await relay.call(.get, "/v1/mailbox/\(box)")
            _ = try await relay.call(.get, "heads", token: tokens.control)
            let text = lines.text
            #expect(text.contains("/v1/teams/{team}/segments"))
            let handle = try relay.team.handle.hex
            // The team is told from others by a name that cannot be had from its handle, or is the handle's beginning.
            let names = Set(text.matches(of: /team\W+([0-9a-f]{8})\b/).map { String($0.1) })
            #expect(names.count == 1)
            let hashed = Digest.plain(handle.utf8).hex.prefix(8)
            for joined in [String(handle.prefix(8)), String(hashed)] { #expect(!names.contains(joined)) }
            for secret in [handle, box, log.tag.hex, Hex.encode(tokens.read.bytes), Hex.encode(tokens.write.bytes)] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test func `a log's names are one for a team in one run, and others in the next`() {
        let (first, second) = (LogNames(.system), LogNames(.system))
        let handles = ["00112233445566778899aabbccddeeff", "00112233445566778899aabbccddee00"]
        #expect(first.name(ofTeam: handles[0]) == first.name(ofTeam: handles[0]))
        #expect(first.name(ofTeam: handles[0]) != first.name(ofTeam: handles[1]))
        #expect(first.name(ofTeam: handles[0]) != second.name(ofTeam: handles[0]))
        #expect(first.name(ofTeam: handles[0]).count == 8)
    }
}

/// A relay inside a group of services, whose shutdown a test can ask for without a signal.
struct RelayService: Service {
    let relay: RelayServer
    let listening: AsyncStream<Int>.Continuation

    func run() async throws {
        try await relay.run(handlingSignals: false) { listening.yield($0) }
    }
}

/// Keeps what was logged.
private final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func holdsLine(with parts: [String]) -> Bool {
        lines.withLock { $0.contains { line in parts.allSatisfy { line.contains($0) } } }
    }

    var metadata: Logger.Metadata { get { [:] } set {} }
    var logLevel: Logger.Level { get { .trace } set {} }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? { get { nil } set {} }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
