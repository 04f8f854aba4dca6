import HTTPTypes
import SyncCore
import Testing

@testable import SyncServer

@Suite struct RecoveryRouteTests {
    private let id = "00112233445566778899aabbccddeeff"

    @Test func recordsAreFoundByWhatTheyAreSealedUnderAndWithoutAToken() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let write = try relay.team.tokens.write
            let tag = try #require(Hex.decode(id))
            let records: [[UInt8]] = [[1] + tag + [9], [1] + tag.reversed() + [9], [2] + tag + [8]]
            #expect(try await relay.call(.get, "/v1/recovery/\(id)").problem == "not-found")
            #expect(
                try await relay.call(.post, "control", token: write, json: ["sealed": records.map { Base64.encode($0) }]).status == .ok)
            let found = try await relay.call(.get, "/v1/recovery/\(id)")
            #expect(try found.json["sealed"] as? [String] == [Base64.encode(records[0]), Base64.encode(records[2])])
            #expect(found.headers[.cacheControl] == "no-store")
            // Nothing else is said, and whatever is no id looks like one that nobody has.
            #expect(try found.json.count == 1)
            for other in ["10112233445566778899aabbccddeeff", "x", "", id + "00", "%00"] {
                #expect(try await relay.call(.get, "/v1/recovery/\(other)").status == .notFound, "\(other)")
            }
        }
    }

    @Test func whatIsFoundHasABound() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let tag = try #require(Hex.decode(id))
            let record = [1] + tag + [UInt8](repeating: 0, count: 250_000)
            for number in UInt8(0)..<3 {
                let texts = (UInt8(0)..<3).map { Base64.encode(record + [number, $0]) }
                #expect(try await relay.call(.post, "control", token: relay.team.tokens.write, json: ["sealed": texts]).status == .ok)
            }
            let found = try #require(try await relay.call(.get, "/v1/recovery/\(id)").json["sealed"] as? [String])
            #expect(found.count == 5)
        }
    }
}
