import Foundation
import Testing

@testable import SyncCore

/// P4: answers that are no relay's. None is believed, none ends the process or keeps it waiting for ever, and the next honest answer
/// finds everything as it was.
@Suite(.serialized) struct LyingRelayTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var route: String
        var answer: @Sendable (HostileRelay.Told) throws -> HostileRelay.Told

        init(_ name: String, _ route: String, _ answer: @escaping @Sendable (HostileRelay.Told) throws -> HostileRelay.Told) {
            testDescription = name
            self.route = route
            self.answer = answer
        }

        static func text(_ name: String, _ route: String, _ text: String) -> Lie { Lie(name, route) { _ in .init(body: Array(text.utf8)) } }
    }

    private static let heads = #""position":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","control":1,"registration":0"#
    private static let tag = String(repeating: "ab", count: 16), chain = String(repeating: "cd", count: 32)

    static let lies: [Lie] = [
        .text("no JSON", "/control", "{"),
        .text("nested JSON", "/control", String(repeating: "[", count: 100_000)),
        .text("another kind of JSON", "/control", #"{"records":7,"last":"x","registration":[]}"#),
        .text("a negative position", "/control", #"{"records":[],"last":-9223372036854775808,"registration":0}"#),
        .text("the last position", "/control", #"{"records":[],"last":9223372036854775807,"registration":0}"#),
        .text("a position that is too large", "/control", #"{"records":[],"last":92233720368547758070,"registration":0}"#),
        .text("an absurd counter", "/control", #"{"records":[],"last":0,"registration":18446744073709551615}"#),
        .text(
            "records that are none", "/control",
            #"{"records":[{"position":-1,"sealed":""},{"position":1,"sealed":"AAAA"},{"position":1,"sealed":"AQ=="}],"last":3,"registration":0}"#),
        .text("a record that is not base64", "/control", #"{"records":[{"position":1,"sealed":"%%"}],"last":3,"registration":0}"#),
        .text("heads that do not exist", "/heads", "{\(heads),\"heads\":{\"\(tag)\":[{\"index\":18446744073709551615,\"chain\":\"\(chain)\"},{\"index\":18446744073709551615,\"chain\":\"\(chain)\"}]}}"),
        .text("a key twice", "/heads", "{\(heads),\"heads\":{\"\(tag)\":[],\"\(tag)\":[{\"index\":3,\"chain\":\"\(chain)\"}]},\"heads\":{}}"),
        .text("heads that are none", "/heads", "{\(heads),\"heads\":{\"x\":[{\"index\":0,\"chain\":\"y\"}]}}"),
        Lie("a cut stream", "/segments") { told in .init(type: told.type, body: Array(told.body.dropLast(9))) },
        Lie("a stream without an end", "/segments") { told in .init(type: told.type, body: told.body, isStalled: true) },
        Lie("half a stream, and nothing more", "/segments") { told in
            .init(type: told.type, body: Array(told.body.prefix(told.body.count / 2)), isStalled: true)
        },
        Lie("an item that is too long", "/segments") { told in .init(type: told.type, body: [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) },
        Lie("a token that is none", "/segments") { told in
            .frames(try told.frames().map { .init(segments: $0.segments, token: Array("a b\r\nHost: elsewhere".utf8)) })
        },
        Lie("a token of another place", "/segments") { told in
            .frames(try told.frames().map { .init(segments: [], token: $0.token) })
        },
        Lie("one byte at a time", "/segments") { told in .init(type: told.type, body: told.body, pieces: told.body.count) },
        Lie("another status", "/segments") { _ in .init(status: 302, body: []) },
        Lie("nothing", "/control") { _ in .init(body: []) },
        Lie("a failure", "/heads") { _ in .init(status: 500, type: "application/problem+json", body: Array("{}".utf8)) },
    ]

    @Test(arguments: lies)
    func `P4 a relay that lies does no harm`(_ lie: Lie) async throws {
        try await HostileTeam.run { team in
            _ = try team.ana.addEvent("York")
            _ = try await team.push(team.ana)
            _ = try team.cem.addEvent("Rome")
            let before = try team.cem.export()
            team.relays[2].act { asked, honest in
                let told = try await honest(asked)
                return asked.path.hasPrefix(lie.route) && asked.method == "GET" ? try lie.answer(told) : told
            }
            for step in [{ _ = try await $0.preview() }, { _ = try await $0.pull() }, { _ = try await $0.push() }] as [(Exchange) async throws -> Void] {
                do {
                    try await step(try team.exchange(team.cem))
                } catch let error as SyncError {
                    #expect([.integrity, .refused, .unreachable, .notJoined].contains(error.kind), "\(error)")
                }
            }
            // Either York came whole, or nothing did.
            let after = try team.cem.export()
            #expect(try after == before || team.cem.documentCount() == 3)
            team.relays[2].beHonest()
            _ = try await team.pull(team.cem)
            _ = try await team.push(team.cem)
            _ = try await team.pull(team.ana)
            #expect(try team.ana.export().contains(Array("Rome".utf8)))
            if lie.testDescription == "a token of another place" { try await team.team.wholeHistoryComes(to: team.cem, through: team.relays[2]) }
            #expect(try team.cem.export() == team.ana.export())
        }
    }
}
