/// Names, numbers and order of the changes in the log, remembered while a transaction is open.
final class ChangeIndex: ChangeNumbering, BranchGraph {
    private let log: LogTransaction
    private var byName: [ChangeName: StoredChange] = [:]
    private var byNumber: [Int64: StoredChange] = [:]
    private var forked: [AuthorID: Bool] = [:]

    init(_ log: LogTransaction) { self.log = log }

    func note(_ change: StoredChange) {
        byName[change.name] = change
        byNumber[change.number] = change
    }

    func stored(_ name: ChangeName) throws -> StoredChange? {
        if let known = byName[name] { return known }
        guard let number = try log.changeNumber(name), let change = try log.change(number) else { return nil }
        note(change)
        return change
    }

    func stored(_ number: Int64) throws -> StoredChange? {
        if let known = byNumber[number] { return known }
        guard let change = try log.change(number) else { return nil }
        note(change)
        return change
    }

    func number(of name: ChangeName) throws -> Int64 {
        guard let change = try stored(name) else { throw Self.inconsistent }
        return change.number
    }

    func change(_ number: Int64) throws -> (name: ChangeName, lamport: UInt64) {
        guard let change = try stored(number) else { throw Self.inconsistent }
        return (change.name, change.lamport)
    }

    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool {
        guard earlier.author == later.author, earlier.seq <= later.seq else { return false }
        if earlier.seq == later.seq { return earlier == later }
        guard var step = try? stored(later) else { return false }
        if !isForked(later.author) { return true }
        while step.name.seq > earlier.seq, let mark = step.previousMark,
            let before = try? stored(ChangeName(author: later.author, seq: step.name.seq - 1, mark: mark))
        { step = before }
        return step.name == earlier
    }

    private func isForked(_ author: AuthorID) -> Bool {
        if let known = forked[author] { return known }
        let result = (try? log.authorNumber(author).map(log.isForked) ?? false) ?? false
        forked[author] = result
        return result
    }

    static let inconsistent = SyncError(
        .integrity, "The view does not fit the log.", safe: "The log is complete.", next: "Run  sync rebuild.")
}
