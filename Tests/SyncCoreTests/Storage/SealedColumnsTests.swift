import Foundation
import GRDB
import Testing

@testable import SyncCore

/// What stands in the log of a store with a passphrase.
@Suite struct SealedColumnsTests {
    /// Texts and bytes that are not sealed: random, hashes and public keys, ciphertext, or names of ours.
    private static let telling = [
        "edition.mark", "meta.key", "author.id", "author.device", "author.salt", "author.judged", "log.tag", "log.key", "log.epoch", "log.device",
        "segment.chain", "segment.previous", "segment.bytes", "binding.epoch", "binding.device", "waiting.author", "waiting.missing_author",
        "control.name", "control.sealed", "head.tag", "head.chain",
    ]

    private func filled(_ protection: StoreProtection, seed: UInt64 = 1) throws -> (team: TestTeam, replica: Replica) {
        let team = try TestTeam(devices: 2, seed: seed, protection: protection)
        let replica = team.replicas[0]
        try replica.addRemote(name: "relay", url: "https://relay.example")
        try replica.setToken("token", of: "relay")
        try replica.noteExchange("relay")
        try replica.noteControl([1], at: "relay")
        _ = try replica.importDocuments(
            [RecordDocument(kind: .event, id: nil, fields: [.init(Field.title, .values([.text("Imported")]))])], source: "file")
        _ = try replica.addEvent("Vigil")
        _ = try team.replicas[1].addEvent("March")
        try team.exchangeAll()
        let redacted = try replica.addEvent("Redacted")
        if let title = RecordSchema.of(.event)[Field.title] { try replica.redact(redacted, title, reason: "a test") }
        _ = try replica.addEvent("Not sent")
        return (team, replica)
    }

    @Test func `every column is sealed, or named here as telling nothing`() throws {
        let (team, replica) = try filled(TestPassphrase.protection())
        try withExtendedLifetime(team) {
            try replica.log.queue.read { db in
                for table in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'") {
                    for column in try db.columns(in: table) {
                        let name = "\(table).\(column.name)"
                        let isSealed = SealedColumn.all.contains { $0.table == table && $0.name == column.name }
                        let holdsText = column.type != "INTEGER"
                        #expect(!isSealed || !Self.telling.contains(name), "\(name)")
                        #expect(isSealed || !holdsText || Self.telling.contains(name), "\(name) is not known: seal it, or say why not")
                        guard isSealed else { continue }
                        let values = try DatabaseValue.fetchAll(db, sql: "SELECT \(column.name) FROM \(table) WHERE \(column.name) IS NOT NULL")
                        #expect(!values.isEmpty, "\(name) was not tried")
                        for value in values { #expect(value.bytes.count > Sealing.nonceLength + Sealing.tagLength, "\(name)") }
                    }
                }
            }
        }
    }

    @Test func `without a passphrase they hold what they held`() throws {
        let (team, replica) = try filled(.none)
        try withExtendedLifetime(team) {
            try replica.log.queue.read { db in
                #expect(try String.fetchOne(db, sql: "SELECT name || url || token FROM remote") == "relayhttps://relay.exampletoken")
                #expect(try String.fetchOne(db, sql: "SELECT typeof(wall) FROM change") == "integer")
                let journal = try Row.fetchOne(db, sql: "SELECT bytes FROM journal")?.bytes(0) ?? []
                #expect(try Change(canonical: journal).operations.count > 0)
            }
        }
    }

    @Test func `what is moved to another row or column, or changed, is refused`() throws {
        let (team, replica) = try filled(TestPassphrase.protection())
        _ = try replica.addEvent("Second in the journal")
        try replica.log.queue.writeWithoutTransaction { db in
            try db.execute(sql: "UPDATE journal SET bytes = (SELECT bytes FROM journal ORDER BY change DESC LIMIT 1)")
        }
        var error = #expect(throws: SyncError.self) { try replica.log.read { try $0.journal(limit: 9) } }
        #expect(error?.kind == .integrity)
        try replica.log.queue.writeWithoutTransaction { db in
            try db.execute(sql: "UPDATE remote SET token = url")
            try db.execute(sql: "UPDATE meta SET value = x'01' WHERE key = 'role'")
        }
        error = #expect(throws: SyncError.self) { try replica.remotes() }
        #expect(error?.kind == .integrity)
        error = #expect(throws: SyncError.self) { try replica.addEvent("x") }
        #expect(error?.kind == .integrity)
        withExtendedLifetime(team) {}
    }

    @Test func `two stores with one name in them share no bytes, and equal names in one store do`() throws {
        let (first, second) = (try filled(TestPassphrase.protection()), try filled(TestPassphrase.protection(), seed: 2))
        func name(_ replica: Replica) throws -> [UInt8] {
            try replica.log.queue.read { db in try Row.fetchOne(db, sql: "SELECT name FROM remote")?.bytes(0) ?? [] }
        }
        #expect(try name(first.replica) != name(second.replica))
        #expect(throws: SyncError.self) { try first.replica.addRemote(name: "relay", url: "https://other.example") }
        try first.replica.removeRemote("relay")
        #expect(try first.replica.remotes().isEmpty)
        withExtendedLifetime((first.team, second.team)) {}
    }
}
