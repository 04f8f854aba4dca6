import FaultyFiles
import Foundation
import GRDB
import Testing

@testable import SyncCore

/// Whether the accidents are what they say: a simulator whose disks never fail finds nothing.
@Suite struct FaultyFilesTests {
    private let folder = Template.fastFolder + "sync-simulation-files-" + UUID().uuidString

    init() throws {
        try #require(Accident.isPossible)
        try FileSystem.createPrivateFolder(folder)
    }

    private func rows(_ durability: DatabaseFile.Durability, _ body: (DatabaseQueue) throws -> Void) throws -> Int {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func open() throws -> DatabaseQueue {
            try DatabaseFile.open(folder + "/a.db", applicationID: 7, durability: durability) { db in
                try db.execute(sql: "CREATE TABLE a (b INTEGER)")
            }
        }
        do {
            let queue = try open()
            try DatabaseFile.checkpoint(queue)
            try body(queue)
        }
        return try open().read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM a") ?? -1 }
    }

    private func insert(_ queue: DatabaseQueue) throws { try queue.write { try $0.execute(sql: "INSERT INTO a VALUES (1)") } }

    /// What the log's setting is for, and what would be noticed without it.
    @Test(arguments: [(DatabaseFile.Durability.full, 1), (.normal, 0)])
    func `a power cut takes what was committed and not synced`(durability: DatabaseFile.Durability, left: Int) throws {
        let found = try rows(durability) { queue in
            let armed = try Accident.crash(after: 1000, .all).arm(below: folder)
            try insert(queue)
            faulty_files_strike(armed)
            try? queue.close()
            #expect(faulty_files_end(armed) == 1)
        }
        #expect(found == left)
    }

    @Test func `a process that dies in a write leaves nothing of it`() throws {
        let found = try rows(.full) { queue in
            let armed = try Accident.crash(after: 1, .nothing).arm(below: folder)
            #expect(throws: DatabaseError.self) { try insert(queue) }
            try? queue.close()
            #expect(faulty_files_end(armed) == 1)
        }
        #expect(found == 0)
    }

    @Test func `a full disk refuses, and takes more once there is room`() throws {
        let found = try rows(.full) { queue in
            let armed = try Accident.fullDisk(after: 0).arm(below: folder)
            #expect(throws: DatabaseError.self) { try insert(queue) }
            #expect(faulty_files_end(armed) == 1)
            try insert(queue)
        }
        #expect(found == 1)
    }
}
