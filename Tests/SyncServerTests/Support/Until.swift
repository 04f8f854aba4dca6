import SyncCore

/// Waits for something that is about to happen on another thread, without sleeping; throws when it does not within half a minute.
func until(_ condition: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while !condition() {
        guard ContinuousClock.now < end else { throw SyncError(.failure, "It did not happen.") }
        await Task.yield()
    }
}
