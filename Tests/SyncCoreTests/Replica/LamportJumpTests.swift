import GRDB
import Testing

@testable import SyncCore

/// S10: the number is computed from what a change names, so nobody can send one that jumps. What is left is to name what nobody has.
@Suite struct LamportJumpTests {
    private let team: TestTeam
    private var ana: Replica { team.replicas[0] }
    private var ben: Replica { team.replicas[1] }
    private var mallory: Replica { team.replicas[2] }
    private let record: RecordID

    init() throws {
        team = try TestTeam(devices: 3)
        record = try team.replicas[0].addEvent("Vigil")
        try team.exchangeAll()
    }

    private func greatest(_ replica: Replica) throws -> Int64 {
        try replica.log.read { try Int64.fetchOne($0.db, sql: "SELECT MAX(lamport) FROM change") ?? 0 }
    }

    private func title() throws -> WriteName { try #require(try ana.read { try $0.state(of: record)?.live(Field.title).first }).stamp.write }

    /// Ben changes the title with Mallory's change in hand, and all agree that his is the last.
    private func expectNoJump(_ numbers: Int64, waiting: Int) throws {
        try TestTeam.carry(from: mallory, to: ana)
        #expect(try greatest(ana) == numbers)
        #expect(try ana.status().waiting.count == waiting)
        try TestTeam.carry(from: mallory, to: ben)
        let later = try #require(try ben.commit { try $0.assign(record, Field.title, .text("Ben's")) }.change)
        try TestTeam.carry(from: ben, to: ana)
        #expect(try greatest(ana) == numbers + 1)
        #expect(try ana.read { try $0.state(of: record)?.live(Field.title).map(\.stamp.write) } == [WriteName(later, 0)])
        #expect(try ana.documents().first?.title == "Ben's")
    }

    @Test(arguments: [UInt64(2), 1 << 40, UInt64(Int64.max)])
    func `S10 a dependency on a change that nobody has waits, and raises nothing`(seq: UInt64) throws {
        let never = ChangeName(author: ana.author, seq: seq, mark: 5)
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [try title()])], after: [never])
        try expectNoJump(1, waiting: 1)
    }

    @Test(arguments: [UInt64(3), 1 << 40, UInt64(Int64.max)])
    func `S10 an own number that jumps waits for the one before it, and raises nothing`(seq: UInt64) throws {
        try mallory.craft(
            [.assign(record, Field.title, "Mallory's", names: [try title()])],
            name: ChangeName(author: mallory.author, seq: seq, mark: 6), previousMark: 5)
        try expectNoJump(1, waiting: 1)
    }

    @Test func `S10 a previous mark of a branch that nobody has waits, and raises nothing`() throws {
        try mallory.craft([.assign(record, Field.causes, "x")])
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [try title()])], previousMark: 99)
        try expectNoJump(1, waiting: 1)
    }

    @Test func `S10 what is known counts one more, however often and from however far it is named`() throws {
        let first = try #require(try ana.log.read { try ana.ownHead($0) }).name
        try mallory.craft([.assign(record, Field.title, "Mallory's", names: [try title()])], after: [first], wall: .max)
        try expectNoJump(2, waiting: 0)
    }
}
