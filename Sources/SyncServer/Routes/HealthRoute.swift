import Hummingbird

/// Whether a relay answers, and which one.
struct HealthRoute: Sendable {
    let version: String

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self).get("healthz", use: get)
    }

    private struct Health: Encodable {
        var relay: String
        var version: String
    }

    @Sendable func get(_ request: Request, _ context: RelayContext) async throws -> Response {
        JSON.response(Health(relay: "sync", version: version))
    }
}
