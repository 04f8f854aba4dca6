import SyncCore

/// Coming in by a code that asks back: somebody says yes.
struct JoinByAsking {
    private let context: Context
    private let joining: JoiningStore
    private let isWaiting: Bool

    init(_ context: Context, _ joining: JoiningStore, isWaiting: Bool) {
        (self.context, self.joining, self.isWaiting) = (context, joining, isWaiting)
    }

    func run(_ code: InviteCode) async throws {
        let asking = try Asking(code)
        let folder = try joining.waitingFolder()
        let pending = try await pending(code, asking, folder)
        if let answer = try await firstAnswer(asking, pending) { return try await take(answer, asking, pending, folder) }
        try show(pending)
        guard isWaiting else {
            return context.output.say("Once they have said yes:  \("sync join CODE", .strong)  again, with the same code.")
        }
        context.output.say("Ctrl-C ends the waiting, not the question: the same command goes on.")
        let answer = try await Polling.first(context.output, "Waiting for an answer…") { try await asking.answer(to: pending) }
        try await take(answer, asking, pending, folder)
    }

    /// The same keys go on asking, whatever happened in between.
    private func pending(_ code: InviteCode, _ asking: Asking, _ folder: String) async throws -> PendingJoin {
        if let known = PendingJoin.find(code, in: folder) { return known }
        let name = try joining.deviceName()
        let pending = try PendingJoin(code, try await asking.offer(), device: name, context.surroundings)
        try pending.write(in: folder)
        return pending
    }

    /// What came while nobody looked; else asks, which harms nobody twice.
    private func firstAnswer(_ asking: Asking, _ pending: PendingJoin) async throws -> JoinAnswer? {
        do {
            if let answer = try await asking.answer(to: pending) { return answer }
            try await asking.post(pending)
            return nil
        } catch let error as SyncError where error.kind == .notJoined {
            // Nobody will answer any more, and the keys are good for nothing else.
            try pending.destroy(in: joining.waitingFolder())
            throw error
        }
    }

    private func show(_ pending: PendingJoin) throws {
        let words = SpokenText.text(try pending.words())
        let role = pending.offer?.role.name ?? "member"
        let output = context.output
        if output.mode == .json {
            return output.json(
                "join", [("state", "waiting"), ("device", .string(pending.request.name)), ("role", .string(role)), ("words", .string(words))])
        }
        output.say("\(pending.request.name, .strong) asks to be let in, as a \(role). Whoever invited you will ask, by voice, for these words:")
        output.line("\(words, .strong)")
    }

    private func take(_ answer: JoinAnswer, _ asking: Asking, _ pending: PendingJoin, _ folder: String) async throws {
        guard case .welcome(let welcome, _) = answer.outcome else {
            try pending.destroy(in: folder)
            await asking.discardAnswer(to: pending)
            throw Self.refusal(answer.outcome)
        }
        let plan = try await asking.plan(pending, welcome)
        context.output.say("\(plan.inviterName) has let you into the team \(plan.teamName, .strong) as a \(plan.role.name).")
        let store = try joining.newFolder(
            team: plan.teamName, unless: "It was not changed. You are in the team: the same command with another --store goes on.")
        let protection = try joining.protection()
        let replica = try Replica.join(at: store, plan, protection: protection, surroundings: context.surroundings)
        try replica.addRemote(name: "relay", url: plan.relayURL)
        try pending.destroy(in: folder)
        try await joining.fetch(replica)
        await asking.discardAnswer(to: pending)
        try joining.finish(replica, team: plan.teamName, role: plan.role, protection)
    }

    static func refusal(_ outcome: JoinAnswer.Outcome) -> SyncError {
        let what =
            switch outcome {
            case .taken: "Somebody else was let in by this code."
            default: "The person who was asked said no."
            }
        return SyncError(.notJoined, what, safe: "Nothing was changed.", next: "Talk to them. For another try, ask for a new code.")
    }
}
