import SyncCore

/// What was decided about an invite, for those who do not know it yet.
enum InviteNews {
    /// Says at once to every relay what was decided. One that cannot be reached learns of it at the next exchange.
    ///
    /// - Returns: The names of those that know.
    @discardableResult
    static func tellRelays(_ replica: Replica, _ output: Output, _ until: String) async -> [String] {
        var told: [String] = []
        for remote in (try? replica.remotes()) ?? [] {
            do {
                try await Exchange(replica, remote: remote, timeoutSeconds: 10).exchangeControl()
                told.append(remote.name)
            } catch {
                output.tell("\("!", .attention) \(remote.name) does not know yet: run  \("sync now", .strong)  when it can be reached. \(until)")
            }
        }
        return told
    }

    /// What waits at this relay for somebody here: brings answers on their way that were cut off, and says who asks.
    ///
    /// Failing loses nothing: it is asked again at the next exchange.
    static func look(_ exchange: Exchange, _ replica: Replica, _ output: Output) async {
        for invite in (try? replica.askedInvites()) ?? [] where (try? RelayAddress(invite.code.relayAddress).url) == exchange.url {
            if invite.admitted != nil {
                try? await exchange.finish(invite)
                continue
            }
            guard let waiting = try? await exchange.requests(for: invite), !waiting.isEmpty else { continue }
            let names = waiting.map(\.request.name).joined(separator: ", ")
            if output.mode == .json {
                output.json("asking", [("invite", .string(invite.short)), ("devices", .array(waiting.map { .string($0.request.name) }))])
            } else {
                output.line("\("?", .attention) \(names) \(waiting.count == 1 ? "asks" : "ask") to be let in:  \("sync invite answer \(invite.short)", .strong)")
            }
        }
    }
}
