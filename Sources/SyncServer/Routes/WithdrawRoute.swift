import HTTPTypes
import Hummingbird
import SyncCore

/// Bodies that a team takes back: a redaction. The relay cannot know why; it looks whether a coordinator asked.
struct WithdrawRoute: Sendable {
    let store: any RelayStore
    let access: Access
    let body: BodyReader

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self).post("withdraw", use: withdraw)
    }

    private struct Order: Decodable {
        struct Item: Decodable {
            var tag: String
            var index: UInt64
            var chain: String
        }

        var segments: [Item]
        var signature: String
    }

    private struct Receipt: Encodable {
        var withdrawn: Int
    }

    @Sendable func withdraw(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .write)
        let order = try JSON.decode(Order.self, from: await body.collect(request, context, limit: RelayLimits.jsonBytes))
        guard order.segments.count <= WithdrawalOrder.limit, let signature = Base64.decode(order.signature) else {
            throw Problem.malformed("A withdrawal names at most \(WithdrawalOrder.limit) segments, and has a signature in base64.")
        }
        let items = try order.segments.map { item in
            guard let tag = LogTag(hex: item.tag), let chain = Hash32(hex: item.chain), item.index > 0 else {
                throw Problem.malformed("A withdrawal names segments by tag, index and chain value; not the first of a log.")
            }
            return WithdrawalOrder.Item(tag: tag, index: item.index, chain: chain)
        }
        let handle = team.handle.hex
        guard WithdrawalOrder.isSigned(items, handle: handle, signature, by: team.registration.nextRelayKey) else {
            throw Problem.notSigned
        }
        try await store.withdraw(items.map { WithdrawnSegment(tag: $0.tag, index: $0.index, chain: $0.chain) }, of: team)
        return JSON.response(Receipt(withdrawn: items.count))
    }
}
