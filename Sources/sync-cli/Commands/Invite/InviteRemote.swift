import ArgumentParser
import SyncCore

/// Which relay an invite goes through.
struct InviteRemote: ParsableArguments {
    @Option(help: ArgumentHelp("The relay where the other device asks.", valueName: "name"))
    var remote: String?

    func remote(_ replica: Replica) throws -> StoredRemote {
        guard let found = try remoteIfAny(replica) else {
            throw SyncError(
                .usage, "An invite needs a relay where the other device can ask.", safe: Failure.unchanged,
                next: "Add one with  sync remote add relay URL, or let it in by files:  sync invite admit FILE.")
        }
        return found
    }

    /// The one that was named, else the first.
    func remoteIfAny(_ replica: Replica) throws -> StoredRemote? {
        let known = try replica.remotes()
        guard let remote else { return known.first }
        guard let found = known.first(where: { $0.name == remote }) else {
            throw SyncError(.usage, "There is no remote “\(remote)”.", safe: Failure.unchanged, next: "See  sync remote list.")
        }
        return found
    }
}

/// Whether a command waits for the other side.
struct WaitOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Wait for the other side (else: where somebody sits at a terminal).")
    var wait: Bool?

    func isWaiting(_ context: Context) -> Bool { wait ?? (context.canAsk && context.output.mode == .text) }
}
