import Foundation
import Testing

/// A recovery key, as somebody meets it.
@Suite struct RecoveryTests {
    private func withKey() throws -> (sync: TestEnvironment, key: String) {
        let sync = try TestEnvironment()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        sync.variables["XDG_RUNTIME_DIR"] = sync.folder + "/run"
        try FileManager.default.createDirectory(
            atPath: sync.folder + "/run", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        _ = try sync.write("correct horse\n", to: "passphrase")
        let key = sync.folder + "/key"
        let ran = try sync.sync(
            "init", "--team", "Solidarity", "--device", "laptop", "--passphrase-file", sync.passphraseFile, "--recovery-file", key)
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: ran.err) }
        return (sync, key)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    // MARK: Getting one

    @Test func `where nobody can be asked it goes into a file that was not there, or there is none`() throws {
        let (sync, key) = try withKey()
        let text = try text(key)
        #expect(text.hasPrefix("RECOVERY-") && text.hasSuffix("\n"))
        #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
        let list = try sync.sync("devices", "list", "--passphrase-file", sync.passphraseFile)
        #expect(list.out.contains("recovery key of laptop") && list.out.contains("  recovery key  "), "\(list)")
        let json = try sync.sync("devices", "list", "--json", "--passphrase-file", sync.passphraseFile)
        #expect(json.lines.filter { $0.contains(#""recovery_key":true"#) }.count == 1 && json.lines.count == 2)
        let over = try sync.sync("init", "--team", "Second", "--recovery-file", key)
        #expect(over.exit == 1 && over.err.contains("cannot be made"), "\(over)")
        #expect(try self.text(key) == text && !FileManager.default.fileExists(atPath: sync.folder + "/.local/share/sync/second"))
        let none = try sync.sync("init", "--team", "Second")
        #expect(none.exit == 0 && none.err.contains("There is no recovery key"))
        #expect(try sync.sync("init", "--team", "Fifth", "--json").out.contains(#""recovery_key":false"#))
        #expect(try !sync.sync("init", "--team", "Third", "--no-recovery-key").err.contains("recovery key"))
        #expect(try sync.sync("init", "--team", "Fourth", "--no-recovery-key", "--recovery-file", key + "2").exit == 2)
        // A team that cannot be made leaves no key that opens nothing.
        let twice = try sync.sync("init", "--team", "Second", "--recovery-file", key + "2")
        #expect(twice.exit == 1 && !FileManager.default.fileExists(atPath: key + "2"))
    }

    @Test func `on a terminal it is shown once, and two groups of it are typed back`() throws {
        let sync = try TestEnvironment()
        sync.variables["NO_COLOR"] = "1"
        let session = try TerminalSession(sync, ["init", "--team", "Solidarity", "--no-passphrase"])
        let question = "make none): "
        try session.expect(question, times: 1)
        let shown = try #require(session.shown.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("RECOVERY-") })
        let groups = shown.split(separator: "-").dropFirst().map(String.init)
        #expect(groups.count == 8)
        func asked() throws -> String {
            let number = try #require(session.shown.split(separator: "Type back group ").last?.split(separator: " ").first.flatMap { Int($0) })
            return groups[number - 1]
        }
        let first = try asked()
        session.send("XXXXX\n")
        try session.expect(question, times: 2)
        #expect(try session.shown.contains("That is not group ") && asked() == first)
        session.send(first.lowercased() + "\n")
        try session.expect(question, times: 3)
        #expect(try asked() != first)
        session.send(try asked() + "\n")
        #expect(session.finish() == 0, "\(session.shown)")
        #expect(session.shown.split(separator: "RECOVERY-").count == 2)
        #expect(try sync.sync("devices", "list").out.contains("recovery key"))
        #expect(try sync.sync("key", "show").out.contains("can enrol a new device"))
        // Nothing on the disk holds it.
        let found = try sync.shell("grep -rl '\(groups[1])' '\(sync.store)'")
        #expect(found.exit == 1 && found.out.isEmpty)
    }

    @Test func `it may be declined, and made later`() throws {
        let sync = try TestEnvironment()
        let session = try TerminalSession(sync, ["init", "--team", "Solidarity", "--no-passphrase"])
        try session.expect("make none): ", times: 1)
        session.send("\n")
        #expect(session.finish() == 0 && session.shown.contains("No recovery key was made"), "\(session.shown)")
        #expect(try !sync.sync("devices", "list").out.contains("recovery key"))
        #expect(try sync.sync("status").out.contains("recovery   no key"))
        let nobody = try sync.sync("key", "recovery")
        #expect(nobody.exit == 2 && nobody.err.contains("--recovery-file FILE"))
        #expect(try sync.sync("key", "recovery", "--recovery-file", sync.folder + "/key").exit == 0)
        #expect(try sync.sync("status").out.contains("recovery   recovery key of"))
    }

    // MARK: A passphrase that is lost

    @Test func `it opens the store, and gives it another passphrase`() throws {
        let (sync, key) = try withKey()
        let new = try sync.write("another\n", to: "new")
        #expect(try sync.sync("unlock", "--recovery").exit == 2)
        #expect(try sync.sync("unlock", "--recovery", try text(key)).exit == 2)
        #expect(try sync.sync("unlock", "--recovery-file", key).exit == 0)
        #expect(try sync.sync("event", "add", "Vigil").exit == 0)
        #expect(try sync.sync("lock").exit == 0)
        let set = try sync.sync("passphrase", "set", "--recovery-file", key, "--passphrase-file", new)
        #expect(set.exit == 0 && set.err.contains("The recovery key still opens it."), "\(set)")
        #expect(try sync.sync("event", "list", "--passphrase-file", new).out.contains("Vigil"))
        #expect(try sync.sync("event", "list", "--passphrase-file", sync.passphraseFile).exit == 8)
        sync.pass(seconds: 60)
        sync.variables["SYNC_RECOVERY_FILE"] = key
        #expect(try sync.sync("unlock", "--recovery").exit == 0)
    }

    @Test func `a wrong one exits with 8 and slows down the next try, one that cannot be read is a slip`() throws {
        let (sync, key) = try withKey()
        let (others, other) = try withKey()
        #expect(try text(other) != text(key))
        let wrong = try sync.sync("unlock", "--recovery-file", other)
        #expect(wrong.exit == 8 && wrong.err.hasPrefix("sync: The recovery key does not open this store.\n"), "\(wrong)")
        let early = try sync.sync("unlock", "--recovery-file", key)
        #expect(early.exit == 8 && early.err.contains("can be made in 1 second."), "\(early)")
        sync.pass(seconds: 1)
        let slip = try sync.sync("unlock", "--recovery-file", try sync.write(String(text(key).dropLast(3)), to: "slip"))
        #expect(slip.exit == 2 && slip.err.contains("group by group"))
        #expect(try sync.sync("unlock", "--recovery-file", key).exit == 0)
        _ = others
    }

    @Test func `on a terminal it is asked for`() throws {
        let (sync, key) = try withKey()
        let session = try TerminalSession(sync, ["passphrase", "set", "--recovery"])
        try session.expect("Recovery key: ")
        session.send(try text(key).replacing("-", with: " ").lowercased())
        try session.expect("New passphrase: ")
        session.send("zebra zebra\n")
        try session.expect("Once more: ")
        session.send("zebra zebra\n")
        #expect(session.finish() == 0 && !session.shown.contains("zebra"), "\(session.shown)")
        let file = try sync.write("zebra zebra\n", to: "new")
        #expect(try sync.sync("event", "list", "--passphrase-file", file).exit == 0)
    }

    @Test func `a backup with the identity brings the way back too, and a wipe takes it along`() throws {
        let (sync, key) = try withKey()
        let file = sync.folder + "/a.backup"
        #expect(try sync.sync("backup", file, "--with-identity", "--passphrase-file", sync.passphraseFile).exit == 0)
        #expect(try sync.sync("wipe", "--yes", "-q").exit == 0)
        #expect(try sync.sync("unlock", "--recovery-file", key).exit == 10)
        #expect(try sync.sync("restore", file, "--store", sync.store, "--passphrase-file", sync.passphraseFile).exit == 0)
        #expect(try sync.sync("unlock", "--recovery-file", key).exit == 0)
        #expect(try sync.sync("status").out.contains("recovery   recovery key of laptop"))
    }

    // MARK: A device that is lost

    @Test func `from a relay a new device comes back, puts the lost one out, and replaces the key`() throws {
        let (sync, key) = try withKey()
        let relay = try RelayProcess(sync, data: sync.folder + "/relay")
        let url = "http://127.0.0.1:\(relay.port)"
        sync.variables["SYNC_PASSPHRASE_FILE"] = sync.passphraseFile
        #expect(try sync.sync("event", "add", "Vigil").exit == 0)
        #expect(try sync.sync("remote", "add", "relay", url).exit == 0)
        #expect(try sync.sync("now").exit == 0)
        let phone = ["--store", sync.folder + "/phone"]
        let recover = ["recover", "--relay", url, "--recovery-file", key, "--device", "phone"] + phone
        let unasked = try sync.run(recover)
        #expect(unasked.exit == 2 && !FileManager.default.fileExists(atPath: sync.folder + "/phone"), "\(unasked)")
        let ran = try sync.run(recover + ["--yes"])
        #expect(ran.exit == 0 && ran.out.contains("1 record here") && ran.err.contains("If laptop is lost, put it out:  sync devices remove"), "\(ran)")
        #expect(try sync.run(phone + ["event", "list"]).out.contains("Vigil"))
        #expect(try sync.run(phone + ["status"]).out.contains("phone, coordinator; 1 other"))
        let lowered = try sync.run(phone + ["devices", "role", "laptop", "volunteer"])
        #expect(lowered.exit == 0 && lowered.err.contains("can come back as a coordinator"), "\(lowered)")
        // Whoever leaves, and is not only robbed, must not come back by it.
        let removed = try sync.run(phone + ["devices", "remove", "laptop", "--yes"])
        #expect(removed.exit == 0 && removed.out.contains("The recovery key of laptop stands: whoever has it can come back."), "\(removed)")
        #expect(try sync.sync("now").exit == 4)
        let next = sync.folder + "/next"
        let asked = try sync.run(phone + ["key", "recovery", "--recovery-file", next])
        #expect(asked.exit == 2 && !FileManager.default.fileExists(atPath: next), "\(asked)")
        let replaced = try sync.run(phone + ["key", "recovery", "--recovery-file", next, "--yes"])
        #expect(replaced.exit == 0 && replaced.err.contains("The earlier one was removed"), "\(replaced)")
        let tablet = ["--store", sync.folder + "/tablet", "--device", "tablet", "--yes", "--relay", url]
        let old = try sync.run(["recover", "--recovery-file", key] + tablet)
        #expect(old.exit == 4 && old.err.contains("was removed from the team Solidarity"), "\(old)")
        #expect(!FileManager.default.fileExists(atPath: sync.folder + "/tablet"))
        #expect(try sync.run(["recover", "--recovery-file", next] + tablet).exit == 0)
        #expect(try sync.run(["--store", sync.folder + "/tablet", "event", "list"]).out.contains("Vigil"))
    }

    @Test func `whoever joins hears of it, and a volunteer's opens their store and enrols nobody`() throws {
        let (sync, _) = try withKey()
        let relay = try RelayProcess(sync, data: sync.folder + "/relay")
        sync.variables["SYNC_PASSPHRASE_FILE"] = sync.passphraseFile
        #expect(try sync.sync("remote", "add", "relay", "http://127.0.0.1:\(relay.port)").exit == 0)
        let code = try #require(try sync.sync("invite", "--pre-approved", "--role", "volunteer").lines.first)
        let phone = ["--store", sync.folder + "/phone"]
        let joined = try sync.run(["join", code, "--device", "phone", "--yes"] + phone)
        #expect(joined.exit == 0 && joined.err.contains("sync key recovery"), "\(joined)")
        let key = sync.folder + "/phone-key"
        let made = try sync.run(["key", "recovery", "--recovery-file", key] + phone)
        #expect(made.exit == 0 && made.err.contains("It cannot enrol a new device"), "\(made)")
        #expect(try sync.run(["unlock", "--recovery-file", key] + phone).exit == 0)
        #expect(try sync.run(["key", "show"] + phone).out.contains("it cannot enrol a new device"))
        #expect(try sync.run(["now"] + phone).exit == 0)
        let recovered = try sync.run(
            ["recover", "--relay", "http://127.0.0.1:\(relay.port)", "--recovery-file", key, "--store", sync.folder + "/tablet", "--yes"])
        #expect(recovered.exit == 4 && recovered.err.contains("There is nothing for this recovery key here"), "\(recovered)")
    }

    @Test func `from a bundle it needs no network`() throws {
        let (sync, key) = try withKey()
        sync.variables["SYNC_PASSPHRASE_FILE"] = sync.passphraseFile
        #expect(try sync.sync("event", "add", "Vigil").exit == 0)
        let bundle = sync.folder + "/a.bundle"
        #expect(try sync.sync("bundle", "create", bundle).exit == 0)
        let phone = ["--store", sync.folder + "/phone"]
        let ran = try sync.run(["recover", "--bundle", bundle, "--recovery-file", key, "--device", "phone", "--yes"] + phone)
        #expect(ran.exit == 0 && ran.out.contains("1 record here") && ran.err.contains("does not know of this device yet"), "\(ran)")
        #expect(try sync.run(phone + ["event", "list"]).out.contains("Vigil"))
        let twice = try sync.run(["recover", "--bundle", bundle, "--recovery-file", key, "--yes"] + phone)
        #expect(twice.exit == 1 && twice.err.contains("There is a store"))
        for wrong in [["recover"], ["recover", "--bundle", "-"], ["recover", "--bundle", bundle, "--relay", "http://127.0.0.1:1"]] {
            #expect(try sync.run(wrong + ["--recovery-file", key]).exit == 2)
        }
        #expect(try sync.run(["recover", "--relay", "http://127.0.0.1:1", "--recovery-file", key]).exit == 5)
    }
}
