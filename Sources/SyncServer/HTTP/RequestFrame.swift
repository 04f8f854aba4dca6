import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SyncCore

/// Stands around every route: turns errors into problems, closes connections whose body was not taken, and logs one line.
///
/// A line holds the route's pattern and never its path: handles and mailbox ids are secrets of the team.
struct RequestFrame: RouterMiddleware {
    let names: LogNames
    let metrics: RelayMetrics

    func handle(
        _ request: Request, context: RelayContext, next: (Request, RelayContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        context.logger.debug("Request begins", metadata: ["route": "\(context.endpointPath ?? "none")"])
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(error, context)
        }
        if hasBody(request), !context.bodyState.isTaken { response = closing(response, context) }
        log(request, response, context, since: start)
        return response
    }

    private func answer(_ error: any Error, _ context: RelayContext) -> Response {
        if let problem = Problem(error) { return problem.response }
        context.logger.error("Request failed", metadata: ["error": "\(FailureCode(error))"])
        return Problem.failure.response
    }

    private func hasBody(_ request: Request) -> Bool {
        if let length = request.headers[.contentLength] { return length != "0" }
        return request.headers[.transferEncoding] != nil
    }

    /// The server would go on swallowing the body, however long it is.
    private func closing(_ response: Response, _ context: RelayContext) -> Response {
        var response = response
        let body = response.body
        response.headers[.connection] = "close"
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            context.closeSoon()
        }
        return response
    }

    /// Anybody may invent methods: what is counted is bounded.
    private static func method(_ request: Request) -> String {
        [.get, .head, .post, .put, .delete].contains(request.method) ? request.method.rawValue : "other"
    }

    private func log(
        _ request: Request, _ response: Response, _ context: RelayContext, since start: ContinuousClock.Instant
    ) {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        metrics.note(
            RelayMetrics.Request(method: Self.method(request), route: context.endpointPath ?? "none", status: response.status.code),
            seconds: Double(seconds) + Double(attoseconds) / 1e18)
        var metadata: Logger.Metadata = [
            "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "none")",
            "status": "\(response.status.code)",
            "milliseconds": "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)",
        ]
        if let team = context.parameters.get("team") { metadata["team"] = "\(names.name(ofTeam: team))" }
        context.logger.info("Request", metadata: metadata)
    }
}
