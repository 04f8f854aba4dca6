import HTTPTypes
import Hummingbird
import NIOCore
import SyncCore

/// Sealed boxes that wait for somebody who has no token yet. The id is the secret.
struct MailboxRoutes: Sendable {
    let store: any RelayStore
    let access: Access
    let body: BodyReader
    let surroundings: Surroundings

    /// Below a team.
    var teamEndpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self).post("mailbox/:box", use: put)
    }

    /// For whoever knows the id.
    var openEndpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self)
            .get("mailbox/:box", use: get)
            .delete("mailbox/:box", use: remove)
    }

    @Sendable func put(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .write)
        guard let id = id(context) else { throw Problem.malformed("A mailbox is named by 32 hexadecimal digits.") }
        let hours = try hours(request)
        let box = try await body.collect(request, context, limit: RelayLimits.boxBytes)
        guard !box.isEmpty else { throw Problem.malformed("There is nothing in the box.") }
        let expires = surroundings.now() + Int64(hours) * 3_600_000
        switch try await store.putBox(box, id: id, expires: expires, of: team) {
        case .stored: return Response(status: .created)
        case .occupied: throw Problem.boxOccupied
        case .tooMany: throw Problem.tooManyBoxes
        }
    }

    @Sendable func get(_ request: Request, _ context: RelayContext) async throws -> Response {
        guard let id = id(context), let box = try await store.box(id) else { throw Problem.notFound }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: box)))
    }

    @Sendable func remove(_ request: Request, _ context: RelayContext) async throws -> Response {
        if let id = id(context) { try await store.removeBox(id) }
        return Response(status: .noContent)
    }

    private func id(_ context: RelayContext) -> MailboxID? {
        context.parameters.get("box").flatMap { MailboxID(hex: $0) }
    }

    private func hours(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters["hours"] else { return RelayLimits.boxHours }
        guard let hours = Int(text), (1...RelayLimits.boxHours).contains(hours) else {
            throw Problem.malformed("`hours` is a number from 1 to \(RelayLimits.boxHours).")
        }
        return hours
    }
}
