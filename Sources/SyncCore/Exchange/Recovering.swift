import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finding a team with nothing but a recovery key and the address of one of its relays.
public struct Recovering: Sendable {
    private let recovery: RecoveryKey
    private let client: RelayClient

    public init(_ recovery: RecoveryKey, relayURL: String, timeoutSeconds: Int = 20) throws {
        self.recovery = recovery
        client = RelayClient(try RelayAddress(relayURL), timeoutSeconds: timeoutSeconds)
    }

    /// As it is kept: without what was typed too much.
    public var relayURL: String { client.address.text }

    /// Fetches the key's box and the team's control log, and checks them; nothing is written.
    ///
    /// - Throws: as `RecoveryPlan`, `unreachable` where there is no relay.
    public func plan() async throws -> RecoveryPlan {
        try await Exchange.unreachable(meaning: "Nothing was changed.") {
            let boxes = try await boxes()
            // Which relay team it is stands in the box alone.
            let welcomes = boxes.compactMap { RecoveryBox.open($0, with: recovery) }
            guard let welcome = welcomes.first else { return try RecoveryPlan(recovery, boxes: boxes, control: []) }
            return try RecoveryPlan(recovery, boxes: boxes, control: try await control(welcome))
        }
    }

    private func boxes() async throws -> [[UInt8]] {
        let answer = try await client.request(.GET, "/v1/recovery/\(Hex.encode(recovery.boxID))")
        if answer.status == 404, answer.isProblem { return [] }
        guard answer.status == 200 else { throw await client.failure(answer) }
        return Self.bytes(try await answer.json(RelayMessages.Found.self).sealed)
    }

    private func control(_ welcome: Welcome) async throws -> [[UInt8]] {
        let handle = welcome.registrations.first?.handle ?? ""
        let answer = try await client.request(
            .GET, "/v1/teams/\(handle)/control?after=0", token: .bearer(welcome.controlToken))
        guard answer.status == 200 else { throw await client.failure(answer) }
        return Self.bytes(try await answer.json(RelayMessages.Control.self).records.map(\.sealed))
    }

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.compactMap { Data(base64Encoded: $0).map(Array.init) } }
}
