import SyncCore

/// How invites are named and described.
enum InviteText {
    static func short(_ name: Hash32) -> String { String(Base32.encode(name.bytes).prefix(6)) }

    static func role(_ text: String) throws -> Role {
        guard let role = Role(name: text) else {
            throw SyncError(.usage, "A role is reader, volunteer or coordinator.", safe: Failure.unchanged)
        }
        return role
    }

    static func status(_ invite: TeamState.InviteState, _ team: TeamState, now: Int64) -> String {
        switch invite.status {
        case .open where invite.invite.expires < now:
            "past its date, and not ended until the team key changes: who holds the code can still read"
        case .open: "open"
        case .joined(let device): "used by \(team.name(of: device) ?? "a device")"
        case .contested(let joins):
            "taken up by \(joins.count) devices: nobody counts until you pick one"
        case .closed(let device): device.flatMap { team.name(of: $0) }.map { "used by \($0)" } ?? "ended"
        }
    }

    static func status(_ invite: AskedInvite, _ clock: LocalClock) -> String {
        if let admitted = invite.admitted { return "\(admitted.name) was let in, and is not told yet:  sync invite answer \(invite.short)" }
        return invite.expires < clock.now ? "past its date" : "asks back, until \(clock.text(invite.expires)):  sync invite answer \(invite.short)"
    }

    /// Whoever comes finds what was sent, and nothing else.
    static func sayUnsent(_ replica: Replica, _ output: Output) throws {
        let unsent = try replica.unsentCount()
        guard unsent > 0 else { return }
        let changes = ExchangeRunner.count(unsent, "change")
        output.say("\(changes) of this device \(unsent == 1 ? "is" : "are") not sent yet: run  \("sync now", .strong)  so that they find what is here.")
    }
}

extension TeamState {
    /// The invite whose name begins so.
    func invite(_ prefix: String) throws -> InviteState {
        let found = invites.filter { Base32.encode($0.name.bytes).hasPrefix(prefix.lowercased()) }
        guard found.count == 1, let invite = found.first else {
            throw SyncError(
                .usage, found.isEmpty ? "There is no invite “\(prefix)”." : "Several invites begin with “\(prefix)”.",
                safe: Failure.unchanged, next: "See  sync invite list.")
        }
        return invite
    }
}

extension Replica {
    /// The invite that asks back and is called so; the only one where none is named.
    func askedInvite(_ short: String?) throws -> AskedInvite {
        let known = try askedInvites()
        let found = short.map { short in known.filter { $0.short.hasPrefix(short.lowercased()) } } ?? known
        if found.count == 1, let only = found.first { return only }
        let what =
            found.isEmpty
            ? short.map { "There is no invite “\($0)” by which somebody could ask." } ?? "There is no invite by which somebody could ask."
            : "Several could be meant: \(found.map(\.short).joined(separator: ", "))."
        throw SyncError(.usage, what, safe: Failure.unchanged, next: "See  sync invite list, or make one with  sync invite.")
    }

    /// The relay at which an invite's offer waits.
    func exchange(of invite: AskedInvite) throws -> Exchange {
        let url = try RelayAddress(invite.code.relayAddress).url
        guard let remote = try remotes().first(where: { (try? RelayAddress($0.url).url) == url }) else {
            throw SyncError(
                .usage, "The relay of this invite is none of this store's any more: \(url).", safe: Failure.unchanged,
                next: "Add it again with  sync remote add NAME URL.")
        }
        return try Exchange(self, remote: remote)
    }
}
