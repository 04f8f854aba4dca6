import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Exchange {
    /// Reads the relay's control log, and adds what it lacks. Makes the team known to a relay that does not know it.
    public func exchangeControl() async throws {
        var control = try await readControl()
        if control == nil {
            try await register()
            control = try await readControl()
        }
        guard let control else {
            throw SyncError(
                .notJoined, "The relay does not know this team, or not this device any more.",
                safe: "Your records are safe here.", next: "Ask a coordinator of the team.")
        }
        let records = try control.records.map { record in
            guard let sealed = Data(base64Encoded: record.sealed) else {
                throw SyncError.damaged("The relay sent a damaged control record.")
            }
            return ReceivedControl(position: record.position, sealed: Array(sealed))
        }
        _ = try replica.receiveControl(records) { try $0.setControlPosition(control.last, of: remote) }
        let mine = try replica.sealedControl()
        guard mine.count > control.last else { return }
        let posted = try await client.send(
            .POST, path("/control"), token: .bearer(replica.tokens.write),
            RelayMessages.ControlPost(sealed: mine.map { Data($0).base64EncodedString() }))
        guard posted.status == 200 else { throw await client.failure(posted) }
    }

    /// Nil when the relay does not know the team, or not this token.
    private func readControl() async throws -> RelayMessages.Control? {
        let position = try replica.remote(remote)?.controlPosition ?? 0
        var answer = try await readControl(after: position)
        if answer?.last ?? position < position { answer = try await readControl(after: 0) }
        return answer
    }

    private func readControl(after position: Int64) async throws -> RelayMessages.Control? {
        let answer = try await client.request(
            .GET, path("/control?after=\(position)"), token: .bearer(replica.tokens.control))
        if answer.status == 404, answer.isProblem { return nil }
        guard answer.status == 200 else { throw await client.failure(answer) }
        return try await answer.json(RelayMessages.Control.self)
    }

    private func register() async throws {
        let chain = try replica.registrations()
        let answer = try await client.send(
            .PUT, path("/registration"),
            RelayMessages.Registrations(registrations: chain.map { Data($0.bytes).base64EncodedString() }))
        guard [200, 201, 409].contains(answer.status) else { throw await client.failure(answer) }
        if answer.status == 409 { try await learnRegistration(answer) }
    }

    /// The relay has a chain that goes further: ours is replaced where theirs continues it.
    private func learnRegistration(_ answer: RelayAnswer) async throws {
        let theirs = try await answer.json(RelayMessages.Registrations.self).registrations.compactMap { text in
            Data(base64Encoded: text).flatMap { try? Registration(Array($0)) }
        }
        try replica.learn(theirs)
    }

    func heads() async throws -> RelayMessages.Heads {
        let answer = try await client.request(.GET, path("/heads"), token: .bearer(replica.tokens.read))
        guard answer.status == 200 else { throw await client.failure(answer) }
        return try await answer.json(RelayMessages.Heads.self)
    }

    func path(_ rest: String) -> String { "/v1/teams/\(replica.relayHandle)" + rest }
}
