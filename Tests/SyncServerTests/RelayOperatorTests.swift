import Foundation
import Logging
import SyncCore
import Testing

@testable import SyncServer

/// What an operator does beside a relay that runs: here, one whose store is open.
@Suite struct RelayOperatorTests {
    private static func quiet() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

    @Test func `a backup of a running relay is all that it had at that moment, and a relay of its own`() async throws {
        let (folder, other) = (try TestFolder(), try TestFolder())
        let store = try SQLiteStore(folder: folder.path, logger: Self.quiet())
        let team = try await TestTeam().register(in: store)
        var log = try TestLog("a", salt: team.registration.teamSalt)
        let run = try log.run(3)
        _ = try await RelayStoreConformance.push(run, to: store, team)
        let relay = RelayOperator(storage: .dataFolder, dataFolder: folder.path)
        try relay.backUp(to: other.path + "/relay.db")
        _ = try await RelayStoreConformance.push(try log.run(1), to: store, team)

        let copy = try SQLiteStore(folder: other.path, logger: Self.quiet())
        let found = try #require(try await copy.team(team.handle))
        #expect(try await RelayStoreConformance.everything(in: copy, found) == run)
        // It goes on from there: what came since is given back to it.
        #expect(try await RelayStoreConformance.push(run + log.run(0), to: copy, found).known == 3)
        try await copy.close()
        #expect(try await relay.usage().segments == 4)
        #expect(FileSystem.mode(of: other.path + "/relay.db").map { $0 & 0o77 } == 0)
        try await store.close()
    }

    @Test func `a backup replaces no file, and neither is made where there is no relay`() async throws {
        let (folder, empty) = (try TestFolder(), try TestFolder())
        try await SQLiteStore(folder: folder.path, logger: Self.quiet()).close()
        let taken = folder.path + "/taken"
        try Data("mine".utf8).write(to: URL(filePath: taken))
        let relay = RelayOperator(storage: .dataFolder, dataFolder: folder.path)
        #expect(throws: SyncError.self) { try relay.backUp(to: taken) }
        #expect(try Data(contentsOf: URL(filePath: taken)) == Data("mine".utf8))
        let nobody = RelayOperator(storage: .dataFolder, dataFolder: empty.path)
        await #expect(throws: SyncError.self) { try await nobody.usage() }
        #expect(throws: SyncError.self) { try nobody.backUp(to: empty.path + "/copy") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.path).isEmpty)
    }

    @Test func `a token that was made while a relay runs is its own at the first use`() async throws {
        let folder = try TestFolder()
        let store = try SQLiteStore(folder: folder.path, logger: Self.quiet())
        let token = try await RelayOperator(storage: .dataFolder, dataFolder: folder.path).admissionToken(uses: 1, days: 1)
        func begin(_ name: String) async throws -> RegistrationResult {
            let team = try TestTeam(name)
            return try await store.register(team.chain, as: team.handle, admitting: .token(Digest.plain(token.utf8)))
        }
        #expect(try await begin("a") == .stored(counter: 0, isNewTeam: true))
        #expect(try await begin("b") == .notAdmitted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/admissions").isEmpty)
        try await store.close()
    }

    @Test func `a relay says beforehand whether it could start`() async throws {
        let folder = try TestFolder()
        let configuration = RelayServer.Configuration(dataFolder: folder.path)
        try await RelayServer(configuration, logger: Self.quiet()).check()
        let store = try SQLiteStore(folder: folder.path, logger: Self.quiet())
        let error = await #expect(throws: SyncError.self) { try await RelayServer(configuration, logger: Self.quiet()).check() }
        #expect(error?.kind == .storeInUse)
        try await store.close()
    }

    @Test func `a certificate that the first start makes need not be there beforehand, and one that is there must be right`() async throws {
        let folder = try TestFolder()
        let relay = RelayServer(.init(security: .selfSigned, dataFolder: folder.path), logger: Self.quiet())
        try await relay.check()
        let file = folder.path + "/relay-tls.pem"
        #expect(!FileManager.default.fileExists(atPath: file))
        try Data("junk".utf8).write(to: URL(fileURLWithPath: file))
        let error = await #expect(throws: SyncError.self) { try await relay.check() }
        #expect(error?.kind == .failure)
    }
}
