import HTTPTypes
import Hummingbird
import SyncCore

/// How a team makes itself known, and how its members change the tokens.
struct RegistrationRoutes: Sendable {
    let store: any RelayStore
    let access: Access
    let body: BodyReader
    let admission: Admission
    let host: String

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self)
            .put("registration", use: put)
            .get("registration", use: get)
    }

    struct Chain: Codable {
        var registrations: [String]
    }

    private struct Counter: Encodable {
        var counter: UInt64
    }

    @Sendable func put(_ request: Request, _ context: RelayContext) async throws -> Response {
        let handle = try access.handle(context)
        let chain = try JSON.decode(
            Chain.self, from: await body.collect(request, context, limit: RelayLimits.jsonBytes))
        let offered = try decode(chain)
        let admittance = admission.admittance(request, listeningOn: host)
        switch try await store.register(offered, as: handle, admitting: admittance) {
        case .stored(let counter, let isNewTeam):
            return JSON.response(Counter(counter: counter), status: isNewTeam ? .created : .ok)
        case .conflict(let stored): throw Problem.conflict(stored: stored)
        case .notAdmitted: throw Problem.notAdmitted
        case .unknownTeam: throw Problem.unknownTeam
        }
    }

    @Sendable func get(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .control, .read)
        let chain = try await store.registrations(of: team)
        return JSON.response(Chain(registrations: chain.map { Base64.encode($0.bytes) }))
    }

    private func decode(_ chain: Chain) throws -> [Registration] {
        guard (1...RelayLimits.registrationsPerRequest).contains(chain.registrations.count) else {
            throw Problem.malformed("There are no registrations, or too many.")
        }
        let offered = try chain.registrations.map { text in
            guard let bytes = Base64.decode(text) else { throw Problem.malformed("A registration is not in base64.") }
            return try Registration(bytes)
        }
        guard zip(offered, offered.dropFirst()).allSatisfy({ $1.isSuccessor(of: $0) }) else {
            throw Problem.malformed("The registrations are not a chain.")
        }
        return offered
    }
}
