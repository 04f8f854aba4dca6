import HTTPTypes
import Hummingbird
import NIOCore
import SyncCore

/// Heads, pushes and pulls.
struct SegmentRoutes: Sendable {
    let store: any RelayStore
    let access: Access
    let body: BodyReader
    let frameSeconds: Int64
    let metrics: RelayMetrics

    var endpoints: RouteCollection<RelayContext> {
        RouteCollection(context: RelayContext.self)
            .get("heads", use: heads)
            .post("segments", use: push)
            .get("segments", use: pull)
            .post("segments/want", use: want)
    }

    private struct Wanted: Decodable {
        var want: [String: Int64]
    }

    @Sendable func heads(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .read)
        if let header = request.headers[.ifNoneMatch] {
            let tag = EntityTag(try await store.summary(of: team))
            if tag.isNamed(in: header) { return Response(status: .notModified, headers: [.eTag: tag.text]) }
        }
        let heads = try await store.heads(of: team)
        var response = JSON.response(HeadsAnswer(heads))
        response.headers[.eTag] = EntityTag(heads.summary).text
        return response
    }

    @Sendable func push(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .write)
        var reader = PushReader()
        try await body.read(request, context, limit: Limits.pushBytes) { try reader.take($0.readableBytesView) }
        try reader.end()
        let receipt = try await Push.store(reader, in: store, of: team)
        metrics.note(receipt)
        return JSON.response(PushAnswer(receipt))
    }

    @Sendable func pull(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .read)
        var token: PositionToken?
        if let text = request.uri.queryParameters["after"] {
            // One that is not even a token heals in the same way.
            token = PositionToken(String(text))
            guard token != nil else { throw Problem.otherHistory }
        }
        guard let pull = try await store.pull(after: token, of: team) else { throw Problem.otherHistory }
        return stream(pull, team, context)
    }

    @Sendable func want(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .read)
        let wanted = try JSON.decode(
            Wanted.self, from: await body.collect(request, context, limit: RelayLimits.jsonBytes))
        var have: [LogTag: Int64] = [:]
        for (text, index) in wanted.want {
            guard let tag = LogTag(hex: text), index >= -1 else { throw Problem.malformed("`want` holds no tags and indices.") }
            have[tag] = index
        }
        return stream(try await store.pull(missing: have, of: team), team, context)
    }

    /// Frame by frame, each from a read transaction of its own; the last one ends with the token of the head at the start.
    private func stream(_ pull: Pull, _ team: RelayTeam, _ context: RelayContext) -> Response {
        Response(
            status: .ok, headers: [.contentType: StreamItem.contentType],
            body: ResponseBody { writer in
                var pull = pull
                repeat {
                    let frame = try await store.frame(pull, of: team)
                    pull.after = frame.end.number
                    var bytes = ByteWriter(capacity: frame.items.count + 64)
                    bytes.raw(frame.items)
                    StreamItem.token(Array(frame.end.token.text.utf8)).append(to: &bytes)
                    let buffer = ByteBuffer(bytes: bytes.bytes)
                    metrics.noteServed(buffer.readableBytes)
                    try await context.within(seconds: frameSeconds) { [writer] in
                        var writer = writer
                        try await writer.write(buffer)
                    }
                } while !pull.isDone
                try await writer.finish(nil)
            })
    }
}
