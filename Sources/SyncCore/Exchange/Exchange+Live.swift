import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension Exchange {
    /// Listens at the relay until it ends the answer, and calls `onNews` whenever it has something that this replica does not.
    ///
    /// - Throws: `unreachable` where the connection breaks or nothing is heard for longer than a relay is silent.
    public func listen(onNews: () async throws -> Void) async throws {
        let answer = try await client.request(.GET, path("/live"), token: .bearer(replica.tokens(at: remote).read))
        guard answer.status == 200 else { throw await failure(answer) }
        var parser = EventParser()
        var parts = answer.body.makeAsyncIterator()
        while let part = try await next(&parts, of: answer) {
            let event: [UInt8]?
            // Of several that came at once the last one says all.
            do { event = try parser.take(part.readableBytesView).last } catch { throw Self.noNews }
            if let event, try isNews(event) { try await onNews() }
        }
    }

    private static var noNews: SyncError { SyncError.damaged("The relay sent what is no news.") }

    private func next(_ parts: inout HTTPClientResponse.Body.AsyncIterator, of answer: RelayAnswer) async throws -> ByteBuffer? {
        do {
            return try await parts.next()
        } catch where !(error is CancellationError) {
            throw answer.cut
        }
    }

    private func isNews(_ event: [UInt8]) throws -> Bool {
        guard let news = try? JSONDecoder().decode(RelayMessages.News.self, from: Data(event)) else { throw Self.noNews }
        guard let known = try replica.remote(remote) else { return false }
        return news.position != known.token || news.control != known.controlPosition
    }

    private func failure(_ answer: RelayAnswer) async -> SyncError {
        let status = answer.status
        let problem = answer.isProblem ? try? await answer.json(RelayMessages.Problem.self) : nil
        if status == 404, problem?.type == "urn:sync:not-found" {
            return SyncError(
                .refused, "\(client.name) is of an earlier version: it tells nobody what arrives.", safe: "Your records are safe here.",
                next: "Pull now and then:  sync pull")
        }
        return client.failure(status, problem)
    }
}
