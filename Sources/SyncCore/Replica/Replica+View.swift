extension Replica {
    /// Whether the view has everything that the log has, under the same team.
    func isViewCurrent() throws -> Bool {
        let view = try view()
        return try log.read { log in
            try view.read { view in
                let last = try log.lastChangeNumber()
                return try Self.position(view) == last && Self.nameAtPosition(view) == log.change(last)?.name
                    && view.setting(Setting.controlDigest) == log.setting(Setting.controlDigest)
                    && view.setting(Setting.logID) == log.setting(Setting.logID)
            }
        }
    }

    static func position(_ view: ViewTransaction) throws -> Int64 {
        guard let bytes = try view.setting(Setting.position) else { return 0 }
        var reader = ByteReader(bytes)
        return try reader.zig()
    }

    /// The name of the change at the view's position: another one there means that the log is not the one that the view was made from.
    private static func nameAtPosition(_ view: ViewTransaction) throws -> ChangeName? {
        guard let bytes = try view.setting(Setting.position) else { return nil }
        var reader = ByteReader(bytes)
        _ = try reader.zig()
        return try ChangeName(from: &reader)
    }

    private static func setPosition(_ view: ViewTransaction, _ change: StoredChange) throws {
        var writer = ByteWriter()
        writer.zig(change.number)
        change.name.append(to: &writer)
        try view.set(Setting.position, writer.bytes)
    }

    private static let batch = 256

    /// Applies to the view what it lacks, in batches. The caller holds the lock.
    func catchUp() throws {
        do {
            if try isViewCurrent() { return }
            try catchUpOnce()
        } catch is ViewStore.Damaged {
            dropView()
            do { try catchUpOnce() } catch let error as ViewStore.Damaged { throw error.failure }
        }
    }

    /// Applies what was just added to a log that the view was level with. The caller holds the lock.
    func applyAppended() throws {
        do {
            let view = try view()
            try log.read { log in
                while try view.write({ view in try applyBatch(log, view) }) {}
            }
        } catch is ViewStore.Damaged {
            dropView()
            try catchUp()
        }
    }

    /// Runs `body`, and once more on a view that was made again if the view turned out to be damaged. `body` must not have changed
    /// anything by then.
    func onSoundView<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch is ViewStore.Damaged {
            try locked {
                dropView()
                try catchUp()
            }
            do { return try body() } catch let error as ViewStore.Damaged { throw error.failure }
        }
    }

    private func catchUpOnce() throws {
        if try isViewForeign() { dropView() }
        let view = try view()
        try log.read { log in
            try view.write { view in try prepare(log, view) }
            while try view.write({ view in try applyBatch(log, view) }) {}
        }
    }

    /// The view of another log, or one that is ahead of this one: a log that was restored from a backup.
    func isViewForeign() throws -> Bool {
        let view = try view()
        return try log.read { log in
            try view.read { view in
                guard let id = try view.setting(Setting.logID) else { return false }
                return try id != log.setting(Setting.logID)
                    || Self.nameAtPosition(view) != log.change(Self.position(view))?.name
            }
        }
    }

    /// Folds again what a change of the team touched.
    private func prepare(_ log: LogTransaction, _ view: ViewTransaction) throws {
        let digest = try log.setting(Setting.controlDigest) ?? []
        if try view.setting(Setting.logID) == nil {
            try view.set(Setting.logID, try log.setting(Setting.logID) ?? [])
            try view.set(Setting.controlDigest, digest)
        }
        guard try view.setting(Setting.controlDigest) != digest else { return }
        let position = try Self.position(view)
        let applier = ViewApplier(log, view, loader, viewRows, applied: position)
        var records: Set<Int64> = []
        for number in try log.changesToFold() where number <= position {
            records.formUnion(try applier.touchedRuns(number).records)
        }
        for record in records.sorted() { try applier.refold(record) }
        try applier.finish()
        tail.add(changes: records.count, operations: 0)
        try view.set(Setting.controlDigest, digest)
    }

    private func applyBatch(_ log: LogTransaction, _ view: ViewTransaction) throws -> Bool {
        let position = try Self.position(view)
        let changes = try log.changes(after: position, limit: Self.batch)
        guard let last = changes.last else { return false }
        let applier = ViewApplier(log, view, loader, viewRows, applied: position)
        for change in changes { try applier.apply(change) }
        try applier.finish()
        tail.add(changes: changes.count, operations: applier.operations)
        try Self.setPosition(view, last)
        return changes.count == Self.batch
    }

    /// Makes the view again from the log. Where the log cannot be read, the old view stays.
    public func rebuild() throws -> Int {
        try locked {
            try replaceView { try catchUp() }
            return Int(try log.read { try $0.lastChangeNumber() })
        }
    }
}
