import Testing

@testable import SyncCore

/// What `status` says of changes that came and show nothing.
@Suite struct NotUnderstoodTests {
    @Test func `edits of a newer version are counted, and said to be safe`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        let record = try devices.phone.read { try $0.find(id) }
        try devices.phone.craft([
            Operation(.assign, record: .id(record), field: 9999, value: .text("new")),
            Operation(.init(rawValue: 99), record: .id(record), field: Field.title),
            Operation(.add, record: .id(record), field: Field.causes, value: .text("solidarity")),
        ])
        #expect(!(try sync.sync("status").out.contains("newer")))
        try devices.exchange()
        #expect(try sync.sync("status").out.contains("newer      2 edits are from a newer version of sync: kept and passed on; upgrade to see them\n"))
        #expect(try sync.sync("status", "--json").out.contains(#""newer":{"edits":2,"records":0}"#))
        #expect(try sync.sync("event", "show", id).out.contains("solidarity"))
    }

    @Test func `what waits names whom it waits for`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        try devices.onPhone("event", "edit", id, "--city", "Leeds")
        try devices.exchange()
        // One that follows two that were never handed on.
        let missing = ChangeName(author: devices.phone.author, seq: 40, mark: 7)
        try devices.phone.craft([Operation(.add, record: .id(RecordID(high: 1, low: 1)), field: Field.causes, value: .text("x"))], after: missing)
        try devices.exchange()
        let status = try sync.sync("status")
        #expect(status.out.contains("waiting    1 change waits for what no remote has yet: \(missing) of phone\n"), "\(status)")
        #expect(try sync.sync("status", "--json").out.contains(#""waiting":1,"waiting_for":[{"change":"\#(missing)","device":"phone"}]"#))
    }

    @Test func `changes that do not count are told with their reason, whatever it is`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        for city in ["Leeds", "York", "Hull", "Bath", "Kent"] { try devices.onPhone("event", "edit", id, "--city", city) }
        try devices.exchange()
        let reasons: [VoidReason] = [.outsideRoster, .wrongCarrier, .invalid, .reader, .pastCut]
        try devices.laptop.log.write { log in
            let numbers = try log.changes(after: 0, limit: .max).filter { $0.name.author == devices.phone.author }.map(\.number)
            for (number, reason) in zip(numbers, reasons) { try log.setVoid(number, reason) }
        }
        let status = try sync.sync("status").out
        #expect(try sync.sync("status", "--json").out.contains(#""void":5"#))
        let review = try sync.sync("review").lines.filter { !$0.hasPrefix(" ") }
        #expect(review.count == 5)
        for (line, words) in zip(review, ["not in the team", "in a log that may not carry it", "against the format", "may only read", "removed before this"]) {
            #expect(line.hasSuffix("phone  \(words)"))
        }
        for words in ["not in the team", "may not carry it", "breaks a rule", "may only read", "was removed:  sync review"] {
            #expect(status.contains("not counted") && status.contains(words), "\(words)")
        }
    }
}

extension Replica {
    /// Commits operations as they are.
    func craft(_ operations: [Operation], after: ChangeName? = nil) throws {
        let team = try team()
        try locked {
            try log.write { log in
                let head = try ownHead(log)
                let name = ChangeName(author: author, seq: (head?.name.seq ?? 0) + 1, mark: randomWord())
                let change = Change(
                    name: name, previousMark: head?.name.mark, wall: surroundings.now(),
                    dependencies: after.map { [Change.Dependency(name: $0, epoch: newestEpoch(team).id)] } ?? [], operations: operations)
                _ = try log.addAuthor(author, device: device, salt: keys.authorSalt)
                try insert(change, carrier: nil, void: VoidReason(team.standing(of: name, by: device)), log)
                try log.appendToJournal(log.lastChangeNumber(), change.canonicalBytes)
            }
            try catchUp()
        }
    }
}
