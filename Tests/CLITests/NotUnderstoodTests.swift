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
}

extension Replica {
    /// Commits operations as they are.
    func craft(_ operations: [Operation]) throws {
        let team = try team()
        try locked {
            try log.write { log in
                let head = try ownHead(log)
                let name = ChangeName(author: author, seq: (head?.name.seq ?? 0) + 1, mark: randomWord())
                let change = Change(name: name, previousMark: head?.name.mark, wall: surroundings.now(), dependencies: [], operations: operations)
                _ = try log.addAuthor(author, device: device, salt: keys.authorSalt)
                try insert(change, carrier: nil, void: VoidReason(team.standing(of: name, by: device)), log)
                try log.appendToJournal(log.lastChangeNumber(), change.canonicalBytes)
            }
            try catchUp()
        }
    }
}
