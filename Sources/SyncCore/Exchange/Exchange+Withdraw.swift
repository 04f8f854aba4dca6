import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Bodies that a redaction takes away, at a relay.
extension Exchange {
    /// Has the relay drop what it holds of segments that were redacted and does not know of. Only a coordinator's word does it: others leave it
    /// to one.
    ///
    /// - Returns: Which segments the relay will not ask the contents of.
    func withdraw(_ heads: RelayMessages.Heads) async throws -> Set<Hash32> {
        var known = Set((heads.withdrawn ?? []).compactMap { Hash32(hex: $0) })
        let lacking = try replica.withdrawals().filter { !known.contains($0.chain) }
        guard !lacking.isEmpty, let key = try replica.relayKey(of: remote), let handle = try replica.registrations(of: remote).first?.handle
        else { return known }
        for start in stride(from: 0, to: lacking.count, by: WithdrawalOrder.limit) {
            let items = Array(lacking[start..<min(start + WithdrawalOrder.limit, lacking.count)])
            let signature = try WithdrawalOrder.sign(items, handle: handle, with: key)
            let answer = try await client.send(
                .POST, path("/withdraw"), token: .bearer(replica.tokens(at: remote).write), RelayMessages.Withdraw(items, signature: signature))
            // A relay of an earlier version keeps what it has; it is asked again at each push.
            if answer.status == 404, answer.isProblem { return known }
            guard answer.status == 200 else { throw await client.failure(answer) }
            known.formUnion(items.map(\.chain))
        }
        return known
    }
}

extension RelayMessages {
    struct Withdraw: Codable {
        struct Segment: Codable {
            var tag: String
            var index: UInt64
            var chain: String
        }

        var segments: [Segment]
        var signature: String

        init(_ items: [WithdrawalOrder.Item], signature: [UInt8]) {
            segments = items.map { Segment(tag: $0.tag.hex, index: $0.index, chain: $0.chain.hex) }
            self.signature = Data(signature).base64EncodedString()
        }
    }
}

extension Replica {
    /// Every segment whose body is to be nowhere, by the redactions that count.
    func withdrawals() throws -> [WithdrawalOrder.Item] {
        let named = try team().redactions.entries.flatMap(\.redaction.withdrawn)
        let byChain = Dictionary(named.map { ($0.chain, $0) }, uniquingKeysWith: { first, _ in first })
        return byChain.values.sorted { $0.chain < $1.chain }.map { WithdrawalOrder.Item(tag: $0.tag, index: $0.index, chain: $0.chain) }
    }

    /// The key that a relay's newest registration names as the next; nil unless this device was given it.
    func relayKey(of remote: String) throws -> SigningKey? {
        try registrations(of: remote).last.flatMap { keys.relayKey($0.nextRelayKey) }
    }
}
