import Foundation
import SyncServer
import Testing

@testable import sync_cli

/// One setting: how it is said, and where it is seen in what a relay is started with.
struct SaidSetting: CustomTestStringConvertible, Sendable {
    var setting: ServeSetting
    var text: String
    /// The same as it stands in a file.
    var json: String
    var isSeen: @Sendable (ServeSettings) -> Bool
    /// What goes with it, from the command line.
    var beside: GivenSettings = [:]

    var testDescription: String { setting.rawValue }

    init(
        _ setting: ServeSetting, _ text: String, json: String? = nil, beside: GivenSettings = [:],
        _ isSeen: @escaping @Sendable (ServeSettings) -> Bool
    ) {
        (self.setting, self.text, self.json, self.beside, self.isSeen) = (setting, text, json ?? "\"\(text)\"", beside, isSeen)
    }

    static let all = [
        SaidSetting(.listen, "[::1]:7000") { $0.listen == HostPort(host: "::1", port: 7000) },
        SaidSetting(.data, "/srv/relay") { $0.folder == "/srv/relay" },
        SaidSetting(.postgres, "postgresql://h/x") {
            if case .postgreSQL("postgresql://h/x") = $0.storage { true } else { false }
        },
        SaidSetting(.open, "true", json: "true") { $0.isOpen },
        SaidSetting(.operations, "127.0.0.1:7374") { $0.operations == HostPort(host: "127.0.0.1", port: 7374) },
        SaidSetting(.certificate, "/a.pem", beside: [.key: "/b.pem"]) {
            $0.security.security == .files(certificate: "/a.pem", key: "/b.pem")
        },
        SaidSetting(.key, "/b.pem", beside: [.certificate: "/a.pem"]) {
            $0.security.security == .files(certificate: "/a.pem", key: "/b.pem")
        },
        SaidSetting(.selfSigned, "true", json: "true") { $0.security.security == .selfSigned },
        SaidSetting(.plainHTTP, "true", json: "true") { $0.security.security == .plainAnywhere },
        SaidSetting(.teamSize, "3MB") { $0.limits.store.bytesPerTeam == 3 << 20 },
        SaidSetting(.teams, "17", json: "17") { $0.limits.store.teams == 17 },
        SaidSetting(.requestsPerMinute, "0", json: "0") { $0.limits.requestsPerMinute == nil },
        SaidSetting(.watchers, "3", json: "3") { $0.limits.listenersPerTeam == 3 },
        SaidSetting(.connections, "5", json: "5") { $0.limits.connections == 5 },
    ]
}

/// Resolves settings in the test's own process.
enum Resolving {
    static func settings(
        options: GivenSettings = [:], _ variables: [String: String] = [:], file: String? = nil
    ) async throws -> ServeSettings {
        let environment = Environment(["HOME": "/home/ana"].merging(variables) { _, new in new })
        let context = try Context(.forTalk, environment: environment)
        guard let file else {
            return try ServeSettings(await SettingSources(options: options, environment: environment, file: nil), context)
        }
        let path = NSTemporaryDirectory() + UUID().uuidString + ".json"
        try Data(file.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try ServeSettings(await SettingSources(options: options, environment: environment, file: path), context)
    }
}

@Suite struct ServeSettingsTests {
    @Test func `every setting is in the table`() { #expect(SaidSetting.all.map(\.setting) == ServeSetting.allCases) }

    @Test(arguments: SaidSetting.all)
    func `a setting counts wherever it is said, and is not the default`(_ said: SaidSetting) async throws {
        let (setting, beside) = (said.setting, said.beside)
        let byOption = try await Resolving.settings(options: beside.merging([setting: said.text]) { _, new in new })
        let byVariable = try await Resolving.settings(options: beside, [setting.variable: said.text])
        let byFile = try await Resolving.settings(options: beside, file: "{ \"\(setting.rawValue)\": \(said.json) }")
        for settings in [byOption, byVariable, byFile] { #expect(said.isSeen(settings)) }
        let standard = try await Resolving.settings()
        #expect(!said.isSeen(standard))

        func origin(_ settings: ServeSettings) -> FoundSetting.Origin? { settings.found.first { $0.setting == setting }?.origin }
        #expect(origin(byOption) == .option)
        #expect(origin(byVariable) == .environment(variable: setting.variable))
        if case .file = origin(byFile) {} else { Issue.record("\(byFile.found)") }
        #expect(standard.found.isEmpty)
    }

    @Test func `without a word it is what the help says`() async throws {
        let settings = try await Resolving.settings()
        #expect(settings.listen == HostPort(host: "127.0.0.1", port: 7373))
        #expect(settings.limits == RelayServer.Limits())
        #expect(settings.security.security == .plainOnLoopback)
        #expect(!settings.isOpen && settings.operations == nil && settings.folder == "/home/ana/.local/share/sync-relay")
        let help = try TestEnvironment().sync("serve", "--help").out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for standard in ["127.0.0.1:7373", "4GB", "100000", "6000", "256", "10000"] {
            #expect(help.contains("(default: \(standard))"))
        }
    }

    @Test func `options go before variables, and these before the file`() async throws {
        let file = #"{ "teams": 3, "watchers": 3, "connections": 3, "open": true }"#
        let settings = try await Resolving.settings(
            options: [.teams: "1", .open: "false"],
            ["SYNC_SERVE_TEAMS": "2", "SYNC_SERVE_WATCHERS": "2", "SYNC_SERVE_CONNECTIONS": ""], file: file)
        #expect(settings.limits.store.teams == 1)
        #expect(settings.limits.listenersPerTeam == 2)
        #expect(settings.limits.connections == 3)
        #expect(!settings.isOpen)
    }

    @Test func `the database has an older variable, which the newer one goes before`() async throws {
        func url(_ settings: ServeSettings) -> String? { if case .postgreSQL(let url) = settings.storage { url } else { nil } }
        let file = #"{ "postgres": "postgresql://file/x" }"#
        let older = try await Resolving.settings(["SYNC_POSTGRES": "postgresql://older/x"], file: file)
        #expect(url(older) == "postgresql://older/x")
        #expect(older.found.map(\.origin) == [.environment(variable: "SYNC_POSTGRES")])
        let newer = try await Resolving.settings(
            ["SYNC_POSTGRES": "postgresql://older/x", "SYNC_SERVE_POSTGRES": "postgresql://newer/x"], file: file)
        #expect(url(newer) == "postgresql://newer/x")
        #expect(newer.found.map(\.origin) == [.environment(variable: "SYNC_SERVE_POSTGRES")])
    }

    @Test func `paths in a file begin where the file is`() async throws {
        let settings = try await Resolving.settings(file: #"{ "data": "kept", "certificate": "tls/a.pem", "key": "/b.pem" }"#)
        let folder = String(NSTemporaryDirectory().dropLast())
        #expect(settings.folder == folder + "/kept")
        #expect(settings.security.security == .files(certificate: folder + "/tls/a.pem", key: "/b.pem"))
    }

    @Test(
        arguments: [
            ([.plainHTTP: "true"], [:], #"{ "self-signed": true }"#, .plainAnywhere, [.plainHTTP]),
            ([.selfSigned: "true"], [:], #"{ "certificate": "/a", "key": "/b" }"#, .selfSigned, [.selfSigned]),
            (
                [.certificate: "/a", .key: "/b"], ["SYNC_SERVE_PLAIN_HTTP": "yes"], "{}", .files(certificate: "/a", key: "/b"),
                [.certificate, .key]
            ),
            ([:], ["SYNC_SERVE_SELF_SIGNED": "1"], #"{ "plain-http": true }"#, .selfSigned, [.selfSigned]),
            ([:], ["SYNC_SERVE_SELF_SIGNED": "false"], #"{ "self-signed": true }"#, .plainOnLoopback, []),
            (
                [.certificate: "/new"], [:], #"{ "certificate": "/a", "key": "/b" }"#, .files(certificate: "/new", key: "/b"),
                [.certificate, .key]
            ),
        ] as [(GivenSettings, [String: String], String, RelaySecurity, [ServeSetting])])
    func `the nearest way to secure it takes the place of another`(
        options: GivenSettings, variables: [String: String], file: String, expected: RelaySecurity, found: [ServeSetting]
    ) async throws {
        let settings = try await Resolving.settings(options: options, variables, file: file)
        #expect(settings.security.security == expected)
        #expect(settings.found.map(\.setting) == found)
    }

    @Test(
        arguments: [
            "0.0.0.0": nil, ":7000": HostPort(host: "127.0.0.1", port: 7000), "relay:70000": nil, "relay:-1": nil, "": nil,
            "[::]:0": HostPort(host: "::", port: 0),
        ] as [String: HostPort?])
    func `an address is a host and a port`(text: String, expected: HostPort?) { #expect(HostPort(text) == expected) }

    @Test(arguments: [
        ("team_size", "team-size"), ("teamSize", "team-size"), ("selfsigned", "self-signed"), ("watcher", "watchers"),
    ])
    func `a name that is none has a nearest one`(typed: String, expected: String) {
        #expect(Spelling.nearest(to: typed, among: ServeSetting.allCases.map(\.rawValue)) == expected)
    }

    @Test func `what has nothing of a name has no nearest one`() {
        #expect(Spelling.nearest(to: "xyz", among: ["open"]) == nil)
        #expect(Spelling.distance("kitten", "sitting") == 3)
        #expect(Spelling.distance("", "abc") == 3 && Spelling.distance("abc", "") == 3 && Spelling.distance("abc", "abc") == 0)
    }
}
