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
        try await answer.news { news in
            if try isNews(news) { try await onNews() }
        }
    }

    private func isNews(_ news: RelayMessages.News) throws -> Bool {
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

extension RelayAnswer {
    /// Hands on what a relay tells who listens, until it ends the answer.
    func news(_ hear: (RelayMessages.News) async throws -> Void) async throws {
        var parser = EventParser()
        var parts = body.makeAsyncIterator()
        while let part = try await next(&parts) {
            // Of several that came at once the last one says all.
            if let event = try read(part, &parser).last { try await hear(event) }
        }
    }

    private func next(_ parts: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await parts.next()
        } catch where !(error is CancellationError) {
            throw cut
        }
    }

    private func read(_ part: ByteBuffer, _ parser: inout EventParser) throws -> [RelayMessages.News] {
        do {
            return try parser.take(part.readableBytesView).map { try JSONDecoder().decode(RelayMessages.News.self, from: Data($0)) }
        } catch {
            throw SyncError.damaged("The relay sent what is no news.")
        }
    }
}
