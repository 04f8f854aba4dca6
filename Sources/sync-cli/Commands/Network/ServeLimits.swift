import ArgumentParser
import SyncServer

/// What a relay takes from whom.
struct ServeLimits: ParsableArguments {
    @Option(help: .setting("What one team may keep here, such as 500MB or 4GB.", standard.teamSize, "size"))
    var teamSize: String?

    @Option(help: .setting("How many teams may be here.", standard.store.teams, "n"))
    var teams: String?

    @Option(
        help: .setting("How many requests a minute one device may make; 0 for any number.", standard.requestsPerMinute ?? 0, "n"))
    var requestsPerMinute: String?

    @Option(help: .setting("How many devices of one team may watch at once.", standard.listenersPerTeam, "n"))
    var watchers: String?

    @Option(help: .setting("How many connections may be open at once.", standard.connections, "n"))
    var connections: String?

    private static let standard = RelayServer.Limits()

    var given: GivenSettings {
        [
            .teamSize: teamSize, .teams: teams, .requestsPerMinute: requestsPerMinute, .watchers: watchers,
            .connections: connections,
        ]
    }
}

extension RelayServer.Limits {
    /// Where nothing else is said, the standard ones.
    init(_ sources: SettingSources) throws {
        self.init()
        if let size = try sources.find(.teamSize)?.read("a size such as 500MB or 4GB", ByteSize.init) {
            store.bytesPerTeam = size.bytes
        }
        if let number = try sources.find(.teams)?.number(from: 0) { store.teams = number }
        if let number = try sources.find(.requestsPerMinute)?.number(from: 0) {
            requestsPerMinute = number == 0 ? nil : Int(number)
        }
        if let number = try sources.find(.watchers)?.number(from: 0) { listenersPerTeam = Int(number) }
        if let number = try sources.find(.connections)?.number(from: 1) { connections = Int(number) }
    }

    fileprivate var teamSize: ByteSize { ByteSize(bytes: store.bytesPerTeam) }
}

extension ArgumentHelp {
    /// Of an option whose value may also stand elsewhere, so that the parser knows of no default.
    static func setting(_ abstract: String, _ standard: some CustomStringConvertible, _ valueName: String) -> ArgumentHelp {
        ArgumentHelp("\(abstract) (default: \(standard))", valueName: valueName)
    }
}
