import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Exchange {
    /// Brings the control logs and the registrations of both sides together: reads the relay's, makes the team known where it is not,
    /// adds what it lacks, and changes its tokens where the team's key has changed.
    ///
    /// - Throws: `notJoined` when this device was removed: it learns that, and nothing more.
    public func exchangeControl() async throws {
        var wasReset = false
        _ = try await exchangeControlAndLook(&wasReset)
    }

    /// - Parameter wasReset: Becomes true where the relay lacks what it had.
    /// - Returns: Where the relay's segments end, where it says so.
    func exchangeControlAndLook(_ wasReset: inout Bool) async throws -> String? {
        // Others may change the registration meanwhile: what then was refused is tried under the new one.
        for _ in 0..<Self.attempts {
            let (isDone, position) = try await exchangeControlOnce(&wasReset)
            if isDone { return position }
        }
        throw Self.strangers
    }

    private static let attempts = 4

    static var strangers: SyncError {
        SyncError(
            .notJoined, "The relay does not know this team, or not this device any more.",
            safe: "Your records are safe here.", next: "Ask a coordinator of the team.")
    }

    /// False when the relay's registration changed on the way.
    private func exchangeControlOnce(_ wasReset: inout Bool) async throws -> (isDone: Bool, position: String?) {
        let control = try await readOrRegister(&wasReset)
        let records = try control.records.map { record in
            guard let sealed = Data(base64Encoded: record.sealed) else {
                throw SyncError.damaged("The relay sent a damaged control record.")
            }
            return ReceivedControl(position: record.position, sealed: Array(sealed))
        }
        _ = try replica.receiveControl(records, from: remote) { try $0.setControlPosition(control.last, of: remote) }
        try replica.requireMember()
        try await settleRegistration(theirs: control.registration, &wasReset)
        guard try await postControl() else { return (false, nil) }
        return (try await advanceRegistration(), control.position)
    }

    func noteSetback(_ wasReset: inout Bool) throws {
        wasReset = true
        try replica.noteSetback(of: remote)
    }

    // MARK: Records

    private func readOrRegister(_ wasReset: inout Bool) async throws -> RelayMessages.Control {
        if let control = try await readControl(&wasReset) { return control }
        if try replica.remote(remote)?.exchanged != nil { try noteSetback(&wasReset) }
        try await register(try replica.registrations(of: remote))
        try replica.forgetControl(at: remote)
        guard let control = try await readControl(&wasReset) else { throw Self.strangers }
        return control
    }

    /// Nil when the relay does not know the team, or not this token.
    private func readControl(_ wasReset: inout Bool) async throws -> RelayMessages.Control? {
        let position = try replica.remote(remote)?.controlPosition ?? 0
        let answer = try await readControl(after: position)
        guard let answer, answer.last < position else { return answer }
        // It was restored from a backup: it is asked anew what it has.
        try noteSetback(&wasReset)
        try replica.forgetControl(at: remote)
        return try await readControl(after: 0)
    }

    private func readControl(after position: Int64) async throws -> RelayMessages.Control? {
        let answer = try await client.request(
            .GET, path("/control?after=\(position)"), token: .bearer(replica.controlToken))
        if answer.status == 404, answer.isProblem { return nil }
        guard answer.status == 200 else { throw await client.failure(answer) }
        let control = try await answer.json(RelayMessages.Control.self)
        guard control.last >= 0 else { throw SyncError.damaged("The relay gave a position that is none.") }
        return control
    }

    /// False when the token is not the relay's any more.
    private func postControl() async throws -> Bool {
        let lacked = try replica.controlLacked(by: remote)
        var batch: [(number: Int64, sealed: [UInt8])] = []
        var size = 0
        for (place, record) in lacked.enumerated() {
            batch.append(record)
            size += record.sealed.count
            guard size >= Self.postBytes || place == lacked.count - 1 else { continue }
            let posted = try await client.send(
                .POST, path("/control"), token: .bearer(replica.tokens(at: remote).write),
                RelayMessages.ControlPost(sealed: batch.map { Data($0.sealed).base64EncodedString() }))
            if posted.status == 404, posted.isProblem { return false }
            guard posted.status == 200 else { throw await client.failure(posted) }
            try replica.noteControl(batch.map(\.number), at: remote)
            (batch, size) = ([], 0)
        }
        return true
    }

    /// Well below what a relay takes in one request, also with the longest record as the last.
    private static let postBytes = 256 << 10

    // MARK: Registrations

    /// Brings both chains to the longer one: so a relay that was restored forgets no removal, and a device that lagged gets in again.
    private func settleRegistration(theirs counter: UInt64, _ wasReset: inout Bool) async throws {
        let mine = try replica.registrations(of: remote)
        guard let newest = mine.last, newest.counter != counter else { return }
        if newest.counter > counter {
            if try replica.remote(remote)?.exchanged != nil { try noteSetback(&wasReset) }
            return try await register(mine)
        }
        let answer = try await client.request(.GET, path("/registration"), token: .bearer(replica.controlToken))
        guard answer.status == 200 else { throw await client.failure(answer) }
        try await learn(answer)
    }

    /// Makes the team known to a relay that takes new teams only with a token of its operator's.
    ///
    /// - Throws: `usage` for what is no token; `refused` where the relay does not take it.
    public func begin(admission: String) async throws {
        guard !admission.isEmpty, admission.utf8.count <= 200, admission.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw SyncError(.usage, "That is no admission token.", safe: "Nothing was changed.")
        }
        try await register(try replica.registrations(of: remote), token: .admission(admission))
    }

    /// Makes the team known to a relay that does not know it, or tells it of newer tokens.
    private func register(_ chain: [Registration], token: RelayClient.Token = .none) async throws {
        let answer = try await client.send(
            .PUT, path("/registration"), token: token,
            RelayMessages.Registrations(registrations: chain.map { Data($0.bytes).base64EncodedString() }))
        guard [200, 201, 409].contains(answer.status) else { throw await client.failure(answer) }
        if answer.status == 409 { return try await learn(answer) }
        try replica.setRegistrations(chain, of: remote)
    }

    private func learn(_ answer: RelayAnswer) async throws {
        let theirs = try await answer.json(RelayMessages.Registrations.self).registrations.compactMap { text in
            Data(base64Encoded: text).flatMap { try? Registration(Array($0)) }
        }
        guard try replica.learn(theirs, of: remote) else {
            throw SyncError(
                .refused, "Somebody who held the team's relay key has taken this relay over.",
                safe: "Your records are safe here, and nobody can read what is at the relay without the team's key.",
                next: "Agree on another relay:  sync remote add.")
        }
    }

    /// After a removal or a rotation: the old tokens stop. False when another coordinator's client was quicker.
    private func advanceRegistration() async throws -> Bool {
        guard let chain = try replica.advancedRegistrations(of: remote) else { return true }
        try await register(chain)
        return try replica.registrations(of: remote) == chain
    }

    func heads() async throws -> RelayMessages.Heads {
        let answer = try await client.request(.GET, path("/heads"), token: .bearer(replica.tokens(at: remote).read))
        guard answer.status == 200 else { throw await client.failure(answer) }
        return try await answer.json(RelayMessages.Heads.self)
    }

    func path(_ rest: String) -> String { "/v1/teams/\(replica.relayHandle)" + rest }
}
