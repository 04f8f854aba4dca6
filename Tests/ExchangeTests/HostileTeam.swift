import Foundation
import Testing

@testable import SyncCore

/// A team whose relay is hostile: device 0, a coordinator, and two volunteers, in step with one record. Each reaches the relay by an
/// address of its own, so that it can be told another history than the others.
struct HostileTeam {
    let team: RelayTeam
    let relays: [HostileRelay]

    var ana: Replica { team.replicas[0] }
    var ben: Replica { team.replicas[1] }
    var cem: Replica { team.replicas[2] }

    static func run(_ body: (HostileTeam) async throws -> Void) async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            _ = try team.replicas[0].addEvent("Leeds")
            try await team.everybodyExchanges()
            let relays = try (0..<3).map { _ in try HostileRelay(before: url, team: team.replicas[0].relayHandle) }
            try await relays[0].run { first in
                try await relays[1].run { second in
                    try await relays[2].run { third in
                        for (replica, url) in zip(team.replicas, [first, second, third]) { try team.point(replica, at: url) }
                        try await body(HostileTeam(team: team, relays: relays))
                    }
                }
            }
        }
    }

    func push(_ replica: Replica) async throws -> PushReport { try await exchange(replica).push() }
    func pull(_ replica: Replica) async throws -> PullReport { try await exchange(replica).pull() }

    /// With a short patience: what stalls is given up soon.
    func exchange(_ replica: Replica) throws -> Exchange {
        try Exchange(replica, remote: try #require(try replica.remote("relay")), timeoutSeconds: 2)
    }

    /// What an exchange fails with; nothing of the replica's records is changed by it.
    func failure(_ replica: Replica, _ step: (Exchange) async throws -> Void) async throws -> SyncError? {
        let before = try replica.export()
        var failure: SyncError?
        do { try await step(try exchange(replica)) } catch let error as SyncError { failure = error }
        #expect(try replica.export() == before)
        return failure
    }

    func everybodyIsHonestAgain() async throws {
        for relay in relays { relay.beHonest() }
        try await team.everybodyExchanges()
        #expect(try ana.export() == ben.export())
        #expect(try ana.export() == cem.export())
    }
}

extension RelayTeam {
    /// A relay that had told a position and held back what was below it is asked for what is lacked, log by log.
    func wholeHistoryComes(to replica: Replica, through relay: HostileRelay) async throws {
        relay.beHonest()
        let name = "relay"
        try replica.locked { try replica.log.write { log in
            guard var remote = try log.remotes().first(where: { $0.name == name }) else { return }
            remote.token = nil
            try log.set(remote)
        } }
        _ = try await exchange(replica).pull()
    }
}
