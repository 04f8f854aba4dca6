import HTTPTypes
import HummingbirdTesting
import SyncCore
import Testing

@testable import SyncServer

@Suite struct SegmentRouteTests {
    @Test func pushIsAnsweredWithHeadsAndPosition() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            let run = try log.run(3)
            let response = try await relay.push(run)
            #expect(response.status == .ok)
            let token = try #require(try response.json["position"] as? String)
            #expect(
                String(decoding: response.bytes, as: UTF8.self)
                    == #"{"heads":{"\#(log.tag.hex)":[{"chain":"\#(log.chain.hex)","index":2}]},"known":0,"position":"\#(token)","refused":[],"stored":3}"#
            )
            let pulled = try await relay.pull()
            #expect(pulled.flatMap(\.segments) == run)
            #expect(pulled.map(\.token) == [token])
            let rest = try await relay.pull(after: token)
            #expect(rest.map(\.token) == [token])
            #expect(rest.flatMap(\.segments).isEmpty)
        }
    }

    @Test func refusalsNameTheLogTheIndexAndTheReason() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            var (a, b) = (try TestLog("a", salt: relay.team.salt), try TestLog("b", salt: relay.team.salt))
            let good = try b.run(2)
            let answer = try await relay.push(Array(try a.run(3)[1...]) + good).json
            let refused = try #require(answer["refused"] as? [[String: Any]])
            #expect(refused.count == 1)
            #expect(refused[0]["tag"] as? String == a.tag.hex)
            #expect(refused[0]["index"] as? Int == 1)
            #expect(refused[0]["reason"] as? String == "predecessor")
            #expect(answer["stored"] as? Int == 2)
        }
    }

    @Test func headsHaveAStrongTagAndAreNotRepeated() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            _ = try await relay.push(try log.run(2))
            let token = try relay.team.tokens.read
            let heads = try await relay.call(.get, "heads", token: token)
            let tag = try #require(heads.headers[.eTag])
            #expect(tag.hasPrefix("\""))
            let position = try #require(try heads.json["position"] as? String)
            #expect(
                String(decoding: heads.bytes, as: UTF8.self)
                    == #"{"control":0,"heads":{"\#(log.tag.hex)":[{"chain":"\#(log.chain.hex)","index":1}]},"position":"\#(position)","registration":0}"#
            )
            let same = try await relay.call(.get, "heads", token: token, headers: [.ifNoneMatch: tag])
            #expect(same.status == .notModified)
            #expect(same.bytes.isEmpty)
            #expect(same.headers[.eTag] == tag)
            _ = try await relay.push(try log.run(1))
            let changed = try await relay.call(.get, "heads", token: token, headers: [.ifNoneMatch: tag])
            #expect(changed.status == .ok)
            _ = try await relay.call(.post, "control", token: relay.team.tokens.write, json: ["sealed": ["AQ=="]])
            let next = try #require(changed.headers[.eTag])
            #expect(try await relay.call(.get, "heads", token: token, headers: [.ifNoneMatch: next]).status == .ok)
        }
    }

    @Test(arguments: ["x", "", String(repeating: "B", count: 32), "%00"])
    func tokenOfNoHistoryIsGone(_ text: String) async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let response = try await relay.call(.get, "segments?after=\(text)", token: relay.team.tokens.read)
            #expect(response.status == .gone)
            #expect(response.problem == "other-history")
        }
    }

    /// F6 and S7: what a client does after a relay was wiped.
    @Test func wipedRelayIsRefilledByAnyMember() async throws {
        var log = try TestLog("a", salt: try TestTeam().salt)
        var other = try TestLog("b", salt: try TestTeam().salt)
        let (mine, others) = (try log.run(50, signedEvery: 10), try other.run(30))
        let position = try await withRelay { [mine, others] relay, _ in
            try await relay.register()
            return try #require(try await relay.push(mine + others).json["position"] as? String)
        }
        let stripped = others.enumerated().map { $0.offset == 29 ? $0.element : $0.element.unsigned }
        try await withRelay { relay, _ in
            let read = try relay.team.tokens.read
            #expect(try await relay.call(.get, "segments?after=\(position)", token: read).problem == "unknown-team")
            #expect(try await relay.register().status == .created)
            #expect(try await relay.call(.get, "segments?after=\(position)", token: read).status == .gone)
            #expect(try await relay.push(mine + stripped).json["stored"] as? Int == 80)
            #expect(try await relay.pull().flatMap(\.segments) == mine + stripped)
        }
    }

    @Test func wantSendsWhatIsMissing() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            var (a, b) = (try TestLog("a", salt: relay.team.salt), try TestLog("b", salt: relay.team.salt))
            let (first, second) = (try a.run(4), try b.run(4))
            let position = try #require(try await relay.push(first + second).json["position"] as? String)
            let read = try relay.team.tokens.read
            let response = try await relay.call(
                .post, "segments/want", token: read, json: ["want": [a.tag.hex: 1, b.tag.hex: -1]])
            let parts = try frames(response.bytes)
            #expect(parts.flatMap(\.segments) == first[2...] + second)
            #expect(parts.last?.token == position)
            for want: Any in [["xx": 1], [a.tag.hex: -2], [a.tag.hex: "1"], [1]] {
                #expect(try await relay.call(.post, "segments/want", token: read, json: ["want": want]).problem == "malformed")
            }
        }
    }

    @Test func brokenStreamIsRefused() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            let bytes = stream(try log.run(2))
            let write = try relay.team.tokens.write
            for body in [Array(bytes.dropLast()), [1, 0xff, 0xff, 0xff, 0x7f], [1, 0x80, 0]] {
                #expect(try await relay.call(.post, "segments", token: write, body: body).problem == "malformed")
            }
            #expect(try await relay.pull().flatMap(\.segments).isEmpty)
        }
    }

    @Test(arguments: [TestingSetup.Kind.router, .live]) func manyFramesArriveInOrder(_ kind: TestingSetup.Kind) async throws {
        try await withRelay(kind.setup) { relay, _ in
            try await relay.register()
            var log = try TestLog("a", salt: relay.team.salt)
            let run = try log.run(24, bytes: 250_000)
            _ = try await relay.push(run)
            let parts = try await relay.pull()
            #expect(parts.count == 6)
            #expect(parts.flatMap(\.segments) == run)
            #expect(try await relay.pull(after: parts[2].token).flatMap(\.segments) == Array(run[12...]))
        }
    }
}

extension TestingSetup {
    enum Kind: Sendable {
        case router, live

        var setup: TestingSetup { self == .router ? .router : .live }
    }
}
