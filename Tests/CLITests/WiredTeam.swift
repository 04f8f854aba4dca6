import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Two devices that reach a relay of their team through a wire.
final class WiredTeam {
    let environment: TestEnvironment
    let wire: Wire
    private(set) var code = ""
    private var relay: RelayProcess

    var relayFolder: String { environment.folder + "/relay" }

    static let team = "Quetzalcoatl Circle"
    static let devices = ["Anastasia's Thinkpad", "Benvolio's Handset"]

    init() throws {
        environment = try TestEnvironment()
        wire = try Wire()
        relay = try RelayProcess(environment, data: environment.folder + "/relay")
        wire.lead(to: relay.port)
        try must("ana", "init", "--team", Self.team, "--device", Self.devices[0], "--no-passphrase")
        try must("ana", "remote", "add", "relay", wire.url)
        code = try must("ana", "invite", "--pre-approved", "--role", "volunteer").lines.first ?? ""
        try must("ben", "join", code, "--device", Self.devices[1], "--yes")
        try must("ana", "now")
        try must("ben", "now")
    }

    /// `sync` on one device's store.
    func on(_ device: String, _ arguments: [String]) throws -> TestEnvironment.Ran {
        try environment.run(["--store", "\(environment.folder)/\(device)"] + arguments)
    }

    /// The same, where it has to work.
    @discardableResult
    func must(_ device: String, _ arguments: String...) throws -> TestEnvironment.Ran {
        let ran = try on(device, arguments)
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: "\(arguments): exit \(ran.exit): \(ran.err)") }
        return ran
    }

    func export(_ device: String) throws -> String { try must(device, "export", "--format", "ndjson").out }

    /// How many changes a device holds.
    func changes(_ device: String) throws -> Int { try must(device, "log", "--limit", "100000", "--json").lines.count }

    /// Kills the relay where it stands. For `Wire.cut`, which does this on a thread of its own.
    func relayKiller() -> @Sendable () -> Void {
        let id = relay.id
        return { kill(id, SIGKILL) }
    }

    /// A relay on the same data, behind the same wire.
    func restartRelay() throws {
        relay.end(SIGKILL)
        relay = try RelayProcess(environment, data: relayFolder)
        wire.lead(to: relay.port)
    }
}
