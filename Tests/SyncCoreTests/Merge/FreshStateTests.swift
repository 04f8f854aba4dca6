import Testing

@testable import SyncCore

/// The short cuts for a record that one change makes come to what merging it comes to.
@Suite struct FreshStateTests {
    @Test func `a new record has the bytes and the rows that merging gives it`() throws {
        var counted = (short: 0, long: 0)
        for seed in 0..<3000 {
            var beginning = Beginning(seed: UInt64(seed))
            let operations = beginning.operations()
            let state = beginning.merged(operations)
            guard let fresh = FreshState(operations[...], rules: Schema.current.rules) else {
                counted.long += 1
                continue
            }
            counted.short += 1
            #expect(fresh.bytes(change: 7, first: 0) == (try state.bytes(numbering: beginning)), "seed \(seed)")
            let rows = ViewRows(.current)
            let kind = try #require(Schema.current.kind(fresh.kind))
            let plan = try #require(rows.plan(kind))
            let plain = try #require(plan.rows(of: state, id: beginning.id), "seed \(seed)")
            if let own = plan.rows(of: fresh, id: beginning.id) { #expect(own == plain, "seed \(seed)") }
            let document = try #require(RecordDocument(id: beginning.id, state: state, graph: beginning))
            #expect(rows.rows(of: document).map(\.rows) == [[plain.main]] + plain.children, "seed \(seed)")
        }
        // Neither is the exception here.
        #expect(counted.short > 500 && counted.long > 500, "\(counted)")
    }

    @Test func `rows that are read off a state are those of its document, and nobody disagrees`() throws {
        var plain = 0
        for seed in UInt64(1)...200 {
            let history = History(seed: seed, length: Int(seed % 40))
            let graph = Knowledge(history, of: Set(history.changes.map(\.name)), void: [])
            for id in history.records {
                let state = graph.state(of: id)
                guard let kind = Schema.current.kind(state.kind), let rows = ViewRows(.current).plan(kind)?.rows(of: state, id: id) else { continue }
                plain += 1
                let document = try #require(RecordDocument(id: id, state: state, graph: graph))
                #expect(ViewRows(.current).rows(of: document).map(\.rows) == [[rows.main]] + rows.children, "seed \(seed)")
                #expect(ConflictFinder.conflicts(in: state, kind: kind, graph: graph).isEmpty, "seed \(seed)")
            }
        }
        #expect(plain > 0)
    }
}

/// One change that makes a record, mostly as a client of ours does it, and now and then as nobody should.
private struct Beginning: ChangeNumbering, ChangeGraph {
    let id = RecordID(high: 1, low: 2)
    private let name = ChangeName(author: AuthorID(high: 3, low: 4), seq: 1, mark: 5)
    private var dice: Seeded

    init(seed: UInt64) { dice = Seeded(seed) }

    private mutating func below(_ limit: Int) -> Int { dice.below(limit) }

    mutating func operations() -> [SyncCore.Operation] {
        let kind = below(8) == 0 ? 2 : 1
        let length: Int64 = below(20) == 0 ? 2 : 1
        var operations = [operation(.life, 0, .parts((1, .integer(length)), (2, .integer(Int64(kind)))))]
        let fields = (RecordSchema.of(kind == 1 ? .event : .petition)).fields
        for _ in 0..<below(9) {
            let field = fields[below(fields.count)]
            let key = ItemKey(UInt64(1 + below(3)))
            switch field.kind {
            case .register, .quiet, .strictest, .text: operations.append(operation(.assign, field.number, value(field.type)))
            case .set: operations.append(operation(.add, field.number, value(field.type)))
            case .log: operations.append(operation(.entry, field.number, value(field.type), key: key))
            case .counter: operations.append(operation(.increment, field.number, .parts((1, .integer(2)), (2, .integer(0)))))
            case .map:
                if below(6) > 0 { operations.append(operation(.life, field.number, .parts((1, .integer(1))), key: key)) }
                let item = field.itemFields[below(field.itemFields.count)]
                operations.append(operation(.assign, item.number, value(item.type), key: key))
            }
        }
        return operations
    }

    private func operation(_ code: SyncCore.Operation.Code, _ field: UInt32, _ value: Value, key: ItemKey? = nil) -> SyncCore.Operation {
        SyncCore.Operation(code, record: .id(id), field: field, key: key, value: value)
    }

    private mutating func value(_ type: FieldType) -> Value {
        if below(25) == 0 { return .nothing }
        // Of another type.
        if below(40) == 0 { return .bytes([1, 2, 3]) }
        switch type {
        case .text, .choice: return .text(below(10) == 0 ? "" : "é\(below(9))")
        case .integer: return .integer(Int64(below(2000) - 1000))
        case .when: return .text("2020-01-0\(1 + below(9))")
        case .degrees: return .integer(Int64(below(1_800_000_000)))
        case .hash: return .bytes([UInt8](repeating: UInt8(below(256)), count: 32))
        case .flag: return .integer(Int64(below(2)))
        case .record: return .bytes([UInt8](repeating: UInt8(below(256)), count: 16))
        case .tuple(let parts):
            var given: [Value.Part] = []
            for part in parts where below(3) > 0 { given.append(Value.Part(part.number, value(part.type))) }
            return .tuple(given)
        }
    }

    func merged(_ operations: [SyncCore.Operation]) -> RecordState {
        RecordState(
            folding: [
                RecordState.Step(
                    change: name, lamport: 1, isVoid: false, operations: operations.enumerated().map { (UInt32($0), $1) })
            ], rules: Schema.current.rules, graph: self)
    }

    func number(of name: ChangeName) -> Int64 { 7 }
    func change(_ number: Int64) -> (name: ChangeName, lamport: UInt64) { (name, 1) }
    func isOnBranch(_ earlier: ChangeName, of later: ChangeName) -> Bool { earlier == later }
    func isKnown(_ name: ChangeName) -> Bool { false }
    func namedByVoid(_ write: WriteName, in slot: RecordState.Slot) -> [WriteName] { [] }
}
