import Foundation
import Testing

@testable import SyncCore

/// P8: what was lost comes back, and nothing is overwritten.
@Suite(.serialized) struct BackupTests {
    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test func `P8 a device comes back whole, with what was never sent, as another incarnation`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("York", "--city", "York")
        let file = sync.folder + "/a.backup"
        let written = try sync.sync("backup", file, "--with-identity")
        #expect(written.exit == 0 && written.err.contains("this device whole, its keys and 1 change, 1 change of them never sent"), "\(written)")
        #expect(!exists(sync.store + "/backup.new"))
        let export = try sync.sync("export").out
        try FileManager.default.removeItem(atPath: sync.store)
        let back = try sync.sync("restore", file, "--store", sync.store)
        #expect(back.exit == 0 && back.out.contains("Restored laptop of Solidarity: 1 change, 1 change of them not sent yet."), "\(back)")
        #expect(back.err.contains("from now on it writes under another mark"))
        #expect(try sync.sync("export").out == export)
        #expect(try sync.sync("event", "add", "Leeds").exit == 0)
        #expect(try sync.sync("status", "--json").out.contains(#""unsent":2"#))
        #expect(try sync.sync("doctor").out.contains("ok  identity"))
    }

    @Test func `a restore overwrites nothing, and leaves nothing behind when it fails`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("York")
        let file = sync.folder + "/a.backup"
        try sync.sync("backup", file, "--with-identity")
        let before = try sync.logBytes()
        let ran = try sync.sync("restore", file, "--store", sync.store)
        #expect(ran.exit == 1 && ran.err.contains("There is a store at") && ran.err.contains("It was not changed."), "\(ran)")
        #expect(try sync.logBytes() == before)
        #expect(try sync.sync("backup", file, "--with-identity").exit == 1)
        #expect(try sync.sync("restore", file).exit == 2)

        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        let (damaged, folder) = (sync.folder + "/damaged", sync.folder + "/new")
        for place in stride(from: 0, to: whole.count, by: whole.count / 12) {
            var bytes = whole
            bytes[place] ^= 0x20
            try bytes.write(to: URL(fileURLWithPath: damaged))
            #expect(try sync.sync("restore", damaged, "--store", folder).exit == 7, "byte \(place)")
            #expect(!exists(folder), "byte \(place)")
        }
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: damaged))
        #expect(try sync.sync("restore", damaged, "--store", folder).exit == 7)
        #expect(!exists(folder))
        #expect(try sync.sync("restore", file, "--store", folder).exit == 0)
    }

    @Test func `without an identity it holds no key and no name`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Zanzibarquartier")
        let file = sync.folder + "/a.backup"
        let written = try sync.sync("backup", file)
        #expect(written.exit == 0 && written.err.contains("Not in it: this device's keys."), "\(written)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        for word in ["Zanzibarquartier", "Solidarity", "laptop"] { #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)") }
        let keyFile = try KeyFile(path: sync.store + "/keys")
        let keys = try keyFile.keys(under: #require(keyFile.openKey))
        for secret in [keys.signingSeed, keys.kemSeed, keys.controlToken] + keys.epochs.map(\.key) {
            #expect(bytes.range(of: Data(secret.bytes)) == nil)
        }
        let nobody = try TestEnvironment()
        let ran = try nobody.sync("restore", file, "--store", nobody.folder + "/new")
        #expect(ran.exit == 4 && ran.err.contains("is without an identity"), "\(ran)")
        #expect(!exists(nobody.folder + "/new"))
    }

    @Test func `a log that was lost comes back beside its keys`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("York")
        let file = sync.folder + "/a.backup"
        try sync.sync("backup", file)
        let export = try sync.sync("export").out
        for name in try FileManager.default.contentsOfDirectory(atPath: sync.store) where name != "keys" {
            try FileManager.default.removeItem(atPath: sync.store + "/" + name)
        }
        // Another team's is refused, and the keys stay alone.
        let other = try TestEnvironment.withTeam()
        try other.sync("backup", other.folder + "/other.backup")
        let foreign = try sync.sync("--store", sync.store, "restore", other.folder + "/other.backup")
        #expect(foreign.exit == 4 && foreign.err.contains("is of another team."), "\(foreign)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: sync.store) == ["keys"])
        let back = try sync.sync("--store", sync.store, "restore", file)
        #expect(back.exit == 0 && back.out.contains("Received 1 change"), "\(back)")
        #expect(back.err.contains("writes under another mark") && !back.err.contains("in use"), "\(back)")
        #expect(!exists(sync.store + "/restore.new"))
        #expect(try sync.sync("export").out == export)
        #expect(try sync.sync("event", "add", "Leeds").exit == 0)
        #expect(try sync.sync("event", "list").lines.count == 2)
    }

    @Test func `a device that joined anew takes in what the old one had, sealed by it`() throws {
        let devices = try TwoDevices().environment
        let phone = ["--store", devices.folder + "/phone"]
        _ = try devices.run(phone + ["event", "add", "York"])
        let file = devices.folder + "/phone.backup"
        #expect(try devices.run(phone + ["backup", file]).exit == 0)
        try FileManager.default.removeItem(atPath: devices.folder + "/phone")
        // The laptop stands for any device of the team.
        let ran = try devices.sync("restore", file)
        #expect(ran.exit == 0 && ran.out.contains("Received 1 change from 1 device: 1 new event."), "\(ran)")
        #expect(try devices.sync("event", "list").out.contains("York"))
    }
}
