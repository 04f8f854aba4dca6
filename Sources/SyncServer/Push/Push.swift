import SyncCore

/// One push, from its runs to the receipt.
enum Push {
    static func store(_ reader: PushReader, in store: some RelayStore, of team: RelayTeam) async throws -> AppendReceipt {
        let logs = try await store.logs(reader.runs.map(\.range), of: team)
        var check = RunCheck(salt: team.registration.teamSalt, logs: logs)
        var verified: [VerifiedRun] = []
        var refused = reader.refused
        for run in reader.runs {
            let outcome = try await check.check(run)
            if let run = outcome.verified { verified.append(run) }
            if let refusal = outcome.refusal { refused.append(refusal) }
        }
        var receipt = try await store.append(verified, touching: Set(reader.runs.map(\.tag)), to: team)
        receipt.refused = refused + receipt.refused
        return receipt
    }
}
