@testable import SyncCore

/// What people do with records.
extension World {
    /// One command that writes. What it reports is remembered.
    private func commit(_ machine: Machine, _ build: (inout Draft) throws -> Void) throws {
        let replica = try machine.replica()
        let team = try replica.team()
        let out = Set(try machines.map { try $0.replica().device }.filter { team.isOut($0) })
        guard let name = try replica.commit(build).change else { return }
        machine.saved.append(name)
        counts.saved += 1
        machine.written.append((name, out))
        names.append(name)
    }

    func perform(create kind: Int, _ value: Int, on machine: Machine) throws {
        try commit(machine) { draft in
            let id = draft.create(kind == 0 ? .event : .petition)
            try draft.assign(id, Field.title, .text("Vigil \(value)"))
            self.records.append(id)
        }
    }

    func edit(_ step: Step, on machine: Machine) throws {
        guard step.verb != .create else { return try perform(create: step[1], step[2], on: machine) }
        let record = records[step[1] % records.count]
        if machine.isBehind, Self.news.contains(step.verb) { return }
        let single = machine.isBehind ? Self.single.filter { !Self.news.contains($0) } : Self.single
        try commit(machine) { draft in
            // Nobody edits what is not there.
            guard try draft.session.state(of: record) != nil else { return }
            if step.verb == .same || step.verb == .different {
                try self.judge(&draft, record, step)
            } else if step.verb == .several {
                var dice = Dice(UInt64(step[2]))
                for _ in 0..<(2 + dice.below(4)) { try Self.edit(&draft, record, dice.pick(single), dice.below(4), dice.below(2)) }
            } else {
                try Self.edit(&draft, record, step.verb, step[2], step[3])
            }
        }
    }

    /// Says of a record and another of its kind that they are one, or that they are not.
    private func judge(_ draft: inout Draft, _ record: RecordID, _ step: Step) throws {
        let kind = try draft.session.state(of: record)?.kind
        let mates = try records.filter { try draft.session.state(of: $0)?.kind == kind }
        guard let place = mates.firstIndex(of: record), mates.count > 1 else { return }
        let other = mates[(place + step[2]) % mates.count]
        _ = try step.verb == .same ? draft.link(record, other) : draft.part(record, other)
    }

    private static let single: [Step.Verb] = [
        .title, .starts, .platform, .visibility, .description, .cause, .uncause, .note, .retract, .organiser, .role, .unorganiser, .tally,
    ]

    /// What a version that knows less has no command for.
    private static let news: Set<Step.Verb> = [.platform, .cause, .uncause, .role]
    private static let roles = ["caller", "organiser", "host", "partner"]

    private static func edit(_ draft: inout Draft, _ record: RecordID, _ verb: Step.Verb, _ value: Int, _ key: Int) throws {
        let (word, item) = (Value.text("w\(value)"), ItemKey(UInt64(1 + key % 2)))
        switch verb {
        case .title: try draft.assign(record, Field.title, word)
        case .starts: try draft.assign(record, Field.starts, .text("2017-04-\(10 + value % 4)"))
        case .platform: try draft.assign(record, Field.platform, word)
        case .visibility: try draft.assign(record, Field.visibility, .text(RecordSchema.visibilities[value % 3]))
        case .description: try draft.assign(record, Field.description, word)
        case .cause: try draft.add(record, Field.causes, word)
        case .uncause: try draft.remove(record, Field.causes, word)
        case .note: try draft.enter(record, Field.notes, key: item, .parts((1, word)))
        case .retract: try draft.retract(record, Field.notes, key: ItemKey(UInt64(1 + value % 2)), reason: nil)
        case .organiser: try draft.put(record, Field.organisers, key: item, [(Part.Organiser.name, word)])
        case .role: try draft.put(record, Field.organisers, key: item, [(Part.Organiser.role, .text(roles[value % 4]))])
        case .unorganiser:
            try draft.removeItem(
                record, Field.organisers, key: ItemKey(UInt64(1 + value % 2)), fields: [Part.Organiser.name, Part.Organiser.role])
        case .tally: try draft.increment(record, Field.tally, by: Int64(value))
        case .closetally: _ = try draft.closeCounter(record, Field.tally)
        case .delete: _ = try draft.delete(record)
        case .restore: _ = try draft.restore(record)
        default: throw Failure("\(verb) is no edit")
        }
    }

    // MARK: What clients of ours do not do

    /// Operations with names of anything that anybody ever wrote.
    func forge(_ salt: Int, on machine: Machine) throws {
        var dice = Dice(UInt64(salt))
        let replica = try machine.replica()
        guard !names.isEmpty, try replica.team().roster[replica.device] != nil else { return }
        let writes = (0..<(1 + dice.below(3))).map { _ in WriteName(dice.pick(names), UInt32(dice.below(3))) }
        let known = try writes.map(\.change).filter { name in try replica.log.read { try $0.changeNumber(name) } != nil }
        let operations = (0..<(1 + dice.below(2))).map { _ in Self.forged(records[dice.below(records.count)], writes, &dice) }
        names.append(try replica.craft(operations, after: dice.chance(500) ? known.suffix(1) : []))
    }

    private static func forged(_ record: RecordID, _ names: [WriteName], _ dice: inout Dice) -> SyncCore.Operation {
        typealias Edit = SyncCore.Operation
        let target = dice.chance(300) ? Edit.Target.named : .id(record)
        let value = Value.text("m\(dice.below(4))")
        let key = ItemKey(UInt64(1 + dice.below(2)))
        let length = Value.parts((1, .integer(Int64(1 + dice.below(6)))))
        switch dice.below(7) {
        case 0: return Edit(.assign, record: target, field: Field.title, names: names, value: value)
        case 1: return Edit(.assign, record: target, field: Field.description, names: names, value: value)
        case 2: return Edit(.remove, record: target, field: Field.causes, names: names)
        case 3: return Edit(.assign, record: target, field: Part.Organiser.name, key: key, names: names, value: value)
        case 4: return Edit(.life, record: .id(record), field: 0, names: names, value: length)
        case 5: return Edit(.life, record: .id(record), field: Field.organisers, key: key, names: names, value: length)
        default: return Edit(.increment, record: target, field: Field.tally, names: names, value: .parts((1, .integer(.max)), (2, .integer(0))))
        }
    }

    /// What a version to come writes: a kind of operation, or a field, that nobody knows yet.
    func writeUnknown(_ salt: Int, on machine: Machine) throws {
        var dice = Dice(UInt64(salt))
        let replica = try machine.replica()
        guard try replica.team().roster[replica.device] != nil else { return }
        let record = records[dice.below(records.count)]
        let operation =
            dice.chance(500)
            ? SyncCore.Operation(.init(rawValue: 900), record: .id(record), field: Field.title, value: .text("from tomorrow"))
            : SyncCore.Operation(.assign, record: .id(record), field: 5000, value: .text("from tomorrow"))
        names.append(try replica.craft([operation]))
    }
}
