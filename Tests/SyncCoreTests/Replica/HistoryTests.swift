import Testing

@testable import SyncCore

@Suite struct HistoryTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 2)
        record = try team.replicas[0].addEvent("Vigil", starts: "2017-04-13")
        try team.exchangeAll()
    }

    private func edits(_ field: UInt32, _ replica: Replica? = nil) throws -> [HistoryEdit] {
        try (replica ?? ana).read { try $0.history(of: record) }.filter { ($0.field?.number ?? 0) == field }
    }

    private func names(_ fate: HistoryEdit.Fate) -> String {
        switch fate {
        case .current: "current"
        case .disputed(let isShown, let others): "disputed \(isShown) \(others.map(\.deviceName))"
        case .outranked(let by): "outranked \(by.deviceName)"
        case .replaced(let by): "replaced \(by.map(\.deviceName))"
        case .lost(let to, let chosenBy): "lost \(to.deviceName), chosen by \(chosenBy.deviceName)"
        case .takenBack(let by): "taken back \(by.map(\.deviceName))"
        case .followed(let by): "followed \(by.map(\.deviceName))"
        case .unplaced: "unplaced"
        case .closed: "closed"
        case .void(let reason): "void \(reason)"
        case .redacted: "redacted"
        }
    }

    @Test func `each write says what it replaced and what became of it`() throws {
        try ben.commit { try $0.assign(record, Field.starts, .text("2017-04-14")) }
        try team.exchangeAll()
        let edits = try edits(Field.starts)
        #expect(edits.map(\.new) == [.text("2017-04-14"), .text("2017-04-13")])
        #expect(edits.map(\.old) == [[.text("2017-04-13")], []])
        #expect(edits.map { names($0.fate) } == ["current", "replaced [\"device 1\"]"])
        #expect(edits.map(\.origin.deviceName) == ["device 1", "device 0"])
        #expect(try self.edits(0).map(\.act) == [.create])
    }

    @Test func `what was set apart is disputed, and then one has lost`() throws {
        try ana.commit { try $0.assign(record, Field.starts, .text("2017-04-15")) }
        try ben.commit { try $0.assign(record, Field.starts, .text("2017-04-16")) }
        try team.exchangeAll()
        let apart = try edits(Field.starts).prefix(2)
        let shown = try #require(try ana.documents().first?.value(Field.starts))
        #expect(Set(apart.map { names($0.fate) }).count == 2)
        for edit in apart {
            let other = edit.origin.deviceName == "device 0" ? "device 1" : "device 0"
            #expect(names(edit.fate) == "disputed \(edit.new == shown) [\"\(other)\"]")
        }
        // One of them is chosen by writing it once more, as  resolve --take  does.
        let chosen = try #require(apart.first { $0.origin.deviceName == "device 1" }?.new)
        try ana.commit { try $0.assign(record, Field.starts, chosen) }
        try team.exchangeAll()
        let after = try edits(Field.starts)
        #expect(names(after[0].fate) == "current")
        #expect(Set(after[0].old) == [.text("2017-04-15"), .text("2017-04-16")])
        #expect(after.first { $0.new == .text("2017-04-15") }.map { names($0.fate) } == "lost device 1, chosen by device 0")
        #expect(after[1...].contains { $0.new == .text("2017-04-16") && names($0.fate) == "replaced [\"device 0\"]" })
        // Everybody reads the same history.
        #expect(try edits(Field.starts, ben).map { names($0.fate) } == after.map { names($0.fate) })
    }

    @Test func `a cosmetic field's loser is in the history alone`() throws {
        let petition = try ana.commit { $0.create(.petition) }.result
        try team.exchangeAll()
        for (replica, url) in [(ana, "https://a"), (ben, "https://b")] {
            try replica.commit { try $0.assign(petition, Field.url, .text(url)) }
        }
        try team.exchangeAll()
        let fates = try ana.read { try $0.history(of: petition) }.filter { $0.field?.number == Field.url }.map { names($0.fate) }
        #expect(Set(fates.map { $0.hasPrefix("outranked") ? "outranked" : $0 }) == ["current", "outranked"])
    }

    @Test func `sets, logs, items and lives`() throws {
        let key = ItemKey(7)
        try ana.commit { try $0.add(record, Field.causes, .text("peace")) }
        try ben.commit { try $0.add(record, Field.causes, .text("peace")) }
        try team.exchangeAll()
        try ben.commit { try $0.remove(record, Field.causes, .text("peace")) }
        try ana.commit { try $0.enter(record, Field.notes, key: key, .parts((1, .text("wet")))) }
        try ana.commit { try $0.retract(record, Field.notes, key: key, reason: "dry") }
        try ana.commit { try $0.put(record, Field.organisers, key: key, [(7, .text("Amnesty"))]) }
        try ana.commit { try $0.removeItem(record, Field.organisers, key: key, fields: [7, 8]) }
        _ = try ana.commit { try $0.delete(record) }
        _ = try ana.commit { try $0.restore(record) }
        try team.exchangeAll()
        let causes = try edits(Field.causes)
        #expect(causes.map(\.act) == [.remove, .add, .add] && causes[0].old == [.text("peace")])
        #expect(causes.dropFirst().allSatisfy { names($0.fate) == "taken back [\"device 1\"]" })
        let notes = try edits(Field.notes)
        #expect(notes.map(\.act) == [.retract, .enter] && notes[0].old == [.parts((1, .text("wet")))] && notes[0].new == .text("dry"))
        #expect(notes.map { names($0.fate) } == ["current", "taken back [\"device 0\"]"])
        let item = try edits(Field.organisers)
        #expect(item.map(\.act) == [.delete, .create] && item.map { names($0.fate) } == ["current", "taken back [\"device 0\"]"])
        let life = try edits(0)
        #expect(life.map(\.act) == [.restore, .delete, .create])
        #expect(life.map { names($0.fate) } == ["current", "replaced [\"device 0\"]", "current"])
    }

    @Test func `what does not count, what is redacted, what was never sent`() throws {
        try ana.commit { try $0.assign(record, Field.starts, .text("2017-05-01")) }
        #expect(try edits(Field.starts).map(\.isSent) == [false, false])
        #expect(try edits(Field.starts, ben).map(\.isSent) == [true])
        try ana.redact(record, try #require(RecordSchema.event[Field.starts]), reason: "never said")
        let redacted = try edits(Field.starts)
        #expect(redacted.allSatisfy { names($0.fate) == "redacted" && $0.new == nil && $0.old.isEmpty })
        try ana.remove(ben.device)
        try ben.commit { try $0.assign(record, Field.title, .text("Nothing")) }
        try team.exchange(among: [ben, ana])
        let title = try edits(Field.title)
        #expect(title.map { names($0.fate) } == ["void pastCut", "current"])
    }

    @Test func `the history of one record reads no other record's changes`() throws {
        for number in 0..<50 { _ = try ana.addEvent("Another \(number)") }
        try ana.commit { try $0.assign(record, Field.title, .text("Vigil for peace")) }
        let own = try ana.read { session in
            try #require(try session.state(of: record)).touches.compactMap { try session.index.stored($0)?.number }
        }
        // Without the bytes of the others: whatever reads one of them fails.
        try ana.log.write { log in
            for number in 1...(try log.lastChangeNumber()) where !own.contains(number) { try log.removeFromJournal(number) }
        }
        let other = try #require(try ana.documents().first { $0.title == "Another 3" }?.id)
        #expect(throws: (any Error).self) { try ana.read { try $0.history(of: other) } }
        #expect(try edits(Field.title).map(\.new) == [.text("Vigil for peace"), .text("Vigil")])
    }

    @Test func `changes are found by the beginning of their names`() throws {
        let name = try #require(try ana.commit { try $0.assign(record, Field.title, .text("Vigil 2")) }.change)
        try ana.read { session in
            let names = try session.changeShortNames()
            let short = try names.text(name)
            #expect(short.utf8.count == 4 + 1 + String(name.seq).utf8.count)
            for text in [short, short.uppercased(), name.description, "\(Base32.encode(name.author.bytes))/\(name.seq)", "\u{2066}\(short)\u{2069}"] {
                #expect(try names.find(text) == name, "\(text)")
            }
            for text in ["", "/", "x", short + "0000", "\(short).zzz", "\(short.prefix(4))/0", "/2", "\(short.prefix(4))/99999999999999999999"] {
                #expect(throws: SyncError.self, "\(text)") { try names.find(text) }
            }
        }
    }

    @Test func `changes of one name are told apart by their marks`() throws {
        let copy = try team.clone(0)
        let mine = try #require(try ana.commit { try $0.assign(record, Field.title, .text("A")) }.change)
        let theirs = try #require(try copy.commit { try $0.assign(record, Field.title, .text("B")) }.change)
        #expect(mine.seq == theirs.seq && mine.author == theirs.author)
        try TestTeam.carry(from: copy, to: ben)
        try TestTeam.carry(from: ana, to: ben)
        try ben.read { session in
            let names = try session.changeShortNames()
            #expect(throws: SyncError.self) { try names.find(mine.description) }
            #expect(try names.find(names.text(mine)) == mine)
            #expect(try names.find(names.text(theirs)) == theirs)
        }
    }
}
