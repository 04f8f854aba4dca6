import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import SyncServer

/// `docs/relay-api.yaml` says what the relay answers, and nothing else.
@Suite struct RelayDescriptionTests {
    private let description = RelayDescription(text: text(of: "docs/relay-api.yaml"))

    @Test func `the routes that are described are those that the relay has`() async throws {
        let routes = try await withRelayAndStore { _, _, store in
            buildRouter(RelayServer.Configuration(dataFolder: ""), store, RelayMetrics()).routes.map { "\($0.method.rawValue) \($0.path)" }
        }
        #expect(description.routes.sorted() == routes.sorted())
    }

    @Test func `the problems that are described are those that the relay knows`() {
        let types = Self.text(of: "Sources/SyncServer/HTTP/Problem.swift").matches(of: /type: "([a-z-]+)"/).map { String($0.1) }
        #expect(description.problems == Set(types))
    }

    @Test func `every part of the description that is named is there, and every part that is there is named`() {
        #expect(description.named == description.parts)
    }

    private static func text(of path: String) -> String {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        return (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }
}

/// As much of the file as its layout tells: two spaces for each level, and one line for each key. Names of paths, methods and
/// parts stand on lines of their own.
private struct RelayDescription {
    /// Such as `GET /v1/mailbox/{box}`.
    private(set) var routes: [String] = []
    /// What stands behind `urn:sync:`.
    let problems: Set<String>
    /// What is referred to, such as `schemas/Hex16`.
    let named: Set<String>
    private(set) var parts: Set<String> = []

    init(text: String) {
        problems = Set(text.matches(of: /urn:sync:([a-z-]+)/).map { String($0.1) })
        named = Set(text.matches(of: /'#\/components\/(\w+\/\w+)'/).map { String($0.1) })
        var (section, below) = ("", "")
        for line in text.split(separator: "\n") {
            if let key = line.firstMatch(of: /^(\w+):/) { section = String(key.1) }
            if let key = line.firstMatch(of: /^  ([^ :]+):/) { below = String(key.1) }
            guard let key = line.firstMatch(of: /^    (\w+):/)?.1 else { continue }
            if section == "paths" { routes.append("\(key.uppercased()) \(below)") }
            // What a route needs names these without a reference.
            if section == "components", below != "securitySchemes" { parts.insert("\(below)/\(key)") }
        }
    }
}
