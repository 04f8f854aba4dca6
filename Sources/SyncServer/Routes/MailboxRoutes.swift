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
        RouteCollection(context: RelayContext.self)
            .post("mailbox/:box", use: put)
            .get("mailbox/:box/requests", use: requests)
    }

    /// For whoever knows the id.
    var openEndpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self)
            .get("mailbox/:box", use: get)
            .delete("mailbox/:box", use: remove)
            .post("mailbox/:box/requests", use: ask)
    }

    @Sendable func put(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .write)
        guard let id = id(context) else { throw Problem.malformed("A mailbox is named by 32 hexadecimal digits.") }
        let hours = try number("hours", of: request, 1...RelayLimits.boxHours) ?? RelayLimits.boxHours
        let requests = try number("requests", of: request, 0...RelayLimits.requestsPerBox) ?? 0
        let box = try await body.collect(request, context, limit: RelayLimits.boxBytes)
        guard !box.isEmpty else { throw Problem.malformed("There is nothing in the box.") }
        let expires = surroundings.now() + Int64(hours) * 3_600_000
        switch try await store.putBox(box, id: id, expires: expires, requests: requests, of: team) {
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

    /// From somebody who is in no team yet: the id is the secret, and beside most boxes nothing can be left.
    @Sendable func ask(_ request: Request, _ context: RelayContext) async throws -> Response {
        let bytes = try await body.collect(request, context, limit: RelayLimits.requestBytes)
        guard !bytes.isEmpty else { throw Problem.malformed("There is nothing in the request.") }
        guard let id = id(context) else { throw Problem.notFound }
        switch try await store.addRequest(bytes, to: id) {
        case .stored: return Response(status: .created)
        case .noBox: throw Problem.notFound
        case .full: throw Problem.tooManyRequests
        }
    }

    private struct Requests: Encodable {
        var requests: [String]
    }

    @Sendable func requests(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .read, .write)
        guard let id = id(context), let requests = try await store.requests(beside: id, of: team) else { throw Problem.notFound }
        return JSON.response(Requests(requests: requests.map(Base64.encode)))
    }

    private func id(_ context: RelayContext) -> MailboxID? {
        context.parameters.get("box").flatMap { MailboxID(hex: $0) }
    }

    /// A number in the query.
    private func number(_ name: String, of request: Request, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = request.uri.queryParameters[name[...]] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem.malformed("`\(name)` is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
