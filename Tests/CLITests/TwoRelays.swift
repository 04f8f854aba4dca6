import Foundation

/// A team with two relays that know nothing of each other: `ana` and `dora` exchange with both, `ben` with the north, `cem` with the south.
final class TwoRelays {
    enum Name: String, CaseIterable { case north, south }

    let environment: TestEnvironment
    private let wires: [Name: Wire]
    private var relays: [Name: RelayProcess] = [:]
    private var newcomers = 0

    init() throws {
        environment = try TestEnvironment()
        wires = Dictionary(uniqueKeysWithValues: try Name.allCases.map { ($0, try Wire()) })
        for name in Name.allCases { try start(name) }
        try must("ana", "init", "--team", "Solidarity", "--device", "ana", "--no-passphrase")
        for name in Name.allCases { try must("ana", "remote", "add", name.rawValue, url(name)) }
        try must("ana", "now")
        try join("ben", through: .north)
        try join("cem", through: .south)
        try join("dora", through: .north)
        try must("dora", "remote", "add", "south", url(.south))
        for device in ["ana", "ben", "cem", "dora", "ana"] { try must(device, "now") }
    }

    func url(_ relay: Name) -> String { wires[relay]?.url ?? "" }

    /// As commands call it.
    func host(_ relay: Name) -> String { String(url(relay).dropFirst("http://".count)) }

    func on(_ device: String, _ arguments: [String]) throws -> TestEnvironment.Ran {
        try environment.run(["--store", "\(environment.folder)/\(device)"] + arguments)
    }

    /// The same, where it has to work.
    @discardableResult
    func must(_ device: String, _ arguments: String...) throws -> TestEnvironment.Ran {
        let ran = try on(device, arguments)
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: "\(device) \(arguments): exit \(ran.exit): \(ran.err)") }
        return ran
    }

    func join(_ device: String, through relay: Name) throws {
        let code = try must("ana", "invite", "--pre-approved", "--remote", relay.rawValue).lines.first ?? ""
        try must(device, "join", code, "--device", device, "--yes")
    }

    func export(_ device: String) throws -> String { try must(device, "export", "--format", "ndjson").out }

    /// What somebody has who comes in now, and asks this relay alone.
    func exportOfNewcomer(through relay: Name) throws -> String {
        newcomers += 1
        let device = "newcomer-\(newcomers)"
        try join(device, through: relay)
        return try export(device)
    }

    // MARK: The relays

    func folder(_ relay: Name) -> String { "\(environment.folder)/\(relay.rawValue)" }

    /// What its operator is told that it keeps.
    func usage(_ relay: Name) throws -> String {
        let ran = try environment.sync("serve", "stats", "--data", folder(relay), "--json")
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: ran.err) }
        return ran.out
    }

    private func start(_ relay: Name) throws {
        let process = try RelayProcess(environment, data: folder(relay))
        relays[relay] = process
        wires[relay]?.lead(to: process.port)
    }

    /// Stops it, lets `body` have its folder, and starts it at the same address.
    func restart(_ relay: Name, _ body: (_ folder: String) throws -> Void) throws {
        relays[relay]?.end(SIGTERM)
        try body(folder(relay))
        try start(relay)
    }

    func wipe(_ relay: Name) throws { try restart(relay) { try FileManager.default.removeItem(atPath: $0) } }

    func backUp(_ relay: Name, to file: String) throws {
        let ran = try environment.sync("serve", "backup", file, "--data", folder(relay))
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: ran.err) }
    }

    /// As the help of `serve backup` says.
    func restore(_ relay: Name, from file: String) throws {
        try restart(relay) { folder in
            for name in ["relay.db", "relay.db-wal"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
            try FileManager.default.copyItem(atPath: file, toPath: folder + "/relay.db")
        }
    }
}
