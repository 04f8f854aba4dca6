import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Letting in whoever asks, through a relay: the side of the person who was asked.
extension Exchange {
    /// Makes a code with which somebody may ask, and leaves the offer in the relay's mailbox.
    public func ask(role: Role, expires: Int64, hours: Int) async throws -> AskedInvite {
        try await Self.unreachable(meaning: "No invite was made.") { try await exchangeControl() }
        let (invite, box) = try replica.ask(role: role, relayURL: client.address.text, expires: expires)
        do {
            try await post(box, to: invite.code.mailbox, hours: hours, requests: Self.requestsPerCode)
        } catch {
            try replica.forget(invite)
            throw error
        }
        return invite
    }

    /// As many as a relay takes. One is let in; the others are there to be seen.
    private static let requestsPerCode = 8

    /// Who asks by an invite now; nil where the relay has no such offer any more.
    public func requests(for invite: AskedInvite) async throws -> [WaitingRequest]? {
        guard let answer = try await withTokens({ tokens in
            try await client.request(.GET, path("/mailbox/\(invite.code.mailbox)/requests"), token: .bearer(tokens.read))
        }) else { return nil }
        let message = try await answer.json(RelayMessages.Requests.self)
        return try replica.waiting(message.requests.compactMap { Data(base64Encoded: $0).map(Array.init) }, for: invite)
    }

    /// Lets somebody in: writes it into the team's log, tells the relay, and leaves the answer. Others who asked by the same code are told
    /// that somebody else was let in.
    ///
    /// - Throws: What hinders it. Once the team's log has it, `finish` goes on.
    public func admit(_ waiting: WaitingRequest) async throws {
        try await Self.unreachable(meaning: "Nobody was let in.") { try await exchangeControl() }
        try replica.admit(waiting.request, as: waiting.invite.role, by: waiting.invite)
        var invite = waiting.invite
        invite.admitted = waiting.request
        do {
            try await finish(invite)
        } catch var error as SyncError {
            error.safe = "\(waiting.request.name) is in the team, and does not know it yet."
            error.next = "Run  sync invite answer \(waiting.invite.short)  again: it goes on."
            throw error
        }
    }

    /// Brings the answer of whoever was let in to the relay, and ends the invite. Repeating it is harmless.
    public func finish(_ invite: AskedInvite) async throws {
        guard let admitted = invite.admitted else { return }
        try await exchangeControl()
        // It may have been undone since.
        guard try replica.team().roster[admitted.device] != nil else { return try await close(invite, telling: .declined) }
        try await post(replica.sealed(replica.welcome(admitted), for: admitted), to: admitted.answerMailbox)
        try await close(invite, telling: .taken)
    }

    /// Tells somebody no. They may not ask by this code again with the same device.
    public func decline(_ waiting: WaitingRequest) async throws {
        let answer = try replica.sealed(JoinAnswer(.declined, to: waiting.request), for: waiting.request)
        try await post(answer, to: waiting.request.answerMailbox)
        try replica.noteDeclined(waiting.request, by: waiting.invite)
    }

    /// Ends an invite by which nobody was let in: who asked is told no. Nobody could read anything with its code, so nothing else has to
    /// happen.
    public func end(_ invite: AskedInvite) async throws { try await close(invite, telling: .declined) }

    private func close(_ invite: AskedInvite, telling outcome: JoinAnswer.Outcome) async throws {
        for waiting in try await requests(for: invite) ?? [] {
            let answer = try replica.sealed(JoinAnswer(outcome, to: waiting.request), for: waiting.request)
            try await post(answer, to: waiting.request.answerMailbox)
        }
        let removed = try await client.request(.DELETE, "/v1/mailbox/\(invite.code.mailbox)")
        guard removed.status == 204 else { throw await client.failure(removed) }
        try replica.forget(invite)
    }

    /// Leaves a box. One that is there already, from an attempt that was cut, stays: its bytes differ, and it says the same.
    private func post(_ box: [UInt8], to mailbox: String, hours: Int = 48, requests: Int = 0) async throws {
        let query = "?hours=\(hours)" + (requests > 0 ? "&requests=\(requests)" : "")
        let answer = try await withTokens { tokens in
            try await client.request(
                .POST, path("/mailbox/\(mailbox)" + query), token: .bearer(tokens.write), body: box, type: "application/octet-stream")
        }
        guard let answer else { throw SyncError(.refused, "The relay took no box.", safe: "Nothing was changed.") }
        if answer.status == 409, try await isOccupied(answer) { return }
        guard answer.status == 201 else { throw await client.failure(answer) }
    }

    private func isOccupied(_ answer: RelayAnswer) async throws -> Bool {
        let problem = try await answer.json(RelayMessages.Problem.self)
        if problem.type == "urn:sync:box-occupied" { return true }
        throw SyncError(
            .refused, "The relay refused: \(problem.detail ?? "it has too many boxes of this team.")", safe: "Nothing was changed.",
            next: "End invites that nobody needs:  sync invite list.")
    }

    /// Sends a request with the tokens of the moment; where they are not the relay's any more, once more with those that it has now. Nil:
    /// what was asked for is not there.
    private func withTokens(_ send: (RelayTokens) async throws -> RelayAnswer) async throws -> RelayAnswer? {
        for isLast in [false, true] {
            let answer = try await send(replica.tokens(at: remote))
            guard answer.status == 404, answer.isProblem else {
                guard answer.status != 409, answer.status >= 300 else { return answer }
                throw await client.failure(answer)
            }
            if try await answer.json(RelayMessages.Problem.self).type == "urn:sync:not-found" { return nil }
            if !isLast { try await exchangeControl() }
        }
        throw Self.strangers
    }
}
