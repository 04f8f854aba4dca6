extension Session {
    /// What undoing a change would do.
    ///
    /// - Throws: `usage` where the change is not here.
    public func undoPlan(of name: ChangeName) throws -> UndoPlan {
        guard let change = try index.stored(name) else {
            throw SyncError(.usage, "The change \(name) is not here.", safe: "Nothing was changed.", next: "See the names in  sync log.")
        }
        return try undoPlan(of: change, ChangesRead(self))
    }

    private func undoPlan(of change: StoredChange, _ read: ChangesRead) throws -> UndoPlan {
        let operations = try read.operations(change)
        let touched = try Touched(try view.touched(change.number) ?? [])
        var plan = UndoPlan(change: try origin(change.name, try team()), undoes: try undone(by: change, operations))
        let places = operations.indices.map { touched.record(ofOperation: UInt32(truncatingIfNeeded: $0)) }
        plan.anchor = places.firstIndex { $0 != nil }.map { WriteName(change: change.name, operation: UInt32(truncatingIfNeeded: $0)) }
        var seen: Set<Int64> = []
        for number in places.compactMap(\.self) where seen.insert(number).inserted {
            guard let id = try view.recordID(number: number), let past = try RecordPast(id, self, read) else { continue }
            try RecordUndo(change, past, self).add(to: &plan)
        }
        return plan
    }

    /// What to undo where nobody says: this device's newest change that still has an effect, and is no undo. Doing an undone change again
    /// is no undo. That change may be one of which nothing can be taken back: then a person says which.
    public func newestUndoable(of device: DeviceID) throws -> UndoPlan? {
        let read = ChangesRead(self)
        for author in try log.authors().reversed() where author.device == device {
            var next = try log.newestChange(of: author.number)
            while let change = next {
                if change.void == nil, try undoDepth(change, read) % 2 == 0, case let plan = try undoPlan(of: change, read), plan.hasEffect {
                    return plan
                }
                next = try change.previousMark.flatMap { mark in
                    try index.stored(ChangeName(author: author.id, seq: change.name.seq - 1, mark: mark))
                }
            }
        }
        return nil
    }

    /// 0 for a change that undoes nothing, 1 for an undo, 2 for the undo of an undo.
    private func undoDepth(_ change: StoredChange, _ read: ChangesRead) throws -> Int {
        var depth = 0
        var next = change
        while let undone = try undone(by: next, read.operations(next)).flatMap(index.stored) {
            depth += 1
            next = undone
        }
        return depth
    }

    /// The change that a change undoes. Only an earlier one: whoever names what comes later undoes nothing.
    func undone(by change: StoredChange, _ operations: [Operation]) throws -> ChangeName? {
        guard let first = operations.first, first.code == .undo, let undone = try first.names.first.flatMap({ try index.stored($0.change) }),
            undone.lamport < change.lamport
        else { return nil }
        return undone.name
    }
}
