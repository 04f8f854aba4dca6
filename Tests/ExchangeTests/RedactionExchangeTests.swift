import Foundation
import NIOHTTP1
import SyncServer
import Testing

@testable import SyncCore

/// A redaction over a relay.
@Suite(.serialized) struct RedactionExchangeTests {
    private static let secret = "Zanzibarquartier"

    private func title() throws -> FieldSchema { try #require(RecordSchema.of(.event)[Field.title]) }

    /// Whether any file of a folder holds these bytes.
    private func hold(_ folder: String, _ needle: [UInt8]) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
            Data(try FileSystem.read(folder + "/" + name)).range(of: Data(needle)) != nil
        }
    }

    private func body(_ replica: Replica) throws -> [UInt8] {
        try replica.log.read { log in
            var body: [UInt8] = []
            try log.forEachSegment { stored in
                let written = try replica.loader.written(stored, log)?.changes ?? []
                guard written.flatMap(\.operations).contains(where: { $0.value?.text == Self.secret }) else { return }
                body = try Segment(stored.bytes).body ?? []
            }
            return body
        }
    }

    @Test func `S16 a body that was withdrawn is at no relay, and a wiped or restored one gets it back without`() async throws {
        let team = try RelayTeam()
        var (record, bytes): (RecordID?, [UInt8]) = (nil, [])
        let backup = team.folder + "/relay-backup"
        try await team.withRelay { url in
            try await team.join(url)
            try await team.join(url)
            record = try team.replicas[1].addEvent(Self.secret)
            _ = try team.replicas[1].addEvent("Vigil")
            try await team.everybodyExchanges()
            bytes = Array(try body(team.replicas[0]).prefix(64))
            #expect(bytes.count == 64)
        }
        try FileManager.default.copyItem(atPath: team.relayFolder, toPath: backup)
        #expect(try hold(backup, bytes))
        try await team.withRelay { url in
            try team.pointAll(at: url)
            try team.replicas[0].redact(try #require(record), title(), reason: "a name")
            _ = try await team.exchange(team.replicas[0]).push()
            #expect(try !hold(team.relayFolder, bytes))
            try await team.everybodyExchanges()
            try await team.join(url)
            _ = try await team.exchange(team.replicas[3]).pull()
            let exports = try team.replicas.map { try $0.export() }
            #expect(Set(exports).count == 1 && !String(decoding: exports[0], as: UTF8.self).contains(Self.secret))
            for replica in team.replicas { #expect(try body(replica).isEmpty) }
        }
        // Restored from before: who is no coordinator exchanges with it, and a coordinator mends it.
        try team.wipeRelay()
        try FileManager.default.copyItem(atPath: backup, toPath: team.relayFolder)
        try await team.withRelay { url in
            try team.pointAll(at: url)
            _ = try await team.exchange(team.replicas[1]).pull()
            #expect(try await team.exchange(team.replicas[1]).push().keptRedacted == 1)
            #expect(try hold(team.relayFolder, bytes))
            _ = try await team.exchange(team.replicas[0]).pull()
            #expect(try await team.exchange(team.replicas[0]).push().keptRedacted == 0)
            #expect(try !hold(team.relayFolder, bytes))
        }
        // Wiped: a member fills in what it can, and a coordinator the rest.
        try team.wipeRelay()
        try await team.withRelay { url in
            try team.pointAll(at: url)
            _ = try await team.exchange(team.replicas[1]).pull()
            _ = try await team.exchange(team.replicas[1]).push()
            _ = try await team.exchange(team.replicas[0]).push()
            try await team.join(url)
            _ = try await team.exchange(team.replicas[4]).pull()
            #expect(try team.replicas[4].export() == team.replicas[0].export())
        }
    }

    @Test func `who is no coordinator cannot have the relay drop anything`() async throws {
        let team = try RelayTeam()
        try await team.withRelay { url in
            try await team.join(url)
            _ = try team.replicas[0].addEvent(Self.secret)
            try await team.everybodyExchanges()
            let (ben, exchange) = (team.replicas[1], try team.exchange(team.replicas[1]))
            let item = try #require(try ben.log.read { log -> WithdrawalOrder.Item? in
                var item: WithdrawalOrder.Item?
                try log.forEachSegment { stored in
                    guard stored.index > 0, let owner = try log.log(number: stored.log) else { return }
                    item = WithdrawalOrder.Item(tag: owner.tag, index: stored.index, chain: stored.chain)
                }
                return item
            })
            let handle = try #require(try ben.registrations(of: "relay").first?.handle)
            let signature = try WithdrawalOrder.sign([item], handle: handle, with: ben.signing)
            let answer = try await exchange.client.send(
                .POST, exchange.path("/withdraw"), token: .bearer(ben.tokens(at: "relay").write),
                RelayMessages.Withdraw([item], signature: signature))
            #expect(answer.status == 403)
            #expect(try await exchange.heads().withdrawn == nil)
        }
    }
}
