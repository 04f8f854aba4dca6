import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Exchange {
    /// Makes an invite and leaves its welcome in the relay's mailbox. The relay is asked first, so that no invite is left behind when
    /// it cannot be reached.
    public func invite(role: Role, expires: Int64, hours: Int) async throws -> PreparedInvite {
        try await Self.unreachable(meaning: "No invite was made.") { try await exchangeControl() }
        let invite = try replica.invite(role: role, relayURL: client.address.text, expires: expires)
        do {
            try await exchangeControl()
            let answer = try await client.request(
                .POST, path("/mailbox/\(invite.code.mailbox)?hours=\(hours)"), token: .bearer(replica.tokens(at: remote).write),
                body: invite.box, type: "application/octet-stream")
            guard answer.status == 201 else { throw await client.failure(answer) }
        } catch {
            try replica.close(invite.invite, accepted: nil)
            throw error
        }
        return invite
    }

    /// Says what it means that a relay cannot be reached.
    static func unreachable<Result>(meaning safe: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch var error as SyncError where error.kind == .unreachable {
            (error.safe, error.next) = (safe, "Try again when there is a network.")
            throw error
        }
    }

    /// Fetches and checks what an invite code leads to; nothing is written.
    public static func planJoin(_ code: InviteCode, timeoutSeconds: Int = 20) async throws -> JoinPlan {
        let client = RelayClient(try RelayAddress(code.relayAddress), timeoutSeconds: timeoutSeconds)
        let answer = try await unreachable(meaning: "Nothing was changed; the code is not used up.") {
            try await client.request(.GET, "/v1/mailbox/\(code.mailbox)")
        }
        if answer.status == 404, answer.isProblem {
            throw SyncError(
                .notJoined, "No welcome waits for this code: it was used, ended, or is past its date.",
                safe: "Nothing was changed.", next: "Ask for a new invite.")
        }
        guard answer.status == 200 else { throw await client.failure(answer) }
        let box = try await answer.bytes(limit: Welcome.sizeLimit)
        guard let welcome = try? Welcome(opening: box, with: code), let first = welcome.registrations.first else {
            throw SyncError(
                .integrity, "The welcome for this invite is damaged, or was made for another code.",
                safe: "Nothing was changed.", next: "Ask for a new invite.")
        }
        let log = try await client.request(
            .GET, "/v1/teams/\(first.handle)/control?after=0", token: .bearer(welcome.controlToken))
        guard log.status == 200 else { throw await client.failure(log) }
        let control = try await log.json(RelayMessages.Control.self)
        return try Replica.planJoin(
            code, box: box, control: control.records.compactMap { Data(base64Encoded: $0.sealed).map(Array.init) })
    }

    /// Empties the mailbox of a code that was used. Housekeeping: a failure does not matter.
    public static func discardMailbox(_ code: InviteCode) async {
        guard let address = try? RelayAddress(code.relayAddress) else { return }
        _ = try? await RelayClient(address, timeoutSeconds: 5).request(.DELETE, "/v1/mailbox/\(code.mailbox)")
    }
}
