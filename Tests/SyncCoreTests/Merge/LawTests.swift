import Testing

@testable import SyncCore

/// The one law, for every kind: state is a function of the set of changes and of the void set, and it is the one that DESIGN.md says.
@Suite struct LawTests {
    private static let seeds: [UInt64] = Array(1...40)

    private func history(_ seed: UInt64) -> History {
        var history = History(seed: seed)
        history.aimAhead()
        return history
    }

    private func expect(
        _ states: [RecordID: RecordState], _ graph: Knowledge, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for record in graph.history.records {
            let folded = graph.state(of: record)
            #expect(states[record] ?? RecordState() == folded, comment, sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: seeds) func `any order and any duplication give one state`(seed: UInt64) {
        let history = history(seed)
        let all = Knowledge(history, of: Set(history.changes.map(\.name)))
        for round in 0..<4 {
            let grown = Incremental(history, void: [])
            for change in history.order(causal: round < 2) { grown.apply(change) }
            expect(grown.states, all, "round \(round)")
        }
    }

    @Test(arguments: seeds) func `a void set known late gives what one known from the start gives`(seed: UInt64) {
        let history = history(seed)
        for round in 0..<3 {
            let (void, other) = (history.voidSet(), history.voidSet())
            let all = Knowledge(history, of: Set(history.changes.map(\.name)), void: void)
            let fromTheStart = Incremental(history, void: void)
            for change in history.order(causal: true) { fromTheStart.apply(change) }
            expect(fromTheStart.states, all, "from the start, round \(round)")
            // First none, in the middle another one, at the end this one.
            let late = Incremental(history, void: [])
            let order = history.order(causal: round > 0)
            for change in order.prefix(order.count / 2) { late.apply(change) }
            late.setVoid(other)
            for change in order.dropFirst(order.count / 2) { late.apply(change) }
            late.setVoid(void)
            expect(late.states, all, "late, round \(round)")
        }
    }

    @Test(arguments: seeds) func `the state is what the rules say`(seed: UInt64) {
        let history = history(seed)
        let names = history.changes.map(\.name)
        for void in [[], history.voidSet()] {
            // Also of a part of the history: what is there is in a causal order.
            for length in [names.count / 2, names.count] {
                let graph = Knowledge(history, of: Set(names.prefix(length)), void: void)
                for record in history.records { expectRules(graph, record) }
            }
        }
    }

    private func expectRules(_ graph: Knowledge, _ record: RecordID) {
        let state = graph.state(of: record)
        let oracle = Oracle(graph, record)
        for field in History.registers + [Field.causes] where field != Field.description {
            #expect(state.live(field) == oracle.live(RecordState.Slot(field)))
        }
        let (text, expected) = (state.live(Field.description), oracle.text(RecordState.Slot(Field.description)))
        #expect(text.map(\.stamp) == expected.map(\.stamp))
        // What two wrote alike stands twice in the plain sequence.
        for (write, expected) in zip(text, expected) where !(write.text?.hasTwins ?? false) { #expect(write.value == expected.value) }
        for key in History.keys {
            #expect(state.live(History.itemField, key) == oracle.live(RecordState.Slot(History.itemField, key)))
            let shown = state.isItemVisible(map: History.map, key: key, fields: [History.itemField], graph: graph)
            #expect(shown == oracle.isItemVisible(key))
            let slot = RecordState.Slot(Field.notes, key)
            var entry = LogEntry()
            if case .entry(let known) = state[slot] { entry = known }
            #expect(entry.values == oracle.entry(slot).values)
            #expect(entry.isRetracted == oracle.entry(slot).isRetracted)
        }
        if case .tally(let tally) = state[RecordState.Slot(Field.tally)] {
            #expect(tally.value == oracle.tally(RecordState.Slot(Field.tally)))
        }
        #expect(Int64(state.life.length) == oracle.length(RecordState.Slot(0)))
        #expect(Set(state.editsUnseen(graph: graph)) == oracle.unseenEdits())
        #expect(state.isVisible(graph: graph) == oracle.isVisible)
        expectDocument(state, oracle, graph, record)
    }

    private func expectDocument(_ state: RecordState, _ oracle: Oracle, _ graph: Knowledge, _ record: RecordID) {
        guard let document = RecordDocument(id: record, state: state, graph: graph), document.kind == .event else { return }
        let titles = oracle.live(RecordState.Slot(Field.title)).map(\.value)
        #expect(document.value(Field.title) == titles.first)
        let visibilities = oracle.live(RecordState.Slot(Field.visibility)).compactMap(\.value.text)
        let strictest = ["m0", "m1", "sealed", "team", "public"].first(where: visibilities.contains)
        // Labels that nobody knows are taken to be the strictest, and among them the winner is shown.
        if let strictest, !strictest.hasPrefix("m") { #expect(document.value(Field.visibility) == .text(strictest)) }
        #expect(Set(document.set(Field.causes)) == Set(oracle.live(RecordState.Slot(Field.causes)).map(\.value)))
        let conflicts = ConflictFinder.conflicts(in: state, kind: .event, graph: graph)
        let texts = state.live(Field.description)
        #expect(
            conflicts.contains(RecordState.Slot(Field.description))
                == (Set(texts.map(\.value)).count > 1 || texts.contains { $0.text?.isContested ?? false }))
        for field in [Field.title, Field.status, Field.visibility] {
            let values = Set(oracle.live(RecordState.Slot(field)).map(\.value))
            #expect(conflicts.contains(RecordState.Slot(field)) == (values.count > 1))
        }
        #expect(!conflicts.contains { $0.field == Field.causes })
        #expect(conflicts.contains(RecordState.Slot(0)) == !oracle.unseenEdits().isEmpty)
    }

    @Test(arguments: seeds) func `a state survives being written and read`(seed: UInt64) throws {
        let history = history(seed)
        let graph = Knowledge(history, of: Set(history.changes.map(\.name)), void: history.voidSet())
        let numbering = Numbering(history)
        for record in history.records {
            let state = graph.state(of: record)
            #expect(try RecordState(state.bytes(numbering: numbering), numbering: numbering) == state)
        }
    }

    @Test func `quiet fields are no conflicts`() throws {
        let id = RecordID(high: 1, low: 1)
        var state = RecordState()
        let history = History(seed: 1, length: 0)
        let graph = RecordKnowledge(base: Knowledge(history, of: []), record: id)
        for author: UInt64 in 1...2 {
            let change = ChangeName(author: AuthorID(high: author, low: 0), seq: 1, mark: 1)
            for (number, field) in [Field.platform, Field.title].enumerated() {
                state.apply(
                    Operation(.assign, record: .id(id), field: field, value: .text("by \(author)")),
                    stamp: Stamp(lamport: 1, write: WriteName(change: change, operation: UInt32(number))),
                    rules: .registry, graph: graph)
            }
        }
        #expect(ConflictFinder.conflicts(in: state, kind: .petition, graph: graph) == [RecordState.Slot(Field.title)])
        #expect(state.live(Field.platform).map(\.value) == [.text("by 2"), .text("by 1")])
    }

    private struct Numbering: ChangeNumbering {
        private let history: History
        init(_ history: History) { self.history = history }

        func number(of name: ChangeName) throws -> Int64 {
            Int64(try #require(history.changes.firstIndex { $0.name == name }))
        }

        func change(_ number: Int64) throws -> (name: ChangeName, lamport: UInt64) {
            let name = history.changes[Int(number)].name
            return (name, history.lamport[name] ?? 0)
        }
    }
}
