import ArgumentParser
import SyncServer

/// What a relay takes from whom.
struct ServeLimits: ParsableArguments {
    @Option(help: ArgumentHelp("What one team may keep here, such as 500MB or 4GB.", valueName: "size"))
    var teamSize: ByteSize = ByteSize(bytes: StoreLimits.standard.bytesPerTeam)

    @Option(help: ArgumentHelp("How many teams may be here.", valueName: "n"))
    var teams: Int64 = StoreLimits.standard.teams

    @Option(help: ArgumentHelp("How many requests a minute one device may make; 0 for any number.", valueName: "n"))
    var requestsPerMinute: Int = RelayServer.Limits().requestsPerMinute ?? 0

    @Option(help: ArgumentHelp("How many devices of one team may watch at once.", valueName: "n"))
    var watchers: Int = RelayServer.Limits().listenersPerTeam

    @Option(help: ArgumentHelp("How many connections may be open at once.", valueName: "n"))
    var connections: Int = RelayServer.Limits().connections

    func validate() throws {
        guard teams >= 0, requestsPerMinute >= 0, watchers >= 0, connections > 0 else {
            throw ValidationError("A limit is a number from 0 on; there is at least one connection.")
        }
    }

    var limits: RelayServer.Limits {
        RelayServer.Limits(
            store: StoreLimits(bytesPerTeam: teamSize.bytes, teams: teams),
            requestsPerMinute: requestsPerMinute == 0 ? nil : requestsPerMinute, listenersPerTeam: watchers, connections: connections)
    }
}

/// A number of bytes as people write it: `4GB`, `500 MB`, `1000000`.
struct ByteSize: ExpressibleByArgument, Equatable {
    var bytes: Int64

    init(bytes: Int64) { self.bytes = bytes }

    private static let units: [(name: String, factor: Int64)] = [
        ("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1), ("", 1),
    ]

    init?(argument: String) {
        let text = argument.uppercased().filter { $0 != " " }
        let digits = text.prefix(while: \.isNumber)
        guard let number = Int64(digits), let unit = Self.units.first(where: { $0.name == text.dropFirst(digits.count) }) else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit.factor)
        guard !isTooLarge else { return nil }
        self.bytes = bytes
    }

    var defaultValueDescription: String {
        guard bytes > 0, let unit = Self.units.first(where: { bytes % $0.factor == 0 }) else { return "\(bytes)" }
        return "\(bytes / unit.factor)\(unit.name)"
    }
}
