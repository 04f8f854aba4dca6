import Testing

@testable import SyncCore

@Suite struct UndoTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 2)
        record = try team.replicas[0].addEvent("Vigil", starts: "2017-04-13")
        try team.exchangeAll()
    }

    /// Undoes it, and gives the change that does.
    @discardableResult
    private func undo(_ change: ChangeName?, on replica: Replica) throws -> ChangeName? {
        try replica.undo(try #require(change)).change
    }

    private func plan(_ change: ChangeName?, on replica: Replica) throws -> UndoPlan {
        try replica.read { try $0.undoPlan(of: try #require(change)) }
    }

    private func document(_ replica: Replica? = nil) throws -> RecordDocument {
        try (replica ?? ana).read { try #require(try $0.document(record)) }
    }

    private func values(_ field: UInt32) throws -> [Value] {
        if case .values(let values) = try document()[field] { values } else { [] }
    }

    @Test func `a register gets back what it had, also after it was sent, and by another device`() throws {
        let change = try ana.commit { try $0.assign(record, Field.starts, .text("2017-04-14")) }.change
        try team.exchangeAll()
        let undone = try undo(change, on: ben)
        try team.exchangeAll()
        #expect(try values(Field.starts) == [.text("2017-04-13")])
        try undo(undone, on: ana)
        try team.exchangeAll()
        #expect(try document(ben).value(Field.starts) == .text("2017-04-14"))
        try team.expectAgreement()
    }

    @Test func `the first value of a field is cleared`() throws {
        let change = try ana.commit { try $0.assign(record, Field.status, .text("called")) }.change
        let undone = try undo(change, on: ana)
        #expect(try document()[Field.status] == nil)
        try undo(undone, on: ana)
        #expect(try values(Field.status) == [.text("called")])
    }

    @Test func `a choice between two values gives both back, the shown one first`() throws {
        try ana.commit { try $0.assign(record, Field.starts, .text("2017-04-15")) }
        try ben.commit { try $0.assign(record, Field.starts, .text("2017-04-16")) }
        try team.exchangeAll()
        let before = try values(Field.starts)
        #expect(before.count == 2)
        for choice in before + [.text("2017-04-20")] {
            let change = try ana.commit { try $0.assign(record, Field.starts, choice) }.change
            #expect(try ana.read { try $0.conflictCount() } == 0)
            let undone = try undo(change, on: ana)
            #expect(try values(Field.starts) == before)
            #expect(try ana.read { try $0.conflictCount() } == 1)
            // And the undo of that is one value again.
            try undo(undone, on: ana)
            #expect(try values(Field.starts) == [choice])
            try undo(try ana.read { try $0.newestUndoable(of: ana.device) }?.change.change, on: ana)
        }
        try team.exchangeAll()
        try team.expectAgreement()
    }

    @Test func `of two values that were set apart, the other one stays`() throws {
        let mine = try ana.commit { try $0.assign(record, Field.starts, .text("2017-04-15")) }.change
        try ben.commit { try $0.assign(record, Field.starts, .text("2017-04-16")) }
        try team.exchangeAll()
        try undo(mine, on: ana)
        try team.exchangeAll()
        #expect(try values(Field.starts) == [.text("2017-04-16")])
        try team.expectAgreement()
    }

    @Test func `what was edited since stays, and is named`() throws {
        let change = try ana.commit { draft in
            try draft.assign(record, Field.starts, .text("2017-04-14"))
            try draft.assign(record, Field.title, .text("March"))
        }.change
        try team.exchangeAll()
        let later = try ben.commit { try $0.assign(record, Field.starts, .text("2017-04-15")) }.change
        try team.exchangeAll()
        let plan = try plan(change, on: ana)
        #expect(plan.returns.map(\.field?.number) == [Field.title])
        #expect(plan.refusals.map(\.edit.field?.number) == [Field.starts])
        guard case .replaced(let by) = plan.refusals.first?.edit.fate else { return #expect(Bool(false)) }
        #expect(by.map(\.change) == [later])
        try undo(change, on: ana)
        #expect(try values(Field.starts) == [.text("2017-04-15")])
        #expect(try document().title == "Vigil")
        // Nothing is left of it now.
        #expect(try self.plan(change, on: ana).returns.isEmpty)
        let count = try ana.status().changes
        #expect(try undo(change, on: ana) == nil)
        #expect(try ana.status().changes == count)
    }

    @Test func `sets lose what was added and get back what was removed`() throws {
        let added = try ana.commit { draft in
            try draft.add(record, Field.causes, .text("peace"))
            try draft.add(record, Field.causes, .text("bread"))
        }.change
        let removed = try ana.commit { try $0.remove(record, Field.causes, .text("peace")) }.change
        let undone = try undo(removed, on: ana)
        #expect(try document().set(Field.causes) == [.text("bread"), .text("peace")])
        try undo(undone, on: ana)
        #expect(try document().set(Field.causes) == [.text("bread")])
        try undo(added, on: ana)
        #expect(try document().set(Field.causes).isEmpty)
    }

    @Test func `what somebody else added too stays`() throws {
        let mine = try ana.commit { try $0.add(record, Field.causes, .text("peace")) }.change
        try ben.commit { try $0.add(record, Field.causes, .text("peace")) }
        try team.exchangeAll()
        let plan = try plan(mine, on: ana)
        #expect(plan.returns.isEmpty)
        guard case .alsoByOthers = plan.refusals.first?.reason else { return #expect(Bool(false), "\(plan.refusals)") }
    }

    @Test func `entries are retracted, and come back under one key whoever brings them back`() throws {
        let note = Value.parts((1, .text("wet")))
        let entered = try ana.commit { try $0.enter(record, Field.notes, note) }
        let undone = try undo(entered.change, on: ana)
        #expect(try document().entries(Field.notes).isEmpty)
        try team.exchangeAll()
        try undo(undone, on: ana)
        try undo(undone, on: ben)
        try team.exchangeAll()
        #expect(try document().entries(Field.notes).map(\.values) == [[note]])
        try team.expectAgreement()
        // The entry stands under another key now, and is the same entry.
        try undo(entered.change, on: ana)
        #expect(try document().entries(Field.notes).isEmpty)
        let key = try #require(try ana.commit { try $0.enter(record, Field.notes, note) }.result)
        let retracted = try ana.commit { try $0.retract(record, Field.notes, key: key, reason: nil) }.change
        try undo(retracted, on: ana)
        #expect(try document().entries(Field.notes).map(\.values) == [[note]])
    }

    @Test func `items go whole, and come back whole`() throws {
        let made = try ana.commit { try $0.put(record, Field.organisers, key: ItemKey(7), [(7, .text("Amnesty")), (8, .text("host"))]) }.change
        let role = try ana.commit { try $0.assign(record, 8, key: ItemKey(7), .text("caller")) }.change
        // The item was edited since: it stays.
        guard case .editedSince(let by) = try plan(made, on: ana).refusals.first?.reason else { return #expect(Bool(false)) }
        #expect(by.map(\.change) == [role])
        try undo(role, on: ana)
        let before = try document()
        let undone = try undo(made, on: ana)
        #expect(try document().items(Field.organisers).isEmpty)
        try undo(undone, on: ana)
        #expect(try document() == before)
        let removed = try ana.commit { try $0.removeItem(record, Field.organisers, key: ItemKey(7), fields: [7, 8]) }.change
        // A field of an item that is gone stays as it is.
        guard case .itemRemoved = try plan(made, on: ana).refusals.first(where: { $0.edit.field?.number == 7 })?.reason else {
            return #expect(Bool(false))
        }
        try undo(removed, on: ana)
        #expect(try document() == before)
        #expect(try ana.read { try $0.conflictCount() } == 0)
    }

    @Test func `counters get the opposite, and a closed tally goes on`() throws {
        let petition = try ana.commit { $0.create(.petition) }.result
        func sum() throws -> Int64 {
            guard case .counter(let sum) = try ana.read({ try $0.document(petition) })?[Field.tally] else { return -1 }
            return sum
        }
        try ana.commit { try $0.increment(petition, Field.tally, by: 12) }
        let wrong = try ana.commit { try $0.increment(petition, Field.tally, by: 30) }.change
        let undone = try undo(wrong, on: ana)
        #expect(try sum() == 12)
        try undo(undone, on: ana)
        #expect(try sum() == 42)
        let closed = try ana.commit { draft in
            let (value, _) = try draft.closeCounter(petition, Field.tally)
            try draft.enter(petition, Field.readings, .parts((1, .text("stall")), (2, .integer(value))))
        }.change
        #expect(try sum() == 0)
        try ana.commit { try $0.increment(petition, Field.tally, by: 3) }
        try undo(closed, on: ana)
        #expect(try sum() == 45)
        #expect(try ana.read { try $0.document(petition) }?.entries(Field.readings).isEmpty == true)
    }

    @Test func `a record that was made goes, and one that was deleted comes back`() throws {
        let made = try ana.commit { draft in
            let id = draft.create(.event)
            try draft.assign(id, Field.title, .text("March"))
            return id
        }
        let undone = try undo(made.change, on: ana)
        #expect(try !ana.read { try $0.isVisible(made.result) })
        try undo(undone, on: ana)
        #expect(try ana.read { try $0.isVisible(made.result) })
        #expect(try ana.read { try $0.document(made.result)?.title } == "March")
        let deleted = try ana.commit { try $0.delete(made.result) }.change
        // What is deleted is not edited: it would come back by that.
        guard case .recordDeleted = try plan(made.change, on: ana).refusals.first(where: { $0.edit.field != nil })?.reason else {
            return #expect(Bool(false))
        }
        try undo(deleted, on: ana)
        #expect(try ana.read { try $0.isVisible(made.result) })
        #expect(try ana.read { try $0.conflictCount() } == 0)
        // Somebody has edited it: it stays.
        try team.exchangeAll()
        let edit = try ben.commit { try $0.add(made.result, Field.causes, .text("peace")) }.change
        try team.exchangeAll()
        let plan = try plan(made.change, on: ana)
        guard case .editedSince(let by) = plan.refusals.first?.reason else { return #expect(Bool(false)) }
        #expect(by.map(\.change) == [edit])
        // Until that is undone too.
        try undo(edit, on: ben)
        try team.exchangeAll()
        try undo(made.change, on: ana)
        #expect(try !ana.read { try $0.isVisible(made.result) })
    }

    @Test func `without a name it goes back change by change, and past its own undos`() throws {
        func step() throws -> ChangeName? {
            try ana.read { try $0.newestUndoable(of: ana.device) }.flatMap { try undo($0.change.change, on: ana) }
        }
        for title in ["A", "B", "C"] { try ana.commit { try $0.assign(record, Field.title, .text(title)) } }
        try ben.commit { try $0.add(record, Field.causes, .text("peace")) }
        try team.exchangeAll()
        _ = try step()
        #expect(try document().title == "B")
        let second = try step()
        #expect(try document().title == "A")
        // Done again it is a change like any other: the next one to be taken back.
        try undo(second, on: ana)
        #expect(try document().title == "B")
        for title in ["A", "Vigil"] {
            _ = try step()
            #expect(try document().title == title)
        }
        try undo(try ben.read { try $0.newestUndoable(of: ben.device) }?.change.change, on: ben)
        // Nobody has edited the record then but this device.
        try team.exchangeAll()
        _ = try step()
        #expect(try ana.documents().isEmpty)
        #expect(try step() == nil)
    }

    @Test func `it does not go past a change that shows and that it cannot take back`() throws {
        let made = try ana.commit { try $0.put(record, Field.organisers, key: ItemKey(7), [(7, .text("Amnesty"))]) }.change
        try team.exchangeAll()
        try ben.commit { try $0.assign(record, 8, key: ItemKey(7), .text("host")) }
        try team.exchangeAll()
        let plan = try #require(try ana.read { try $0.newestUndoable(of: ana.device) })
        #expect(plan.change.change == made && plan.returns.isEmpty)
    }

    @Test func `a change that does not count, and one that is redacted`() throws {
        let change = try ana.commit { try $0.assign(record, Field.status, .text("secret")) }.change
        try ana.commit { try $0.assign(record, Field.status, .text("called")) }
        let newest = try ana.commit { try $0.assign(record, Field.status, .text("held")) }.change
        try ana.redact(record, try #require(RecordSchema.event[Field.status]), reason: "secret")
        guard case .redacted = try plan(change, on: ana).refusals.first?.edit.fate else { return #expect(Bool(false)) }
        #expect(try plan(newest, on: ana).returns.isEmpty)
        let late = try ana.commit { try $0.assign(record, Field.status, .text("cancelled")) }.change
        try undo(late, on: ana)
        #expect(try document()[Field.status] == nil)
        try ana.remove(ben.device)
        let void = try ben.commit { try $0.assign(record, Field.title, .text("Nothing")) }.change
        try team.exchange(among: [ben, ana])
        let plan = try plan(void, on: ana)
        guard case .void = plan.refusals.first?.edit.fate else { return #expect(Bool(false)) }
        #expect(plan.returns.isEmpty)
    }

    @Test func `a text gets back what it said`() throws {
        try ana.commit { try $0.assign(record, Field.description, .text("We stand together.")) }
        let change = try ana.commit { try $0.assign(record, Field.description, .text("We stood together.")) }.change
        let undone = try undo(change, on: ana)
        #expect(try values(Field.description) == [.text("We stand together.")])
        try undo(undone, on: ana)
        #expect(try values(Field.description) == [.text("We stood together.")])
    }

    @Test func `of a text goes what the change wrote, and stays what others wrote since`() throws {
        try ana.commit { try $0.assign(record, Field.description, .text("We stand together in the square.")) }
        try team.exchangeAll()
        let change = try ana.commit { try $0.assign(record, Field.description, .text("We stood together in the square.")) }.change
        try team.exchangeAll()
        try ben.commit { try $0.assign(record, Field.description, .text("We stood together in the square, all of us.")) }
        try team.exchangeAll()
        let undone = try undo(change, on: ben)
        try team.exchangeAll()
        #expect(try values(Field.description) == [.text("We stand together in the square, all of us.")])
        try undo(undone, on: ana)
        try team.exchangeAll()
        #expect(try values(Field.description) == [.text("We stood together in the square, all of us.")])
        try team.expectAgreement()
    }

    @Test func `a text that others have written on keeps its beginning`() throws {
        let begun = try ana.commit { try $0.assign(record, Field.description, .text("We stand together in the square.")) }.change
        try team.exchangeAll()
        try ben.commit { try $0.assign(record, Field.description, .text("We stand together in the square, all of us.")) }
        try team.exchangeAll()
        let plan = try plan(begun, on: ana)
        #expect(plan.returns.isEmpty && plan.refusals.count == 1)
    }

    @Test func `visibility says what it would become`() throws {
        let change = try ana.commit { try $0.assign(record, Field.visibility, .text("sealed")) }.change
        let plan = try plan(change, on: ana)
        #expect(plan.visibility.map(\.from) == ["sealed"] && plan.visibility.map(\.to) == [nil])
    }

    @Test func `marks that point at each other hold nobody up`() throws {
        let change = try #require(try ana.commit { try $0.assign(record, Field.title, .text("A")) }.change)
        // Of a writer that knows its next mark.
        let mine = ChangeName(author: ana.author, seq: change.seq + 1, mark: 99)
        let head = try ana.log.read { try ana.ownHead($0) }
        _ = try ana.log.write { log in
            let forged = Change(
                name: mine, previousMark: head?.name.mark, wall: 0, dependencies: [],
                operations: [Operation(.undo, record: .id(record), field: 0, names: [WriteName(change: mine, operation: 0)])])
            try ana.insert(forged, carrier: nil, void: nil, log)
            try log.appendToJournal(try log.lastChangeNumber(), forged.canonicalBytes)
        }
        #expect(try plan(mine, on: ana).returns.isEmpty)
        #expect(try ana.read { try $0.newestUndoable(of: ana.device) }?.change.change == change)
        #expect(try ana.read { try $0.history(of: record) }.contains { $0.undoes != nil } == false)
    }
}

extension Replica {
    /// As the command does it.
    func undo(_ change: ChangeName) throws -> Committed<UndoPlan> {
        try commit { draft in
            let plan = try draft.session.undoPlan(of: change)
            try draft.undo(plan)
            return plan
        }
    }
}
