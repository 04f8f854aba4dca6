import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// A store with a passphrase, as somebody meets it.
@Suite struct PassphraseTests {
    private func expectLocked(_ ran: TestEnvironment.Ran, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(ran.exit == 8 && ran.out.isEmpty && ran.err.hasPrefix("sync: This store is locked.\n"), "\(ran)", sourceLocation: sourceLocation)
    }

    @Test func `locked, status tells only that, and everything else exits with 8`() throws {
        let sync = try TestEnvironment.withPassphrase()
        let file = try sync.write("{}\n", to: "x.ndjson")
        let before = try sync.logBytes()
        let commands = [
            ["event", "add", "x"], ["event", "list"], ["event", "show", "x"], ["event", "edit", "x", "--title", "y"], ["petition", "list"],
            ["search", "x"], ["log"], ["export", "--format", "ndjson"], ["import", file], ["conflicts"], ["remote", "list"],
            ["remote", "add", "a", "http://127.0.0.1:1"], ["push"], ["pull"], ["now"], ["rebuild"], ["invite", "--pre-approved"],
        ]
        for command in commands { expectLocked(try sync.run(command)) }
        #expect(try sync.sync("doctor").exit == 8)
        let status = try sync.sync("status")
        #expect(status.exit == 0 && status.out.contains(sync.store) && status.out.contains("locked"))
        #expect(!status.out.contains("Solidarity") && !status.out.contains("laptop") && status.err.isEmpty)
        let json = try sync.sync("status", "--json")
        #expect(json.exit == 0 && json.out.contains("\"locked\":true") && !json.out.contains("Solidarity"))
        #expect(try sync.sync("status", "--plain").out == "store\t\(sync.store)\nlock\tlocked\n")
        #expect(try sync.logBytes() == before)
    }

    @Test func `a file, a descriptor, standard input or a variable opens it, and never an argument`() throws {
        let sync = try TestEnvironment.withPassphrase("four words of mine")
        let file = sync.passphraseFile
        #expect(try sync.sync("event", "add", "Vigil", "--passphrase-file", file).exit == 0)
        #expect(try sync.sync("event", "list", "--passphrase-file", "-", input: "four words of mine\n").out.contains("Vigil"))
        #expect(try sync.sync("--passphrase-file", "-", "event", "list", input: "four words of mine").out.contains("Vigil"))
        let program = TestEnvironment.program
        #expect(try sync.shell("'\(program)' event list --passphrase-file /dev/fd/3 3< '\(file)'").out.contains("Vigil"))
        #expect(try sync.shell("'\(program)' event list --passphrase-file <(printf 'four words of mine')").out.contains("Vigil"))
        sync.variables["SYNC_PASSPHRASE_FILE"] = file
        #expect(try sync.sync("event", "list").out.contains("Vigil"))
        #expect(try sync.sync("status").out.contains("passphrase set"))
        #expect(try sync.sync("event", "list", "--passphrase-file", "/nowhere").exit == 2)
        #expect(try sync.sync("event", "list", "--passphrase-file", try sync.write("\n", to: "empty")).exit == 2)
        #expect(try sync.sync("event", "list", "--passphrase", "four words of mine").exit == 2)
    }

    @Test func `what follows the first line of standard input is left to the command`() throws {
        let sync = try TestEnvironment.withPassphrase()
        let records = #"{"type":"event","code":"a:1","title":"From a pipe"}"#
        let ran = try sync.sync(
            "import", "-", "--format", "ndjson", "--passphrase-file", "-", input: "correct horse\n\(records)\n")
        #expect(ran.exit == 0, "\(ran)")
        #expect(try sync.sync("event", "list", "--passphrase-file", sync.passphraseFile).out.contains("From a pipe"))
    }

    @Test func `a wrong one exits with 8, says one thing, and slows down the next try in any process`() throws {
        let sync = try TestEnvironment.withPassphrase()
        let wrong = try sync.write("guess\n", to: "wrong")
        let said = "sync: The passphrase does not open this store.\n"
        for seconds in [1, 2, 4, 8, 16, 30, 30] as [Int64] {
            let ran = try sync.sync("event", "list", "--passphrase-file", wrong)
            #expect(ran.exit == 8 && ran.err.hasPrefix(said), "\(ran)")
            sync.pass(seconds: seconds - 1)
            let early = try sync.sync("event", "list", "--passphrase-file", sync.passphraseFile)
            #expect(early.exit == 8 && early.err.contains("can be made in 1 second."), "\(early)")
            sync.pass(seconds: 1)
        }
        #expect(try sync.sync("status", "--passphrase-file", wrong).exit == 8)
        sync.pass(seconds: 30)
        #expect(try sync.sync("event", "list", "--passphrase-file", sync.passphraseFile).exit == 0)
    }

    @Test func `unlock keeps the key for its time, and lock forgets it`() throws {
        let sync = try TestEnvironment.withPassphrase()
        let file = sync.passphraseFile
        expectLocked(try sync.sync("unlock"))
        let ran = try sync.sync("unlock", "--passphrase-file", file)
        #expect(ran.exit == 0 && ran.err.contains("Unlocked until 23 Apr 12:15."), "\(ran)")
        let place = sync.folder + "/run/sync"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
        #expect(name.hasSuffix(".key"))
        for (path, mode) in [(place, 0o700), ("\(place)/\(name)", 0o600)] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
        }
        _ = try sync.addEvent("Vigil", "--city", "York")
        #expect(try sync.sync("event", "list").out.contains("Vigil"))
        #expect(try sync.sync("status").out.contains("unlocked until 23 Apr 12:15"))
        #expect(try sync.sync("doctor").out.contains("ok  passphrase   set"))
        sync.pass(seconds: 15 * 60 - 1)
        #expect(try sync.sync("search", "York").out.contains("Vigil"))
        sync.pass(seconds: 1)
        expectLocked(try sync.sync("event", "list"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        #expect(try sync.sync("unlock", "--for", "2h", "--passphrase-file", file).exit == 0)
        sync.pass(seconds: 7199)
        #expect(try sync.sync("event", "list").exit == 0)
        #expect(try sync.sync("lock").exit == 0)
        expectLocked(try sync.sync("event", "list"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        for time in ["0m", "15", "x", "-1m", "25h", "1d", ""] { #expect(try sync.sync("unlock", "--for=\(time)").exit == 2, "\(time)") }
    }

    @Test func `a store without one has nothing to lock`() throws {
        let sync = try TestEnvironment.withTeam()
        #expect(try sync.sync("unlock").exit == 0)
        let ran = try sync.sync("lock")
        #expect(ran.exit == 1 && ran.err.contains("has no passphrase: it cannot be locked"))
        #expect(try sync.sync("status").out.contains("lock       no passphrase\n"))
        #expect(try sync.sync("passphrase", "change").exit == 2)
        #expect(try sync.sync("passphrase", "remove", "--yes").exit == 2)
    }

    @Test func `it is set, changed and removed, and the records stay`() throws {
        let sync = try TestEnvironment.withTeam()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        sync.variables["XDG_RUNTIME_DIR"] = sync.folder
        chmod(sync.folder, 0o700)
        _ = try sync.addEvent("Vigil")
        let (one, two) = (try sync.write("first\n", to: "one"), try sync.write("second\n", to: "two"))
        let nobody = try sync.sync("passphrase", "set")
        #expect(nobody.exit == 2 && nobody.err.contains("--passphrase-file FILE"))
        #expect(try sync.sync("passphrase", "set", "--passphrase-file", one).exit == 0)
        expectLocked(try sync.sync("event", "list"))
        #expect(try sync.sync("event", "list", "--passphrase-file", one).out.contains("Vigil"))
        #expect(try sync.sync("passphrase", "set", "--passphrase-file", one).exit == 2)
        #expect(try sync.sync("unlock", "--passphrase-file", one).exit == 0)
        // Who finds the device unlocked cannot change it.
        expectLocked(try sync.sync("passphrase", "change", "--new-passphrase-file", two))
        expectLocked(try sync.sync("passphrase", "remove", "--yes"))
        #expect(try sync.sync("passphrase", "change", "--passphrase-file", two, "--new-passphrase-file", one).exit == 8)
        sync.pass(seconds: 1)
        #expect(try sync.sync("passphrase", "change", "--passphrase-file", one, "--new-passphrase-file", two).exit == 0)
        expectLocked(try sync.sync("event", "list"))
        #expect(try sync.sync("event", "list", "--passphrase-file", one).exit == 8)
        sync.pass(seconds: 1)
        #expect(try sync.sync("event", "list", "--passphrase-file", two).out.contains("Vigil"))
        #expect(try sync.sync("passphrase", "remove", "--passphrase-file", two).exit == 2)
        #expect(try sync.sync("passphrase", "remove", "--passphrase-file", two, "--yes").exit == 0)
        #expect(try sync.sync("event", "list").out.contains("Vigil"))
        #expect(try sync.sync("doctor").out.contains("ok  identity"))
    }

    @Test func `wipe asks for none, and takes the key along that unlock kept`() throws {
        let sync = try TestEnvironment.withPassphrase()
        #expect(try sync.sync("unlock", "--passphrase-file", sync.passphraseFile).exit == 0)
        for number in 0..<20 { _ = try sync.addEvent("Event \(number)") }
        #expect(FileManager.default.fileExists(atPath: sync.store + "/view.sealed"))
        let ran = try sync.sync("wipe", "--yes", "-q")
        #expect(ran.exit == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran)")
        #expect(!FileManager.default.fileExists(atPath: sync.store))
        #expect(try FileManager.default.contentsOfDirectory(atPath: sync.folder + "/run/sync").isEmpty)
        let other = try TestEnvironment.withPassphrase()
        let locked = try other.sync("wipe", "--yes")
        #expect(locked.exit == 0 && locked.err.contains("is locked, so what is in it cannot be counted"))
    }

    @Test func `a key file that was changed is noticed`() throws {
        let sync = try TestEnvironment.withPassphrase()
        let keys = URL(fileURLWithPath: sync.store + "/keys")
        var bytes = try Data(contentsOf: keys)
        bytes[60] ^= 1
        try bytes.write(to: keys)
        for command in [["status"], ["event", "list"], ["unlock"]] {
            let ran = try sync.run(command + ["--passphrase-file", sync.passphraseFile])
            #expect(ran.exit == 7 && ran.err.contains("The key file of this store is damaged."))
        }
    }

    // MARK: On a terminal

    @Test func `init asks twice, and shows nothing of what is typed`() throws {
        let sync = try TestEnvironment()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        let session = try TerminalSession(sync, ["init", "--team", "Solidarity", "--no-recovery-key"])
        try session.expect("Passphrase for this store (nothing: none): ")
        #expect(!session.isEchoing)
        session.send("quagga quagga\n")
        try session.expect("Once more: ")
        #expect(!session.isEchoing)
        session.send("quagga quagga\n")
        #expect(session.finish() == 0, "\(session.shown)")
        #expect(!session.shown.contains("quagga") && !session.shown.contains("There is no passphrase"))
        let list = try TerminalSession(sync, ["event", "list"])
        try list.expect("Passphrase: ")
        list.send("quagga quagga\n")
        #expect(list.finish() == 0, "\(list.shown)")
        #expect(!list.shown.contains("quagga"))
        let wrong = try TerminalSession(sync, ["event", "list"])
        try wrong.expect("Passphrase: ")
        wrong.send("zebra\n")
        #expect(wrong.finish() == 8 && wrong.shown.contains("does not open this store") && !wrong.shown.contains("zebra"))
        // Nobody types in vain while it is too early.
        let early = try TerminalSession(sync, ["event", "list"])
        #expect(early.finish() == 8 && early.shown.contains("just now") && !early.shown.contains("Passphrase:"))
    }

    @Test func `an empty answer declines, and two that differ make nothing`() throws {
        let sync = try TestEnvironment()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        let differing = try TerminalSession(sync, ["init", "--team", "Solidarity", "--no-recovery-key"])
        try differing.expect("none): ")
        differing.send("one\n")
        try differing.expect("Once more: ")
        differing.send("two\n")
        #expect(differing.finish() == 2 && differing.shown.contains("The two are not the same."))
        #expect(!FileManager.default.fileExists(atPath: sync.store))
        let declined = try TerminalSession(sync, ["init", "--team", "Solidarity", "--no-recovery-key"])
        try declined.expect("none): ")
        declined.send("\n")
        #expect(declined.finish() == 0 && declined.shown.contains("There is no passphrase"))
        #expect(try sync.sync("event", "list").exit == 0)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    func `whatever ends the question gives the terminal back`(signal: Int32) throws {
        let sync = try TestEnvironment.withPassphrase()
        let session = try TerminalSession(sync, ["event", "list"])
        try session.expect("Passphrase: ")
        #expect(!session.isEchoing)
        if signal == SIGINT { session.send("\u{3}") } else if signal == SIGQUIT { session.send("\u{1c}") } else { session.signal(signal) }
        #expect(session.finish() == 128 + signal)
        #expect(session.isEchoing)
    }

    @Test func `status and lock ask nothing`() throws {
        let sync = try TestEnvironment.withPassphrase()
        for command in [["status"], ["lock"]] {
            let session = try TerminalSession(sync, command)
            #expect(session.finish() == 0 && !session.shown.contains("Passphrase:"), "\(session.shown)")
        }
        let silent = try TerminalSession(sync, ["event", "list", "--no-input"])
        #expect(silent.finish() == 8 && !silent.shown.contains("Passphrase:"))
    }
}
