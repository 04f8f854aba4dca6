import Foundation
import Testing

@Suite struct StoreTests {
    @Test func `no store`() throws {
        let sync = try TestEnvironment()
        for arguments in [["event", "list"], ["status"], ["event", "add", "x"], ["log"], ["export"], ["rebuild"], ["conflicts"], ["search", "x"]] {
            let ran = try sync.run(arguments)
            #expect(ran.exit == 10)
            #expect(ran.err.hasPrefix("sync: There is no team on this device yet.\n Create one with  sync init"))
        }
        #expect(try sync.sync("--store", sync.folder + "/nothing", "status").exit == 10)
    }

    @Test func `init says what is not protected`() throws {
        let sync = try TestEnvironment()
        let ran = try sync.sync("init", "--team", "Solidarité Paris", "--device", "laptop")
        #expect(ran.exit == 0)
        #expect(ran.out.contains("Created the team Solidarité Paris") && ran.out.contains("/.local/share/sync/solidarité-paris"))
        #expect(ran.err.contains("There is no passphrase: anybody who can read this disk can read the records."))
        #expect(try sync.sync("init").exit == 2)
        #expect(try sync.sync("init", "--team", "Solidarité Paris").exit == 1)
        #expect(try sync.sync("init", "--team", "a\u{1b}[2Jb").exit == 2)
        #expect(try !sync.sync("init", "--team", "Two", "--no-passphrase").err.contains("passphrase"))
    }

    @Test func `with several teams one must be said`() throws {
        let sync = try TestEnvironment.withTeam()
        try sync.sync("init", "--team", "Second")
        let ran = try sync.sync("status")
        #expect(ran.exit == 2)
        #expect(ran.err.contains("  second\n") && ran.err.contains("  solidarity\n"))
        #expect(try sync.sync("status", "--team", "Second").out.contains("Second"))
        #expect(try sync.sync("--team", "third", "status").exit == 10)
        sync.variables["SYNC_STORE"] = sync.store
        #expect(try sync.sync("status").out.contains("Solidarity"))
        #expect(try sync.sync("status", "--team", "second").out.contains("Second"))
    }

    @Test func `files are for their user alone`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        for name in try FileManager.default.contentsOfDirectory(atPath: sync.store) {
            let mode = try FileManager.default.attributesOfItem(atPath: sync.store + "/" + name)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test func `what is no store is refused and left alone`() throws {
        let sync = try TestEnvironment.withTeam()
        let log = URL(fileURLWithPath: sync.store + "/log.db")
        try Data("This is a letter.\n".utf8).write(to: log)
        var ran = try sync.sync("event", "add", "x")
        #expect(ran.exit == 7)
        #expect(ran.err.contains("is not a store of sync") && ran.err.contains("It was not changed."))
        #expect(try Data(contentsOf: log) == Data("This is a letter.\n".utf8))
        try Self.otherDatabase.write(to: log)
        ran = try sync.sync("event", "list")
        #expect(ran.exit == 7)
        #expect(ran.err.contains("is a database of another program"))
        #expect(try Data(contentsOf: log) == Self.otherDatabase)
        #expect(try sync.sync("doctor").exit == 7)
    }

    /// The first page of an SQLite database with one table and the application id of another program.
    private static let otherDatabase: Data = {
        var page = [UInt8](repeating: 0, count: 4096)
        page.replaceSubrange(0..<16, with: Array("SQLite format 3".utf8) + [0])
        page.replaceSubrange(16..<24, with: [0x10, 0, 1, 1, 0, 64, 32, 32])
        page[31] = 1
        page[47] = 4
        page[59] = 1
        page.replaceSubrange(68..<72, with: Array("GPKG".utf8))
        page[100] = 0x0d
        page.replaceSubrange(105..<107, with: [0x10, 0])
        return Data(page)
    }()

    @Test func `status, log, rebuild and doctor`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil", "--city", "York")
        let status = try sync.sync("status")
        #expect(status.exit == 0)
        #expect(status.out.contains("records    1 event, 0 petitions\n") && status.out.contains("conflicts  none\n"))
        #expect(status.out.contains("remotes    none; everything is on this device\n"))
        #expect(try sync.sync("log").out.contains("laptop") == true)
        #expect(try sync.sync("log", id).out.contains("\(id)  Vigil"))
        #expect(try sync.sync("log", "zzzzzz").exit == 2)
        #expect(try sync.sync("rebuild").out == "Rebuilt from 1 change.\n")
        #expect(try sync.sync("event", "list").out.contains("Vigil"))
        let doctor = try sync.sync("doctor")
        #expect(doctor.exit == 0)
        #expect(doctor.out.contains("ok  log.db") && doctor.out.contains("ok  identity") && doctor.out.contains("SQLite"))
    }

    @Test func `search finds words and their beginnings`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Rassemblement à la mémoire", "--city", "Paris")
        _ = try sync.addPetition("Stop the camps")
        #expect(try sync.sync("search", "rassem", "paris").lines.count == 1)
        #expect(try sync.sync("search", "camps").out.contains("Stop the camps"))
        let none = try sync.sync("search", "nowhere")
        #expect(none.exit == 0 && none.out == "" && none.err == "Nothing has these words.\n")
        #expect(try sync.sync("search", "--", "--").exit == 2)
        #expect(try sync.sync("search").exit == 2)
    }
}
