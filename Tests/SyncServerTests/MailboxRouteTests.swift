import HTTPTypes
import SyncCore
import Testing

@testable import SyncServer

@Suite struct MailboxRouteTests {
    private let id = "00112233445566778899aabbccddeeff"

    @Test func boxWaitsForWhoeverKnowsItsId() async throws {
        try await withRelay { relay, clock in
            try await relay.register()
            let write = try relay.team.tokens.write
            #expect(try await relay.call(.get, "/v1/mailbox/\(id)").problem == "not-found")
            #expect(try await relay.call(.post, "mailbox/\(id)?hours=2", token: write, body: [1, 2]).status == .created)
            #expect(try await relay.call(.post, "mailbox/\(id)", token: write, body: [1, 2]).status == .created)
            let other = try await relay.call(.post, "mailbox/\(id)", token: write, body: [3])
            #expect(other.status == .conflict)
            #expect(other.problem == "box-occupied")
            #expect(try await relay.call(.get, "/v1/mailbox/\(id)").bytes == [1, 2])
            clock.advance(hours: 2)
            #expect(try await relay.call(.get, "/v1/mailbox/\(id)").status == .notFound)
            #expect(try await relay.call(.post, "mailbox/\(id)", token: write, body: [3]).status == .created)
            #expect(try await relay.call(.delete, "/v1/mailbox/\(id)").status == .noContent)
            #expect(try await relay.call(.get, "/v1/mailbox/\(id)").status == .notFound)
            #expect(try await relay.call(.delete, "/v1/mailbox/\(id)").status == .noContent)
        }
    }

    @Test func boxHasBounds() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let write = try relay.team.tokens.write
            for hours in ["0", "49", "-1", "x", "1.5"] {
                #expect(try await relay.call(.post, "mailbox/\(id)?hours=\(hours)", token: write, body: [1]).problem == "malformed")
            }
            #expect(try await relay.call(.post, "mailbox/short", token: write, body: [1]).problem == "malformed")
            #expect(try await relay.call(.post, "mailbox/\(id)", token: write, body: []).problem == "malformed")
            let limit = RelayLimits.boxBytes
            let large = [UInt8](repeating: 1, count: limit + 1)
            #expect(try await relay.call(.post, "mailbox/\(id)", token: write, body: large).problem == "too-large")
            #expect(try await relay.call(.post, "mailbox/\(id)", token: write, body: Array(large.dropLast())).status == .created)
        }
    }
}
