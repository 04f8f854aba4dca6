import SyncCore

/// Hands a new recovery key to a person: on the screen, where two groups of it are to be typed back, or in a file.
struct RecoveryOffer {
    private let context: Context
    private let file: String?

    /// - Parameter file: Where it is written to instead of shown.
    init(_ context: Context, file: String?) {
        self.context = context
        self.file = file
    }

    /// Whether somebody can get one here.
    var isPossible: Bool { file != nil || context.canAsk }

    /// A new key that somebody has; nil where it was declined, or nobody can get one.
    func make() throws -> RecoveryKey? {
        let key = RecoveryKey.random(context.surroundings)
        if let file {
            try FileSystem.createDurably(Array((key.text + "\n").utf8), at: file)
            return key
        }
        guard context.canAsk, try isTypedBack(key) else { return nil }
        return key
    }

    /// Runs what makes a new key good. Where that fails, no file is left with a key that opens nothing.
    func using<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            if let file { try? FileSystem.destroy(file) }
            throw error
        }
    }

    private var offered: Line {
        "A recovery key opens this store if you lose the passphrase, and brings you back into the team if you lose this device. Whoever finds it can do the same."
    }

    private func isTypedBack(_ key: RecoveryKey) throws -> Bool {
        let output = context.output
        output.tell(offered)
        output.tell("Write it down now; it is not shown again, and nobody can make it again:")
        output.tell("")
        output.tell("  \(key.text, .strong)")
        output.tell("")
        for number in twoGroups(of: key) {
            while true {
                guard let typed = context.ask("Type back group \(number + 1) of \(key.groups.count) (nothing: make none): ") else {
                    throw SyncError(.usage, "Not done.", safe: Failure.unchanged)
                }
                guard !Choice.trimmed(typed).isEmpty else {
                    output.tell("No recovery key was made; the one above opens nothing. Later:  \("sync key recovery", .strong)")
                    return false
                }
                if key.isGroup(number, typed) { break }
                output.tell("That is not group \(number + 1).")
            }
        }
        return true
    }

    private func twoGroups(of key: RecoveryKey) -> [Int] {
        let drawn = context.surroundings.random(2).map(Int.init)
        let count = key.groups.count
        let first = drawn[0] % count
        return [first, (first + 1 + drawn[1] % (count - 1)) % count].sorted()
    }
}
