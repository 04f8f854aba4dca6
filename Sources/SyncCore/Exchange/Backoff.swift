/// How long is waited before something is tried again: longer and longer, and by chance, so that a team's devices do not all come back in
/// one moment (M. Brooker, "Exponential backoff and jitter", 2015).
struct Backoff: Sendable {
    /// Seconds, at most, before it is tried again for the first time.
    var shortest = 1.0
    let surroundings: Surroundings
    private static let longest = 60.0

    /// Between half of a time that doubles with each failure, and all of it.
    func seconds(after failures: Int) -> Double {
        let most = min(Self.longest, shortest * Double(1 << min(failures - 1, 16)))
        let chance = Double(surroundings.random(1)[0]) / 255
        return most * (0.5 + 0.5 * chance)
    }
}
