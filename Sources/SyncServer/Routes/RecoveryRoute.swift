import HTTPTypes
import Hummingbird
import SyncCore

/// What a person who has nothing but a recovery key asks for: control records by the tag that they are sealed under. The id is the secret.
struct RecoveryRoute: Sendable {
    let store: any RelayStore

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self).get("recovery/:id", use: find)
    }

    private struct Found: Encodable {
        var sealed: [String]
    }

    @Sendable func find(_ request: Request, _ context: RelayContext) async throws -> Response {
        guard let id = context.parameters.get("id").flatMap({ MailboxID(hex: $0) }) else { throw Problem.notFound }
        let records = try await store.control(tagged: id, limit: RelayLimits.recoveryBytes)
        guard !records.isEmpty else { throw Problem.notFound }
        var response = JSON.response(Found(sealed: records.map(Base64.encode)))
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
