import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import SyncCore

/// Tells a team's devices, as server-sent events, how far the team is: at once, and whenever something arrives.
struct LiveRoute: Sendable {
    let store: any RelayStore
    let access: Access
    let listenersPerTeam: Int
    /// After so long an answer ends, and whoever wants more asks again: tokens that were changed meanwhile are asked for again.
    let seconds: Int64
    let frameSeconds: Int64

    var endpoints: RouteCollection<RelayContext> { RouteCollection(context: RelayContext.self).get("live", use: live) }

    private struct Event: Encodable {
        var control: Int64
        var position: String
        var registration: UInt64
    }

    @Sendable func live(_ request: Request, _ context: RelayContext) async throws -> Response {
        let team = try await access.team(request, context, any: .read)
        guard let news = store.news.listen(to: team.handle, limit: listenersPerTeam) else { throw Problem.tooManyListeners }
        // After listening began: what comes in between is told twice, and not missed.
        let summary = try await store.summary(of: team)
        context.bodyState.finish()
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let output = writer
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await withGracefulShutdownHandler {
                        try await tell(summary, news, team, context, output)
                    } onGracefulShutdown: {
                        store.news.close()
                    }
                }
                try await writer.finish(nil)
            })
    }

    private func tell(
        _ summary: TeamSummary, _ news: AsyncStream<Announcement>, _ team: RelayTeam, _ context: RelayContext,
        _ writer: any ResponseBodyWriter
    ) async throws {
        let end = ContinuousClock.now + .seconds(seconds)
        try await send(summary, context, writer)
        for await announcement in news where !Task.isCancelled {
            guard ContinuousClock.now < end else { return }
            let summary: TeamSummary
            do { summary = try await announcement.summary(by: { try await store.summary(of: team) }) } catch is UnknownTeam { return }
            // Somebody else's look, who was let in later.
            guard summary.registration == team.registration.counter else { return }
            try await send(summary, context, writer)
        }
    }

    private func send(_ summary: TeamSummary, _ context: RelayContext, _ writer: any ResponseBodyWriter) async throws {
        let event = Event(
            control: summary.control, position: summary.position.token.text, registration: summary.registration)
        let buffer = ByteBuffer(bytes: Array("data: ".utf8) + (try JSON.encode(event)) + Array("\n\n".utf8))
        try await context.within(seconds: frameSeconds) {
            var writer = writer
            try await writer.write(buffer)
        }
    }
}

/// Tells all who listen now and then how far their team is, also where nothing is new: a line that is dead is found, and news that
/// were lost on their way from another relay are made up for.
struct LiveHeartbeat: Service {
    let news: TeamNews
    let seconds: Int64

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
                news.announceAll()
            }
        }
    }
}
