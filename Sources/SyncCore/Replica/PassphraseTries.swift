/// Slows down whoever guesses at the keyboard: after each wrong passphrase the next try has to wait, 1 second first, then twice as long each
/// time, up to 30. Kept in a file, so that a new process knows. Who has the disk does not ask: against them only scrypt stands.
struct PassphraseTries {
    private static let longestMilliseconds: Int64 = 30_000

    private let paths: StorePaths
    private let surroundings: Surroundings

    init(_ paths: StorePaths, _ surroundings: Surroundings) {
        self.paths = paths
        self.surroundings = surroundings
    }

    private struct Failures {
        var count: Int
        /// When the last one began, in milliseconds since 1970.
        var last: Int64

        var bytes: [UInt8] {
            var writer = ByteWriter(capacity: 16)
            writer.count(count)
            writer.zig(last)
            return writer.bytes
        }

        init(count: Int, last: Int64) { (self.count, self.last) = (count, last) }

        init?(_ bytes: [UInt8]) {
            var reader = ByteReader(bytes)
            guard let count = try? reader.count(limit: 1 << 20), let last = try? reader.zig(), reader.isAtEnd else { return nil }
            (self.count, self.last) = (count, last)
        }

        /// What is left to wait. A clock that was set back makes nobody wait for it.
        func wait(at now: Int64) -> Int64 {
            guard count > 0, now >= last else { return 0 }
            let delay = count > 5 ? longestMilliseconds : min(longestMilliseconds, 1000 << Int64(count - 1))
            return max(0, delay - (now - last))
        }
    }

    /// Throws `locked` where the next try may not be made yet.
    func require() throws { try require(failures(), at: surroundings.now()) }

    /// Notes a try before it is made: whoever ends the process while it computes has made it all the same. Several at once are counted one
    /// after the other. The caller does not hold the store's lock.
    func begin() throws {
        let lock = try StoreLock(path: paths.lock)
        try withExtendedLifetime(lock) {
            let (known, now) = (failures(), surroundings.now())
            try require(known, at: now)
            try write(Failures(count: min((known?.count ?? 0) + 1, 1 << 10), last: now))
        }
    }

    /// The time begins when it is known that the passphrase was wrong: that took a while.
    func failed() throws {
        let lock = try StoreLock(path: paths.lock)
        try withExtendedLifetime(lock) {
            if let known = failures() { try write(Failures(count: known.count, last: surroundings.now())) }
        }
    }

    private func write(_ failures: Failures) throws { try FileSystem.replace(failures.bytes, at: paths.tries) }

    func succeeded() { FileSystem.remove(paths.tries) }

    private func failures() -> Failures? {
        guard FileSystem.exists(paths.tries) else { return nil }
        return (try? FileSystem.read(paths.tries, first: 64)).flatMap(Failures.init)
    }

    private func require(_ failures: Failures?, at now: Int64) throws {
        guard let wait = failures?.wait(at: now), wait > 0 else { return }
        let seconds = (wait + 999) / 1000
        throw SyncError(
            .locked, "A wrong passphrase was given just now: the next try can be made in \(seconds) second\(seconds == 1 ? "" : "s").",
            safe: "Nothing was changed.", next: "Wait, and try again.")
    }
}
