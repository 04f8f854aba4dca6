import SyncCore

/// Coming in by two files, without a network.
struct JoinByFile {
    private let context: Context
    private let joining: JoiningStore

    init(_ context: Context, _ joining: JoiningStore) { (self.context, self.joining) = (context, joining) }

    // MARK: The request

    func ask(into file: String) throws {
        let pending = try PendingJoin(device: joining.deviceName(), context.surroundings)
        let words = SpokenText.text(try pending.words())
        let target = try OutputTarget(file, context.output)
        // The keys first: an answer to a request whose keys are gone opens nothing.
        let folder = try joining.waitingFolder()
        try pending.write(in: folder)
        do {
            try target.writing { put in try put(RequestFile.bytes(pending.request)) }
        } catch {
            try pending.destroy(in: folder)
            throw error
        }
        let output = context.output
        if output.mode == .json {
            let members: [(String, JSON)] = [("state", "asked"), ("file", .string(file)), ("device", .string(pending.request.name)), ("words", .string(words))]
            return file == "-" ? output.tellJSON(JSON.line("join", members)) : output.json("join", members)
        }
        output.say("Give \(file == "-" ? "the file" : file) to a coordinator of the team. They run  \("sync invite admit FILE -o ANSWER", .strong)  and ask you, by voice, for these words:")
        if file == "-" { output.tell("\(words, .strong)") } else { output.line("\(words, .strong)") }
        output.say("With what they give back:  \("sync join --answer FILE", .strong)")
    }

    // MARK: The answer

    func takeUp(_ path: String, words: String?) async throws {
        let bytes = try JoinFile.answer(path)
        let folder = try joining.waitingFolder()
        guard let (pending, file) = Self.opened(bytes, folder) else {
            throw SyncError(
                .integrity, "\(path) answers no request of this device, or it is damaged.", safe: Failure.unchanged,
                next: "Each answer is for the device that made the request, with the same --store. Else make a new one:  sync join --request FILE.")
        }
        guard case .welcome(let welcome, let url) = file.answer.outcome else { throw JoinByAsking.refusal(file.answer.outcome) }
        let plan = try Replica.planAdmitted(pending, welcome, by: file.inviter, relayURL: url, control: file.control)
        let shown = try JoinWords.answer(team: welcome.team, inviter: file.inviter, joiner: pending.request.keys)
        let store = try joining.newFolder(team: plan.teamName, unless: "It was not changed. The answer is good for another --store.")
        try JoinFile.compare(
            shown, given: words, context, "\(plan.inviterName) lets you into the team \(plan.teamName) as a \(plan.role.name).",
            safe: Failure.unchanged)
        let protection = try joining.protection()
        let replica = try Replica.join(at: store, plan, protection: protection, surroundings: context.surroundings)
        try pending.destroy(in: folder)
        try await reach(url, replica)
        try joining.finish(replica, team: plan.teamName, role: plan.role, protection)
    }

    private static func opened(_ bytes: [UInt8], _ folder: String) -> (PendingJoin, AnswerFile)? {
        for pending in PendingJoin.all(in: folder) where pending.code == nil {
            if let file = pending.open(file: bytes) { return (pending, file) }
        }
        return nil
    }

    /// Where the team meets, if it said so. Without a network the store is as good.
    private func reach(_ url: String, _ replica: Replica) async throws {
        guard !url.isEmpty else { return context.output.say("This team named no relay. Records come by  \("sync bundle apply FILE", .strong)") }
        try replica.addRemote(name: "relay", url: url)
        do {
            try await joining.fetch(replica)
        } catch let error as SyncError where error.kind == .unreachable {
            context.output.say("\(error.what) What others have sent comes with  \("sync now", .strong), or by  \("sync bundle apply FILE", .strong)")
        }
    }
}

/// The two files, as they are read from a disk.
enum JoinFile {
    static func request(_ path: String) throws -> JoinRequest {
        let bytes = try read(path, limit: RequestFile.sizeLimit)
        guard let request = try? RequestFile.read(bytes) else {
            throw SyncError(.integrity, "\(path) is no request to join, or it is damaged.", safe: "Nobody was let in.", next: "Have it made again:  sync join --request FILE.")
        }
        return request
    }

    static func answer(_ path: String) throws -> [UInt8] {
        let bytes = try read(path, limit: AnswerFile.sizeLimit)
        guard AnswerFile.isOne(bytes) else {
            throw SyncError(.integrity, "\(path) is no answer to a request to join, or it is damaged.", safe: Failure.unchanged)
        }
        return bytes
    }

    private static func read(_ path: String, limit: Int) throws -> [UInt8] {
        guard let bytes = try? FileSystem.read(path, first: limit + 1) else {
            throw SyncError(.usage, "\(path) cannot be read.", safe: Failure.unchanged)
        }
        guard bytes.count <= limit else {
            throw SyncError(.integrity, "\(path) is larger than any such file.", safe: Failure.unchanged)
        }
        return bytes
    }

    /// Two people read words to each other; a script brings them along. `--yes` does not answer this: it is not for one person to say.
    static func compare(_ words: [String], given: String?, _ context: Context, _ what: String, safe: String) throws {
        if let given {
            guard SpokenText.isSame(words, given) else {
                throw SyncError(
                    .integrity, "The words are not the same: this file was not made by them, or not for you.", safe: safe,
                    next: "Ask for the words again. If they differ still, let them make the file anew and hand it over themselves.")
            }
            return
        }
        guard context.canAsk else {
            throw SyncError(
                .usage, "Words have to be compared, and nobody can be asked here.", safe: safe,
                next: "Repeat it with --words and those that the other side shows.")
        }
        context.output.tell("\(what, .strong)")
        context.output.tell("Compare these words by voice with those on the other screen:")
        context.output.tell("    \(SpokenText.text(words), .strong)")
        guard ["y", "yes"].contains((context.ask("Are they the same? [y/N] ") ?? "").lowercased()) else {
            throw SyncError(.usage, "Not done.", safe: safe)
        }
    }
}
