import HTTPTypes
import Hummingbird
import SyncCore
import Testing

@testable import SyncServer

@Suite struct AccessTests {
    private static let routes: [(HTTPRequest.Method, String, [String])] = [
        (.get, "registration", ["control", "read"]),
        (.get, "control", ["control", "read", "write"]),
        (.post, "control", ["write"]),
        (.get, "heads", ["read"]),
        (.get, "segments", ["read"]),
        (.post, "segments", ["write"]),
        (.post, "segments/want", ["read"]),
        (.post, "mailbox/00112233445566778899aabbccddeeff", ["write"]),
    ]

    /// Nobody can tell an unknown team from a wrong token, or a token of another kind from none at all.
    @Test func everyRefusalIsTheSame() async throws {
        try await withRelay { relay, _ in
            let stranger = try TestTeam("stranger")
            try await relay.register()
            let tokens = try relay.team.tokens
            let kinds = ["read": tokens.read, "write": tokens.write, "control": tokens.control]
            var answers: Set<[UInt8]> = []
            func refused(_ method: HTTPRequest.Method, _ path: String, _ token: Secret?) async throws {
                let response = try await relay.call(method, path, token: token, body: method == .post ? [1] : nil)
                #expect(response.status == .notFound)
                answers.insert(response.bytes)
            }
            for (method, path, allowed) in Self.routes {
                for (kind, token) in kinds where !allowed.contains(kind) { try await refused(method, path, token) }
                try await refused(method, path, nil)
                try await refused(method, path, stranger.tokens.read)
                try await refused(method, "/v1/teams/nothing/\(path)", tokens.read)
                for (_, token) in kinds {
                    try await refused(method, "/v1/teams/\(stranger.handle.hex)/\(path)", token)
                }
            }
            #expect(answers.count == 1)
        }
    }

    @Test(arguments: ["Bearer", "Bearer zz", "Basic abc", "bearer  ", "Bearer " + String(repeating: "0", count: 64)])
    func strangeAuthorizationIsRefused(_ header: String) async throws {
        try await withRelay { relay, _ in
            try await relay.register()
            #expect(try await relay.call(.get, "heads", headers: [.authorization: header]).status == .notFound)
        }
    }

    @Test func unknownRoutesAreProblemsToo() async throws {
        try await withRelay { relay, _ in
            let (path, method) = (try await relay.call(.get, "/nothing"), try await relay.call(.delete, "segments"))
            #expect(path.problem == "not-found")
            #expect(method.problem == "not-found")
        }
    }

    @Test func healthSaysWhatAnswers() async throws {
        try await withRelay { relay, _ in
            let response = try await relay.call(.get, "/healthz")
            #expect(String(decoding: response.bytes, as: UTF8.self) == #"{"relay":"sync","version":"9.9"}"#)
        }
    }
}
