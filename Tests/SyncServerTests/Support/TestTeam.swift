import SyncCore

@testable import SyncServer

/// A team with its relay keys and tokens, epoch by epoch.
struct TestTeam {
    let salt: Hash32
    private let name: String
    private(set) var chain: [Registration] = []

    init(_ name: String = "rally") throws {
        self.name = name
        salt = Chain.teamSalt(of: TestKeys.hash("team \(name)"))
        try rotate()
    }

    /// Another registration with fresh tokens. `variant` tells apart two coordinators who do it at once.
    mutating func rotate(variant: String = "") throws {
        let counter = UInt64(chain.count)
        chain.append(
            try Registration(
                counter: counter, teamSalt: salt, tokens: try tokens(at: counter, variant),
                key: try TestKeys.key("relay \(name) \(counter)"),
                nextRelayKey: try TestKeys.key("relay \(name) \(counter + 1)").publicKey))
    }

    var handle: TeamHandle {
        get throws {
            guard let first = chain.first, let handle = TeamHandle(of: first) else { throw DecodingFailure.truncated }
            return handle
        }
    }

    /// Those of the newest registration.
    var tokens: RelayTokens { get throws { try tokens(at: UInt64(chain.count - 1), "") } }

    private func tokens(at counter: UInt64, _ variant: String) throws -> RelayTokens {
        guard let epoch = Secret(TestKeys.hash("epoch \(name) \(counter) \(variant)").bytes),
            let control = Secret(TestKeys.hash("control \(name)").bytes)
        else { throw DecodingFailure.truncated }
        return RelayTokens(epochKey: epoch, control: control)
    }

    func register(in store: any RelayStore) async throws -> RelayTeam {
        _ = try await store.register(chain, as: handle, admitting: .anybody)
        guard let team = try await store.team(handle) else { throw UnknownTeam() }
        return team
    }
}
