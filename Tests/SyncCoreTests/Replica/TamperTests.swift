import Foundation
import GRDB
import Testing

@testable import SyncCore

/// Two changes of each byte of what comes in, through the way by which it comes in: refused, and no row of the store differs. Key
/// files: `KeyFileTests`; bundles: `DamagedBundleTests`; invite codes: `InviteCodeTests`.
@Suite struct TamperTests {
    static let flips: [UInt8] = [0x01, 0x90]

    /// Each byte of `bytes` changed in each of two ways.
    private func eachFlip(
        _ bytes: [UInt8], places: some Sequence<Int>, _ body: (_ changed: [UInt8], _ place: Int) throws -> Void
    ) throws {
        for place in places {
            for flip in Self.flips {
                var changed = bytes
                changed[place] ^= flip
                try body(changed, place)
            }
        }
    }

    private func expectIntegrity(_ what: String, _ body: () throws -> Void) {
        let error = #expect(throws: SyncError.self, "\(what)") { try body() }
        #expect(error?.kind == .integrity, "\(what)")
    }

    @Test func `segments: a log's open and its first run, alone and together`() throws {
        let team = try TestTeam(devices: 2)
        let (ana, ben) = (team.replicas[0], team.replicas[1])
        _ = try ben.addEvent("Vigil")
        _ = try ben.seal()
        let whole = try ben.offers(lackedBy: ana.heads()).flatMap(\.self)
        try #require(whole.count == 2)
        let before = try ana.tables()
        try eachFlip(whole[0], places: whole[0].indices) { changed, place in
            expectIntegrity("open, byte \(place)") { _ = try ana.receive([changed]) }
        }
        try eachFlip(whole[1], places: whole[1].indices) { changed, place in
            expectIntegrity("run, byte \(place)") { _ = try ana.receive([whole[0], changed]) }
            guard place % 16 == 0 else { return }
            let now = try ana.tables()
            #expect(now == before, "byte \(place)")
        }
        #expect(try ana.tables() == before)
        #expect(try ana.receive(whole).changes == 1)
        #expect(try ana.tables() != before)
    }

    /// A record that cannot be opened may be a newer version's, so it holds up nobody: kept, passed on, counted, and without effect.
    @Test func `a control record: none of its bytes decides anything`() throws {
        let team = try TestTeam(devices: 3)
        let (ana, ben, cem) = (team.replicas[0], team.replicas[1], team.replicas[2])
        try ana.rename(ben.device, to: "Ben's phone")
        let real = try #require(try ana.log.read { try $0.sealedControl().last })
        func effect() throws -> [Hash32] { try cem.team().heads + cem.tables(without: ["control"]) }
        let before = try effect()
        var damaged: [ReceivedControl] = []
        try eachFlip(real, places: real.indices) { changed, _ in
            damaged.append(ReceivedControl(position: Int64(damaged.count), sealed: changed))
        }
        #expect(try cem.receiveControl(damaged) == damaged.count)
        #expect(try effect() == before)
        #expect(try cem.team().roster[ben.device]?.enrolment.name == "device 1")
        // What names no key that is here may be of a later epoch; all else is damage, and `status` says so.
        let named = 1 + SealedControl.tagLength
        #expect(try cem.status().unreadableControl == (real.count - named) * Self.flips.count)
        #expect(try cem.receiveControl([ReceivedControl(position: 0, sealed: real)]) == 1)
        #expect(try cem.team().roster[ben.device]?.enrolment.name == "Ben's phone")
    }

    @Test func `a backup: nothing is left of one that was changed`() throws {
        let out = Collector()
        var writer = try ItemFileWriter(.backup) { out.bytes += $0 }
        try writer.add(type: BackupItem.keys, [UInt8](repeating: 7, count: 90))
        try writer.add(type: BackupItem.log, [UInt8](repeating: 8, count: 90))
        try writer.finish()
        let folder = NSTemporaryDirectory() + "sync-tamper-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try eachFlip(out.bytes, places: out.bytes.indices) { changed, place in
            expectIntegrity("byte \(place)") { try Restore(ByteSource(changed), to: folder).device() }
            #expect(!FileSystem.exists(folder), "byte \(place)")
        }
        try Restore(ByteSource(out.bytes), to: folder).device()
        #expect(FileSystem.exists(folder + "/keys"))
    }

    @Test func `a request and an answer in files`() throws {
        let team = try TestTeam(devices: 1)
        let ana = team.replicas[0]
        let ben = try PendingJoin(device: "Ben's phone", team.clock.surroundings)
        let request = RequestFile.bytes(ben.request)
        try eachFlip(request, places: request.indices) { changed, place in
            #expect(throws: DecodingFailure.self, "request, byte \(place)") { _ = try RequestFile.read(changed) }
        }
        let answer = try ana.answerFile(to: RequestFile.read(request), as: .volunteer, relayURL: "").bytes
        let before = try ana.tables()
        // Behind the envelope's own key all is under one tag: there every 37th will do.
        let places = Set(0..<64).union(stride(from: 64, to: answer.count, by: 37)).union(answer.indices.suffix(32))
        try eachFlip(answer, places: places) { changed, place in
            #expect(ben.open(file: changed) == nil, "answer, byte \(place)")
        }
        #expect(try ana.tables() == before)
        #expect(ben.open(file: answer) != nil)
    }
}

extension Replica {
    /// Every row of every table of the log, as one hash.
    func tables() throws -> Hash32 { Digest.plain(try tables(without: []).flatMap(\.bytes)) }

    /// A hash for each table.
    func tables(without omitted: Set<String>) throws -> [Hash32] {
        try log.read { log in
            let names = try String.fetchAll(log.db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return try names.filter { !omitted.contains($0) }.map { name in
                var writer = ByteWriter()
                for row in try Row.fetchAll(log.db, sql: "SELECT * FROM \"\(name)\"") {
                    for value in row.databaseValues {
                        guard case .blob(let bytes) = value.storage else {
                            writer.counted(Array("\(value)".utf8))
                            continue
                        }
                        writer.counted(Array(bytes))
                    }
                }
                return Digest.plain(writer.bytes)
            }
        }
    }
}
