import SyncCore

/// Whether a chain of registrations, or its tail, continues the one that is stored (`docs/relay-protocol.md`).
///
/// Any member may replay the newer chain that it holds: a relay restored from a backup forgets no removal that way.
enum RegistrationOffer {
    enum Verdict: Hashable {
        /// The part to append, perhaps nothing.
        case accepted([Registration])
        case conflict
        /// Nothing in it belongs to this team.
        case stranger
    }

    static func judge(_ offered: [Registration], stored: [Registration], handle: TeamHandle) -> Verdict {
        guard let first = offered.first, zip(offered, offered.dropFirst()).allSatisfy({ $1.isSuccessor(of: $0) }) else {
            return .stranger
        }
        guard let known = stored.first, let newest = stored.last else {
            return first.counter == 0 && TeamHandle(of: first) == handle ? .accepted(offered) : .stranger
        }
        guard first.teamSalt == known.teamSalt else { return .stranger }
        for (record, other) in zip(offered, stored.drop { $0.counter < first.counter }) where !says(record, theSameAs: other) {
            return .conflict
        }
        let fresh = offered.filter { $0.counter > newest.counter }
        if let next = fresh.first, !next.isSuccessor(of: newest) { return .conflict }
        return .accepted(fresh)
    }

    /// Two signatures of one content are the same registration: not every signer is deterministic.
    private static func says(_ a: Registration, theSameAs b: Registration) -> Bool {
        var a = a
        a.signature = b.signature
        return a == b
    }
}
