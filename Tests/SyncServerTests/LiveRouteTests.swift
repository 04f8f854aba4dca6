import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceLifecycle
import SyncCore
import Testing

@testable import SyncServer

@Suite struct LiveRouteTests {
    private static func head(_ team: TestTeam, token: Secret? = nil) throws -> String {
        """
        GET /v1/teams/\(try team.handle.hex)/live HTTP/1.1\r
        Host: relay\r
        Authorization: Bearer \(Hex.encode(try (token ?? team.tokens.read).bytes))\r
        \r\n
        """
    }

    private static func events(_ text: String) -> Int { text.components(separatedBy: "data: {").count - 1 }

    @Test func `whoever listens is told at once how far the team is, and again whenever something arrives`() async throws {
        try await withRelay(.live) { relay, _ in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            let run = try log.run(2)
            try await listening(port: try #require(relay.port), head: try Self.head(relay.team)) { read in
                let first = try await read { Self.events($0) == 1 }
                #expect(first.hasPrefix("HTTP/1.1 200") && first.lowercased().contains("content-type: text/event-stream"))
                let position = try #require(try await relay.push(run).json["position"] as? String)
                let second = try await read { Self.events($0) == 2 }
                #expect(second.contains("\"position\":\"\(position)\""))
                _ = try await relay.call(.post, "control", token: relay.team.tokens.write, json: ["sealed": ["AQID"]])
                let third = try await read { Self.events($0) == 3 }
                #expect(third.contains("\"control\":1"))
            }
        }
    }

    @Test func `nobody listens with a token that is not for reading`() async throws {
        try await withRelay(.live) { relay, _ in
            try await relay.register()
            let answer = try await relay.call(.get, "live", token: relay.team.tokens.control)
            #expect(answer.status == .notFound && answer.problem == "unknown-team")
        }
    }

    @Test func `one listener too many is told so, and whoever goes makes room`() async throws {
        try await withRelayAndStore(.live, limits: .init(listenersPerTeam: 1)) { relay, _, store in
            try await relay.register()
            let port = try #require(relay.port)
            try await listening(port: port, head: try Self.head(relay.team)) { read in
                _ = try await read { Self.events($0) == 1 }
                let answer = try await relay.call(.get, "live", token: relay.team.tokens.read)
                #expect(answer.status == .tooManyRequests && answer.problem == "too-many-listeners")
            }
            try await until { store.news.count == 0 }
            try await listening(port: port, head: try Self.head(relay.team)) { read in
                let text = try await read { Self.events($0) == 1 }
                #expect(text.hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test func `tokens that were changed end what is listened to with the old ones`() async throws {
        try await withRelay(.live) { relay, _ in
            try await relay.register()
            try await listening(port: try #require(relay.port), head: try Self.head(relay.team)) { read in
                _ = try await read { Self.events($0) == 1 }
                var team = relay.team
                try team.rotate()
                #expect(try await relay.register(team.chain).status == .ok)
                let text = try await read { $0.hasSuffix("0\r\n\r\n") }
                #expect(text.hasSuffix("0\r\n\r\n") && Self.events(text) == 1)
            }
        }
    }

    @Test func `where nothing is new it is said again, and after a while the answer ends`() async throws {
        try await withRelay(.live, limits: .init(liveSeconds: 2, heartbeatSeconds: 1)) { relay, _ in
            try await relay.register()
            try await listening(port: try #require(relay.port), head: try Self.head(relay.team)) { read in
                let text = try await read { $0.hasSuffix("0\r\n\r\n") }
                #expect(Self.events(text) >= 2 && text.hasSuffix("0\r\n\r\n"))
            }
        }
    }

    @Test func `a relay that is stopped ends what is listened to`() async throws {
        let folder = try TestFolder()
        let team = try TestTeam()
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let store = try SQLiteStore(folder: folder.path, logger: logger)
        _ = try await team.register(in: store)
        try await store.close()
        let relay = RelayService(relay: RelayServer(.init(port: 0, dataFolder: folder.path), logger: logger), listening: listening)
        let group = ServiceGroup(configuration: .init(services: [relay], logger: logger))
        async let running: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await SyncServerTests.listening(port: port, head: try Self.head(team)) { read in
            _ = try await read { Self.events($0) == 1 }
            await group.triggerGracefulShutdown()
            let text = try await read { $0.hasSuffix("0\r\n\r\n") }
            #expect(text.hasSuffix("0\r\n\r\n"))
        }
        try await running
    }
}
