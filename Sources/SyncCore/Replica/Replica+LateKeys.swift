/// Changes whose dependencies could not be read when they came, because an epoch's key was not here.
///
/// Their numbers must not depend on which came first, the change or the key: once more keys are here, all are numbered anew.
extension Replica {
    /// Notes that a change depends on what an epoch holds that this device has no key of.
    func noteSkipped(_ change: Change, _ log: LogTransaction) throws {
        guard change.dependencies.contains(where: { keys.epochKey($0.epoch) == nil }), try keysAtSkip(log) == nil else { return }
        try noteNumbered(log)
    }

    /// Whether keys came since changes were taken in that may depend on what they open.
    func hasLateKeys(_ log: LogTransaction) throws -> Bool {
        try keysAtSkip(log).map { $0 < keys.epochs.count } ?? false
    }

    /// All changes are numbered as the keys that are here have it.
    func noteNumbered(_ log: LogTransaction) throws {
        // Not which epochs: a member can name any number that never were.
        var writer = ByteWriter(capacity: 4)
        writer.count(keys.epochs.count)
        try log.set(Setting.keysAtSkip, writer.bytes)
    }

    /// How many keys were here when a change was taken in without what it depends on, or all was numbered last after that.
    private func keysAtSkip(_ log: LogTransaction) throws -> Int? {
        guard let bytes = try log.setting(Setting.keysAtSkip) else { return nil }
        var reader = ByteReader(bytes)
        return try reader.count(limit: .max)
    }
}
