import SyncCore

/// A person says yes or no to whoever asks, by words that both read.
struct RequestDialog {
    private let context: Context
    private let replica: Replica
    private let exchange: Exchange

    init(_ context: Context, _ replica: Replica, _ exchange: Exchange) {
        (self.context, self.replica, self.exchange) = (context, replica, exchange)
    }

    /// Waits until somebody asks, and asks the person here; until somebody was let in.
    ///
    /// - Throws: `usage` where the person here says neither yes nor no, `notJoined` where the invite is over.
    func wait(for invite: AskedInvite) async throws {
        while true {
            let waiting = try await Polling.first(context.output, "Waiting for somebody to ask…") {
                guard invite.expires > context.surroundings.now(), let found = try await requests(invite) else { throw Self.isOver(invite) }
                return found.isEmpty ? nil : found
            }
            if try await answer(waiting) { return }
        }
    }

    static func isOver(_ invite: AskedInvite) -> SyncError {
        SyncError(
            .notJoined, "Nobody can ask by this invite any more: it is past its date, or the relay has forgotten it.", safe: "Nobody was let in.",
            next: "Run  sync invite end \(invite.short), and make a new one:  sync invite.")
    }

    /// As the invite stands now: who was declined meanwhile is not shown again.
    private func requests(_ invite: AskedInvite) async throws -> [WaitingRequest]? {
        let kept = try replica.askedInvites().first { $0.code == invite.code }
        return try await exchange.requests(for: kept ?? invite)
    }

    /// - Returns: Whether somebody was let in.
    private func answer(_ waiting: [WaitingRequest]) async throws -> Bool {
        let chosen = waiting.count == 1 ? try one(waiting[0]) : try several(waiting)
        guard let chosen else {
            guard waiting.count == 1, try isSure("Tell it no? It cannot ask by this code again.") else { throw notDone(waiting[0].invite) }
            try await decline(waiting[0])
            return false
        }
        try await exchange.admit(chosen)
        sayAdmitted(chosen.request, chosen.invite.role)
        return true
    }

    private func one(_ waiting: WaitingRequest) throws -> WaitingRequest? {
        context.output.tell("\(waiting.request.name, .strong) asks to be let in, as a \(waiting.invite.role.name).")
        context.output.tell("Ask them, by voice, for the four words on their screen. They must be:")
        context.output.tell("    \(SpokenText.text(waiting.words), .strong)")
        return try isSure("Are they the same?") ? waiting : nil
    }

    private func several(_ waiting: [WaitingRequest]) throws -> WaitingRequest? {
        context.output.tell("\("!", .attention) \(waiting.count) devices ask by this code: somebody has it who should not.")
        for (number, request) in waiting.enumerated() {
            context.output.tell("  \(number + 1)  \(SpokenText.text(request.words), .strong)  \(request.request.name)")
        }
        let answer = context.ask("Which of these words do they read to you, by voice? (a number; nothing: none) ") ?? ""
        guard let number = Int(Choice.trimmed(answer)), waiting.indices.contains(number - 1) else { return nil }
        return waiting[number - 1]
    }

    /// Whatever `--yes` says: that is for questions that need nothing of another person.
    private func isSure(_ question: String) throws -> Bool {
        guard context.canAsk else {
            throw SyncError(
                .usage, "Words have to be compared, and nobody can be asked here.", safe: "Nobody was let in.",
                next: "Repeat it with --words and those that their screen shows.")
        }
        return ["y", "yes"].contains((context.ask("\(question) [y/N] ") ?? "").lowercased())
    }

    private func notDone(_ invite: AskedInvite) -> SyncError {
        SyncError(
            .usage, "Nobody was let in.", safe: "The invite stands.",
            next: "Go on with  sync invite answer \(invite.short), or end it:  sync invite end \(invite.short)")
    }

    func decline(_ waiting: WaitingRequest) async throws {
        try await exchange.decline(waiting)
        if context.output.mode == .json {
            context.output.json("declined", [("device", .string(waiting.request.name))])
        } else {
            context.output.say("Told \(waiting.request.name) no.")
        }
    }

    func sayAdmitted(_ request: JoinRequest, _ role: Role) {
        if context.output.mode == .json {
            return context.output.json("admitted", [("device", .string(request.name)), ("role", .string(role.name))])
        }
        context.output.line("Let in \(request.name, .strong) as a \(role.name). It goes on by itself.")
    }

    /// For whoever decides by a script.
    func list(_ waiting: [WaitingRequest]) {
        for request in waiting {
            switch context.output.mode {
            case .json:
                context.output.json(
                    "request",
                    [
                        ("invite", .string(request.invite.short)), ("device", .string(request.request.name)),
                        ("role", .string(request.invite.role.name)), ("words", .string(SpokenText.text(request.words))),
                    ])
            default: context.output.line("\(request.request.name, .strong)  \(SpokenText.text(request.words))")
            }
        }
        context.output.say("Ask them by voice which words their screen shows:  \("sync invite answer --words \"…\"", .strong)")
    }
}

/// Waiting for what somebody else does.
enum Polling {
    /// Asks until there is something; the pauses grow from one second to five. A relay that cannot be reached is asked again.
    static func first<Result>(_ output: Output, _ what: Line, _ ask: () async throws -> Result?) async throws -> Result {
        defer { output.endProgress() }
        var pause = 1
        while true {
            var shown = what
            do {
                if let found = try await ask() { return found }
            } catch let error as SyncError where error.kind == .unreachable {
                shown = "\(what) (\(error.what))"
            }
            output.progress(shown)
            try await Task.sleep(for: .seconds(pause))
            pause = min(5, pause + 1)
        }
    }
}
