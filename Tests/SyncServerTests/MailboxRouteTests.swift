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

    @Test func whoeverKnowsTheIdMayAskAndTheTeamReads() async throws {
        try await withRelay { relay, clock in
            try await relay.register()
            let tokens = try relay.team.tokens
            let (box, asks) = ("mailbox/\(id)", "/v1/mailbox/\(id)/requests")
            #expect(try await relay.call(.post, asks, body: [1]).problem == "not-found")
            #expect(try await relay.call(.post, box + "?hours=2&requests=2", token: tokens.write, body: [9]).status == .created)
            #expect(try await relay.call(.get, "/v1/mailbox/\(id)").bytes == [9])
            #expect(try await relay.call(.post, asks, body: []).problem == "malformed")
            for request: UInt8 in [1, 2, 1] { #expect(try await relay.call(.post, asks, body: [request]).status == .created) }
            #expect(try await relay.call(.post, asks, body: [3]).problem == "too-many-requests")
            for token in [tokens.read, tokens.write] {
                let answer = try await relay.call(.get, box + "/requests", token: token)
                #expect(try answer.json["requests"] as? [String] == [[1], [2]].map { Base64.encode($0) })
            }
            // Whoever found the code reads who else asked as little as a stranger does.
            #expect(try await relay.call(.get, box + "/requests", token: tokens.control).problem == "unknown-team")
            #expect(try await relay.call(.get, box + "/requests").problem == "unknown-team")
            #expect(try await relay.call(.get, asks).status == .notFound)
            // A guessed id finds nothing, and neither does one that is none.
            let guess = "ffeeddccbbaa99887766554433221100"
            #expect(try await relay.call(.post, "/v1/mailbox/\(guess)/requests", body: [1]).problem == "not-found")
            #expect(try await relay.call(.post, "/v1/mailbox/short/requests", body: [1]).problem == "not-found")
            #expect(try await relay.call(.get, "mailbox/\(guess)/requests", token: tokens.read).problem == "not-found")
            clock.advance(hours: 2)
            #expect(try await relay.call(.post, asks, body: [1]).problem == "not-found")
            #expect(try await relay.call(.get, box + "/requests", token: tokens.read).problem == "not-found")
        }
    }

    @Test func aWelcomeTakesNoRequests() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            #expect(try await relay.call(.post, "mailbox/\(id)", token: relay.team.tokens.write, body: [9]).status == .created)
            #expect(try await relay.call(.post, "/v1/mailbox/\(id)/requests", body: [1]).problem == "not-found")
        }
    }

    @Test func requestsHaveBounds() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let write = try relay.team.tokens.write
            for count in ["9", "-1", "x"] {
                let path = "mailbox/\(id)?requests=\(count)"
                #expect(try await relay.call(.post, path, token: write, body: [1]).problem == "malformed")
            }
            #expect(try await relay.call(.post, "mailbox/\(id)?requests=8", token: write, body: [1]).status == .created)
            let large = [UInt8](repeating: 1, count: RelayLimits.requestBytes + 1)
            #expect(try await relay.call(.post, "/v1/mailbox/\(id)/requests", body: large).problem == "too-large")
            #expect(try await relay.call(.post, "/v1/mailbox/\(id)/requests", body: Array(large.dropLast())).status == .created)
        }
    }
}
