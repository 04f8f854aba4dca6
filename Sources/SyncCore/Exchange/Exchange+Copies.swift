import NIOHTTP1

extension Exchange {
    /// Fetches what the relay names of this device's own logs and this store never wrote: another copy of it did. Only what is signed
    /// counts: a relay that merely says so changes nothing. To be done before anything is sealed, so that no log is forked.
    func fetchOwn(_ heads: [LogHead]) async throws {
        guard try replica.isNamedElsewhere(heads) else { return }
        let own = Set(try replica.ownTags())
        // Of the others nothing is wanted now.
        var want: [String: Int64] = [:]
        for head in heads where !own.contains(head.tag) { want[head.tag.hex] = max(want[head.tag.hex] ?? 0, Int64(clamping: head.index)) }
        let answer = try await client.send(
            .POST, path("/segments/want"), token: .bearer(replica.tokens(at: remote).read), RelayMessages.Want(want: want))
        guard answer.status == 200 else { throw await client.failure(answer) }
        try await client.frames(of: answer) { segments, _ in _ = try replica.receive(segments) }
        try replica.applyReceived()
    }
}
