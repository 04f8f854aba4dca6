import HTTPTypes
import SyncCore
import Testing

@testable import SyncServer

@Suite struct RegistrationRouteTests {
    @Test func registersReplaysAndRotates() async throws {
        try await withRelay { relay, _ in
            var relay = relay
            let first = try await relay.register()
            #expect(first.status == .created)
            #expect(String(decoding: first.bytes, as: UTF8.self) == #"{"counter":0}"#)
            #expect(try await relay.register().status == .ok)
            try relay.team.rotate()
            #expect(try await relay.register([relay.team.chain[1]]).status == .ok)
            let stored = try await relay.call(.get, "registration", token: relay.team.tokens.control)
            #expect(stored.status == .ok)
            #expect(try stored.json["registrations"] as? [String] == relay.team.chain.map { Base64.encode($0.bytes) })
        }
    }

    @Test func answersAConflictWithTheStoredChain() async throws {
        try await withRelay { relay, _ in
            var relay = relay
            var other = relay.team
            try relay.team.rotate()
            try other.rotate(variant: "other")
            try await relay.register()
            let response = try await relay.register([other.chain[1]])
            #expect(response.status == .conflict)
            #expect(response.problem == "other-registration")
            #expect(try response.json["registrations"] as? [String] == relay.team.chain.map { Base64.encode($0.bytes) })
        }
    }

    @Test func oldTokensAreWorthNothingAfterARotation() async throws {
        try await withRelay { relay, _ in
            var relay = relay
            try await relay.register()
            let old = try relay.team.tokens
            try relay.team.rotate()
            try await relay.register()
            for token in [old.read, old.write] {
                #expect(try await relay.call(.get, "heads", token: token).status == .notFound)
                #expect(try await relay.call(.get, "control", token: token).status == .notFound)
            }
            // The control token is a constant: an honest laggard learns from the control log what happened.
            #expect(try await relay.call(.get, "control", token: old.control).status == .ok)
            #expect(try await relay.call(.get, "registration", token: old.control).status == .ok)
        }
    }

    @Test(arguments: [(Admission.open, "0.0.0.0", true), (.loopbackOnly, "0.0.0.0", false), (.loopbackOnly, "::1", true)])
    func admitsNewTeams(_ admission: Admission, _ host: String, _ admits: Bool) async throws {
        try await withRelay(host: host, admission: admission) { relay, _ in
            let response = try await relay.register()
            #expect(response.status == (admits ? .created : .forbidden))
            if !admits { #expect(response.problem == "not-admitted") }
        }
    }

    @Test func admitsByTheOperatorsToken() async throws {
        let statuses = try await withRelay(admission: .token("let me in")) { relay, _ in
            [
                try await relay.register().status,
                try await relay.register(headers: [.authorization: "Bearer let me out"]).status,
                try await relay.register(headers: [.authorization: "Bearer let me in"]).status,
                try await relay.register().status,
            ]
        }
        #expect(statuses == [.forbidden, .forbidden, .created, .ok])
        let nobody = try await withRelay(admission: .token("")) { relay, _ in
            try await relay.register(headers: [.authorization: "Bearer "]).status
        }
        #expect(nobody == .forbidden)
    }

    @Test func refusesWhatIsNoRegistration() async throws {
        try await withRelay { relay, _ in
            let good = Base64.encode(relay.team.chain[0].bytes)
            var flipped = relay.team.chain[0].bytes
            flipped[40] ^= 1
            let bodies: [[String]] = [[], ["!"], [""], [Base64.encode(flipped)], [good, good], [good + "AAAA"]]
            for registrations in bodies {
                let response = try await relay.call(.put, "registration", json: ["registrations": registrations])
                #expect(response.status == .badRequest)
                #expect(response.problem == "malformed")
            }
            let stranger = try TestTeam("stranger")
            #expect(try await relay.register(stranger.chain).problem == "unknown-team")
        }
    }

    @Test(arguments: ["", "[]", "{", "null", "{}", "\u{feff}{\"registrations\":[]}", "{\"registrations\":7}", "{\"registrations\":[\"\0\"]}"])
    func refusesGarbage(_ text: String) async throws {
        try await withRelay { relay, _ in
            let response = try await relay.call(.put, "registration", body: Array(text.utf8))
            #expect(response.status == .badRequest)
            #expect(response.problem == "malformed")
        }
    }
}
