import HTTPTypes
import Hummingbird
import NIOCore
import SyncCore

/// The control log: sealed records in order of arrival.
struct ControlRoutes: Sendable {
    let store: any RelayStore
    let access: Access
    let body: BodyReader
    let frameSeconds: Int64

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self)
            .get("control", use: list)
            .post("control", use: append)
    }

    private struct Sealed: Decodable {
        var sealed: [String]
    }

    private struct Receipt: Encodable {
        var last: Int64
        var stored: Int
    }

    private struct Entry: Encodable {
        var position: Int64
        var sealed: String
    }

    @Sendable func append(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .write)
        let posted = try JSON.decode(
            Sealed.self, from: await body.collect(request, context, limit: RelayLimits.jsonBytes))
        let sealed = try posted.sealed.map { text in
            guard let bytes = Base64.decode(text), !bytes.isEmpty else {
                throw Problem.malformed("A control record is not in base64.")
            }
            guard bytes.count <= RelayLimits.sealedControlBytes else {
                throw Problem.tooLarge(RelayLimits.sealedControlBytes)
            }
            return bytes
        }
        let receipt = try await store.appendControl(sealed, to: team)
        return JSON.response(Receipt(last: receipt.last, stored: receipt.stored))
    }

    @Sendable func list(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .control, .read, .write)
        let after = try position(request)
        let summary = try await store.summary(of: team)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await write(after: after, summary, team, context, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// Page by page, so that memory does not grow with the log.
    private func write(
        after: Int64, _ summary: TeamSummary, _ team: RelayTeam, _ context: RelayContext, to writer: inout any ResponseBodyWriter
    ) async throws {
        let last = summary.control
        var position = after
        var text = "{\"last\":\(last),\"position\":\"\(summary.position.token.text)\",\"registration\":\(summary.registration),\"records\":["
        while position < last {
            let page = try await store.control(of: team, after: position, through: last, limit: Limits.frameBytes)
            guard let end = page.last else { break }
            let records = try page.map { entry in
                String(
                    decoding: try JSON.encode(Entry(position: entry.position, sealed: Base64.encode(entry.sealed))),
                    as: UTF8.self)
            }
            text += records.joined(separator: ",")
            position = end.position
            if position < last { text += "," }
            let buffer = ByteBuffer(string: text)
            text = ""
            try await context.within(seconds: frameSeconds) { [writer] in
                var writer = writer
                try await writer.write(buffer)
            }
        }
        try await writer.write(ByteBuffer(string: text + "]}"))
    }

    private func position(_ request: Request) throws -> Int64 {
        guard let text = request.uri.queryParameters["after"] else { return 0 }
        guard let position = Int64(text), position >= 0 else { throw Problem.malformed("`after` is not a position.") }
        return position
    }
}
