import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asking to be let in, through a relay: the side of a device that is in no team yet.
public struct Asking: Sendable {
    private let code: InviteCode
    private let client: RelayClient

    public init(_ code: InviteCode, timeoutSeconds: Int = 20) throws {
        self.code = code
        client = RelayClient(try RelayAddress(code.relayAddress), timeoutSeconds: timeoutSeconds)
    }

    private static let unchanged = "Nothing was changed; the code is not used up."

    private static let over = SyncError(
        .notJoined, "Nobody waits for this code any more: it was used, ended, or is past its date.", safe: "Nothing was changed.",
        next: "Ask for a new one.")

    /// Whom to ask.
    ///
    /// - Throws: `notJoined` where nothing waits, `integrity` where it is not by whoever made the code.
    public func offer() async throws -> JoinOffer {
        guard let box = try await box(code.mailbox) else { throw Self.over }
        guard let offer = try? JoinOffer(opening: box, with: code) else {
            throw SyncError(
                .integrity, "What waits at the relay was not left by the person who made this code.", safe: "Nothing was changed.",
                next: "Tell them, and ask for a new one.")
        }
        return offer
    }

    /// Leaves the request beside the offer. Repeating it changes nothing.
    public func post(_ pending: PendingJoin) async throws {
        let answer = try await Exchange.unreachable(meaning: Self.unchanged) {
            try await client.request(
                .POST, "/v1/mailbox/\(code.mailbox)/requests", body: pending.box, type: "application/octet-stream")
        }
        switch answer.status {
        case 201: return
        case 404 where answer.isProblem: throw Self.over
        case 409 where answer.isProblem:
            throw SyncError(
                .refused, "As many devices have asked by this code as may.", safe: "Nothing was changed.",
                next: "Ask for a new one, and tell its maker: somebody else may have found it.")
        default: throw await client.failure(answer)
        }
    }

    /// What came of it; nil as long as nobody has answered.
    ///
    /// - Throws: `notJoined` when nobody will, `integrity` where the answer is not by whoever was asked.
    public func answer(to pending: PendingJoin) async throws -> JoinAnswer? {
        if let box = try await box(pending.request.answerMailbox) { return try pending.open(box) }
        if try await box(code.mailbox) != nil { return nil }
        // The offer goes after the answer came.
        guard let box = try await box(pending.request.answerMailbox) else { throw Self.over }
        return try pending.open(box)
    }

    /// Reads the team's control log, and checks it; nothing is written.
    public func plan(_ pending: PendingJoin, _ welcome: Welcome) async throws -> AdmittedPlan {
        guard let first = welcome.registrations.first, let inviter = pending.offer?.inviter else { throw Self.over }
        let answer = try await Exchange.unreachable(meaning: "You were let in, and the answer waits.") {
            try await client.request(
                .GET, "/v1/teams/\(first.handle)/control?after=0", token: .bearer(welcome.controlToken))
        }
        guard answer.status == 200 else { throw await client.failure(answer) }
        let control = try await answer.json(RelayMessages.Control.self)
        return try Replica.planAdmitted(
            pending, welcome, by: inviter, relayURL: code.relayAddress,
            control: control.records.compactMap { Data(base64Encoded: $0.sealed).map(Array.init) })
    }

    /// Takes the answer away. Housekeeping: a failure does not matter.
    public func discardAnswer(to pending: PendingJoin) async {
        _ = try? await client.request(.DELETE, "/v1/mailbox/\(pending.request.answerMailbox)")
    }

    private func box(_ mailbox: String) async throws -> [UInt8]? {
        let answer = try await Exchange.unreachable(meaning: Self.unchanged) {
            try await client.request(.GET, "/v1/mailbox/\(mailbox)")
        }
        if answer.status == 404, answer.isProblem { return nil }
        guard answer.status == 200 else { throw await client.failure(answer) }
        return try await answer.bytes(limit: Self.boxLimit)
    }

    /// What a relay holds in a box.
    private static let boxLimit = 64 << 10
}
