import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a push did.
public struct PushReport: Hashable, Sendable {
    /// This device's changes that the relay did not have.
    public var changes = 0
    /// Segments sent, others' included, and their bytes.
    public var segments = 0
    public var bytes = 0
    /// Of them, those of other devices: a relay that was wiped or restored is refilled.
    public var othersSegments = 0
}

/// What a pull did.
public struct PullReport: Hashable, Sendable {
    public var received = ReceiveReport()
    /// The relay had lost what it once had.
    public var relayWasReset = false
    public var refilled = PushReport()
}

/// Brings one replica and one relay together. Every step may be repeated; whatever was cut is gone on with.
public struct Exchange {
    let replica: Replica
    let client: RelayClient
    let remote: String

    /// `remote` is one of the replica's remotes.
    public init(_ replica: Replica, remote: StoredRemote, timeoutSeconds: Int = 20) throws {
        self.replica = replica
        self.remote = remote.name
        client = RelayClient(try RelayAddress(remote.url), timeoutSeconds: timeoutSeconds)
    }

    /// What people call the other side.
    public var name: String { client.name }

    // MARK: Push

    /// Sends everything that the relay lacks, other devices' segments included.
    public func push() async throws -> PushReport {
        try await exchangeControl()
        let heads = try await heads()
        let before = try replica.unsentCount()
        _ = try replica.seal()
        var report = try await send(lackedBy: RelayMessages.heads(heads.heads))
        report.changes = before - (try replica.unsentCount())
        try replica.noteExchange(remote)
        return report
    }

    private func send(lackedBy heads: [LogHead]) async throws -> PushReport {
        var report = PushReport()
        try replica.noteHeld(heads)
        for batch in try replica.offers(lackedBy: heads) {
            var body = ByteWriter(capacity: batch.reduce(0) { $0 + $1.count + 8 })
            for segment in batch { StreamItem.segment(segment).append(to: &body) }
            let answer = try await client.request(
                .POST, path("/segments"), token: .bearer(replica.tokens.write), body: body.bytes,
                type: StreamItem.contentType)
            guard answer.status == 200 else { throw await client.failure(answer) }
            let pushed = try await answer.json(RelayMessages.Pushed.self)
            if let refusal = pushed.refused.first {
                throw SyncError(
                    .refused, "The relay refused \(pushed.refused.count) segments (\(refusal.reason)).",
                    safe: "Your records are safe here.", next: "Run  sync doctor, and ask whoever runs the relay.")
            }
            try replica.noteHeld(RelayMessages.heads(pushed.heads))
            report.segments += pushed.stored
            report.bytes += body.bytes.count
        }
        report.othersSegments = report.segments - (try replica.ownSegments(past: heads))
        return report
    }

    // MARK: Pull

    /// Takes in everything that the relay has and this replica lacks.
    public func pull() async throws -> PullReport {
        var report = PullReport()
        try await exchangeControl()
        let last = try replica.lastRecord()
        report.received.firstChange = try replica.lastChange()
        if try await !pullFrames(&report) { try await recover(&report) }
        if try replica.hasUnread() { try await exchangeControl() }
        try replica.applyReceived()
        try replica.summarise(&report.received, newAfter: last)
        if try replica.closeUsedInvites() > 0 { try await exchangeControl() }
        try replica.noteExchange(remote)
        return report
    }

    /// False when the relay does not honour the position: it was wiped, or restored from a backup.
    private func pullFrames(_ report: inout PullReport) async throws -> Bool {
        let token = try replica.remote(remote)?.token
        let query = token.map { "?after=" + $0 } ?? ""
        let answer = try await client.request(.GET, path("/segments" + query), token: .bearer(replica.tokens.read))
        if answer.status == 410 { return false }
        guard answer.status == 200 else { throw await client.failure(answer) }
        try await take(answer, &report)
        return true
    }

    private func take(_ answer: RelayAnswer, _ report: inout PullReport) async throws {
        var received = report.received
        defer { report.received = received }
        do {
            try await takeFrames(answer, &received)
        } catch var error as SyncError where error.kind == .integrity {
            error.what = "\(client.name): " + error.what
            error.next = error.next ?? "Tell whoever runs the relay. Once its data folder is emptied, the team's devices fill it again."
            throw error
        }
    }

    private func takeFrames(_ answer: RelayAnswer, _ received: inout ReceiveReport) async throws {
        try await client.frames(of: answer) { segments, token in
            received.add(try replica.receive(segments) { try $0.setToken(token, of: remote) })
            // Whatever was opened just now is still in memory: the view is brought up to date frame by frame.
            try replica.applyReceived()
        }
    }

    /// Takes what is new at a relay that lost its place, and gives it back what it lost.
    private func recover(_ report: inout PullReport) async throws {
        report.relayWasReset = true
        let heads = try await heads()
        var want: [String: Int64] = [:]
        for head in try replica.heads() {
            want[head.tag.hex] = min(want[head.tag.hex] ?? .max, Int64(clamping: head.index))
        }
        let answer = try await client.send(
            .POST, path("/segments/want"), token: .bearer(replica.tokens.read), RelayMessages.Want(want: want))
        guard answer.status == 200 else { throw await client.failure(answer) }
        try await take(answer, &report)
        report.refilled = try await send(lackedBy: RelayMessages.heads(heads.heads))
        try replica.setToken(try await self.heads().position, of: remote)
    }

    // MARK: Control

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

    private func path(_ rest: String) -> String { "/v1/teams/\(replica.relayHandle)" + rest }

    // MARK: Invites

    /// Makes an invite and leaves its welcome in the relay's mailbox. The relay is asked first, so that no invite is left behind when
    /// it cannot be reached.
    public func invite(role: Role, expires: Int64, hours: Int) async throws -> PreparedInvite {
        try await Self.unreachable(meaning: "No invite was made.") { try await exchangeControl() }
        let invite = try replica.invite(role: role, relayURL: client.base, expires: expires)
        do {
            try await exchangeControl()
            let answer = try await client.request(
                .POST, path("/mailbox/\(invite.code.mailbox)?hours=\(hours)"), token: .bearer(replica.tokens.write),
                body: invite.box, type: "application/octet-stream")
            guard answer.status == 201 else { throw await client.failure(answer) }
        } catch {
            try replica.close(invite.invite, accepted: nil)
            throw error
        }
        return invite
    }

    /// Says what it means that a relay cannot be reached.
    private static func unreachable<Result>(meaning safe: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch var error as SyncError where error.kind == .unreachable {
            (error.safe, error.next) = (safe, "Try again when there is a network.")
            throw error
        }
    }

    /// Fetches and checks what an invite code leads to; nothing is written.
    public static func planJoin(_ code: InviteCode, timeoutSeconds: Int = 20) async throws -> JoinPlan {
        let client = RelayClient(try RelayAddress(code.relayURL), timeoutSeconds: timeoutSeconds)
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
        guard let address = try? RelayAddress(code.relayURL) else { return }
        _ = try? await RelayClient(address, timeoutSeconds: 5).request(.DELETE, "/v1/mailbox/\(code.mailbox)")
    }
}

/// What an exchange would do.
public struct ExchangePreview: Hashable, Sendable {
    /// This device's changes that the relay does not have.
    public var unsent: Int
    /// Segments that the relay has and this replica lacks.
    public var lacking: Int
}

extension Exchange {
    /// Asks the relay and changes nothing, here or there.
    public func preview() async throws -> ExchangePreview {
        let mine = Dictionary(try replica.heads().map { ($0.tag, $0.index) }, uniquingKeysWith: max)
        let lacking = RelayMessages.heads(try await heads().heads).reduce(0) { sum, head in
            let known = mine[head.tag].map { Int(clamping: $0) + 1 } ?? 0
            return sum + max(0, Int(clamping: head.index) + 1 - known)
        }
        return ExchangePreview(unsent: try replica.unsentCount(), lacking: lacking)
    }
}
