import HTTPTypes
import SyncCore
import Testing

@testable import SyncServer

@Suite struct ControlRouteTests {
    private func sealed(_ response: [String: Any]) throws -> [[UInt8]] {
        let records = try #require(response["records"] as? [[String: Any]])
        return try records.map { record in
            let text = try #require(record["sealed"] as? String)
            return try #require(Base64.decode(text))
        }
    }

    @Test func recordsAreAppendedOnceAndListed() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let tokens = try relay.team.tokens
            let empty = try await relay.call(.get, "control", token: tokens.control)
            #expect(String(decoding: empty.bytes, as: UTF8.self) == #"{"last":0,"position":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","registration":0,"records":[]}"#)
            let posted = try await relay.call(.post, "control", token: tokens.write, json: ["sealed": ["AQ==", "Ag=="]])
            #expect(String(decoding: posted.bytes, as: UTF8.self) == #"{"last":2,"stored":2}"#)
            let again = try await relay.call(.post, "control", token: tokens.write, json: ["sealed": ["Ag==", "Aw=="]])
            #expect(String(decoding: again.bytes, as: UTF8.self) == #"{"last":3,"stored":1}"#)

            let all = try await relay.call(.get, "control?after=0", token: tokens.read)
            #expect(
                String(decoding: all.bytes, as: UTF8.self)
                    == #"{"last":3,"position":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","registration":0,"records":[{"position":1,"sealed":"AQ=="},{"position":2,"sealed":"Ag=="},{"position":3,"sealed":"Aw=="}]}"#)
            let rest = try await relay.call(.get, "control?after=2", token: tokens.control)
            #expect(try sealed(try rest.json) == [[3]])
            let none = try await relay.call(.get, "control?after=99", token: tokens.control)
            #expect(String(decoding: none.bytes, as: UTF8.self) == #"{"last":3,"position":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","registration":0,"records":[]}"#)
        }
    }

    @Test func longLogIsSentPageByPage() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let records = (0..<9).map { TestKeys.bytes("record \($0)", 250_000) }
            for start in stride(from: 0, to: 9, by: 3) {
                let texts = records[start..<(start + 3)].map { Base64.encode($0) }
                #expect(try await relay.call(.post, "control", token: relay.team.tokens.write, json: ["sealed": texts]).status == .ok)
            }
            let response = try await relay.call(.get, "control", token: relay.team.tokens.control)
            #expect(try sealed(try response.json) == records)
        }
    }

    @Test func garbageIsRefusedWhole() async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            let tokens = try relay.team.tokens
            for texts in [["AQ==", "!"], [""], ["AQ"]] {
                #expect(try await relay.call(.post, "control", token: tokens.write, json: ["sealed": texts]).problem == "malformed")
            }
            let large = Base64.encode([UInt8](repeating: 0, count: RelayLimits.sealedControlBytes + 1))
            #expect(try await relay.call(.post, "control", token: tokens.write, json: ["sealed": [large]]).problem == "too-large")
            for after in ["x", "-1", "99999999999999999999"] {
                #expect(try await relay.call(.get, "control?after=\(after)", token: tokens.read).problem == "malformed")
            }
            #expect(try await relay.call(.get, "control", token: tokens.control).json["last"] as? Int == 0)
        }
    }
}
