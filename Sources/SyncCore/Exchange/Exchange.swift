import NIOHTTP1

/// What a push did.
public struct PushReport: Hashable, Sendable {
    /// This device's changes that the relay did not have.
    public var changes = 0
    /// Segments sent, others' included, and their bytes.
    public var segments = 0
    public var bytes = 0
    /// Of them, those of other devices: a relay that was wiped or restored is refilled.
    public var othersSegments = 0
    /// The relay had lost what it once had.
    public var relayWasReset = false
    /// Segments whose contents were redacted, and that the relay was not told to drop: this device does not hold the relay's key, or the relay
    /// is of an earlier version.
    public var keptRedacted = 0
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

    /// Of the relay.
    public var url: String { client.base }

    // MARK: Push

    /// Sends everything that the relay lacks, other devices' segments included.
    public func push() async throws -> PushReport { try await underNewestTokens { try await pushOnce() } }

    private func pushOnce() async throws -> PushReport {
        var wasReset = false
        _ = try await exchangeControlAndLook(&wasReset)
        if try replica.rotateIfNeeded() { try await exchangeControl() }
        let heads = try await heads()
        let before = try replica.unsentCount()
        if try replica.lacksAcknowledged(RelayMessages.heads(heads.heads), remote) { try noteSetback(&wasReset) }
        try await fetchOwn(RelayMessages.heads(heads.heads))
        _ = try replica.seal()
        let bare = try await withdraw(heads)
        var report = try await send(lackedBy: RelayMessages.heads(heads.heads), bare: bare)
        report.relayWasReset = wasReset
        report.changes = before - (try replica.unsentCount())
        report.keptRedacted = try replica.withdrawals().count { !bare.contains($0.chain) }
        try replica.noteExchange(remote)
        return report
    }

    /// `bare`: the segments that the relay takes without their bodies.
    private func send(lackedBy heads: [LogHead], bare: Set<Hash32>) async throws -> PushReport {
        var report = PushReport()
        try replica.noteHeld(heads)
        for batch in try replica.offers(lackedBy: heads, bare: bare) {
            var body = ByteWriter(capacity: batch.reduce(0) { $0 + $1.count + 8 })
            for segment in batch { StreamItem.segment(segment).append(to: &body) }
            let answer = try await client.request(
                .POST, path("/segments"), token: .bearer(replica.tokens(at: remote).write), body: body.bytes,
                type: StreamItem.contentType)
            guard answer.status == 200 else { throw await client.failure(answer) }
            let pushed = try await answer.json(RelayMessages.Pushed.self)
            if let refusal = pushed.refused.first {
                throw SyncError(
                    .refused, "The relay refused \(pushed.refused.count) segments (\(refusal.reason)).",
                    safe: "Your records are safe here.", next: "Run  sync doctor, and ask whoever runs the relay.")
            }
            let held = RelayMessages.heads(pushed.heads)
            try replica.noteHeld(held)
            try replica.noteAcknowledged(held, by: remote)
            report.segments += pushed.stored
            report.bytes += body.bytes.count
        }
        report.othersSegments = report.segments - (try replica.ownSegments(past: heads))
        return report
    }

    /// Another device may change the relay's tokens while this one is at it: then it is begun again, under the new ones.
    private func underNewestTokens<Report>(_ step: () async throws -> Report) async throws -> Report {
        do {
            return try await step()
        } catch let error as SyncError where error.kind == .notJoined {
            return try await step()
        }
    }

    // MARK: Pull

    /// Takes in everything that the relay has and this replica lacks.
    public func pull() async throws -> PullReport { try await underNewestTokens { try await pullOnce() } }

    private func pullOnce() async throws -> PullReport {
        var report = PullReport()
        let end = try await exchangeControlAndLook(&report.relayWasReset)
        let last = try replica.lastRecord()
        report.received.firstChange = try replica.lastChange()
        // Where nothing is new, one question was enough.
        let isThere = try end != nil && end == replica.remote(remote)?.token
        if !isThere, try await !pullFrames(&report) { try await recover(&report) }
        if try replica.hasUnread() { try await exchangeControl() }
        try replica.applyReceived()
        try replica.summarise(&report.received, newAfter: last)
        let closed = try replica.closeUsedInvites()
        if try replica.rotateIfNeeded() || closed > 0 { try await exchangeControl() }
        try replica.noteExchange(remote)
        return report
    }

    /// False when the relay does not honour the position: it was wiped, or restored from a backup.
    private func pullFrames(_ report: inout PullReport) async throws -> Bool {
        let token = try replica.remote(remote)?.token
        let query = token.map { "?after=" + $0 } ?? ""
        let answer = try await client.request(.GET, path("/segments" + query), token: .bearer(replica.tokens(at: remote).read))
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
        try noteSetback(&report.relayWasReset)
        // It may have lost control records, too, and have others in their places.
        try replica.forgetControl(at: remote)
        try await exchangeControl()
        let heads = try await heads()
        var want: [String: Int64] = [:]
        for head in try replica.heads() {
            want[head.tag.hex] = min(want[head.tag.hex] ?? .max, Int64(clamping: head.index))
        }
        // It may be on another branch, which leaves ours nobody knows where: then the whole log is asked for.
        for head in try replica.unknown(RelayMessages.heads(heads.heads)) { want[head.tag.hex] = nil }
        let answer = try await client.send(
            .POST, path("/segments/want"), token: .bearer(replica.tokens(at: remote).read), RelayMessages.Want(want: want))
        guard answer.status == 200 else { throw await client.failure(answer) }
        try await take(answer, &report)
        report.refilled = try await send(lackedBy: RelayMessages.heads(heads.heads), bare: withdraw(heads))
        try replica.setToken(RelayMessages.position(try await self.heads().position), of: remote)
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
            // The relay's word for it, and any number: as many of them as an answer holds must not overflow.
            let index = min(head.index, 1 << 40)
            let known = mine[head.tag].map { min($0, 1 << 40) + 1 } ?? 0
            return sum + max(0, Int(index) + 1 - Int(known))
        }
        return ExchangePreview(unsent: try replica.unsentCount(), lacking: lacking)
    }
}
