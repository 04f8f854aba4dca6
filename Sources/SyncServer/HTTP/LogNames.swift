import SyncCore

/// What a relay's log calls teams: names that tell them apart while the relay runs, and that nobody can find from a handle.
///
/// The key is drawn when the relay starts and is nowhere else, so a log cannot be joined with the database, nor with an earlier run's log.
struct LogNames: Sendable {
    private let key: Secret

    init(_ surroundings: Surroundings) { key = .random(surroundings) }

    /// Eight hexadecimal digits.
    func name(ofTeam handle: String) -> String {
        Hex.encode(key.derive("sync/v1/log-name", Array(handle.utf8)).bytes.prefix(4))
    }
}
