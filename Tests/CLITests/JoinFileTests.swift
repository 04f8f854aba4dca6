import Foundation
import Testing

/// Into a team by two files, with no network at all; and with what was logged before.
@Suite struct JoinFileTests {
    private func team() throws -> TestEnvironment {
        let environment = try TestEnvironment()
        let ran = try environment.sync("init", "--team", "Solidarity", "--device", "Ana's laptop", "--no-passphrase")
        guard ran.exit == 0 else { throw TestEnvironment.Failed(what: ran.err) }
        _ = try environment.addEvent("Vigil", "--on", "2017-04-22")
        return environment
    }

    /// A device of its own home, beside the team's.
    private func other(_ team: TestEnvironment) throws -> TestEnvironment {
        let environment = try TestEnvironment()
        environment.variables["SYNC_NOW"] = team.variables["SYNC_NOW"]
        return environment
    }

    private func words(_ ran: TestEnvironment.Ran) throws -> String {
        let line = ran.lines.last { $0.split(separator: " ").suffix(6).allSatisfy { $0.allSatisfy(\.isLowercase) } }
        return try #require(line).split(separator: " ").suffix(6).joined(separator: " ")
    }

    @Test func `a device comes in by two files and a bundle`() throws {
        let (ana, ben) = (try team(), try TestEnvironment())
        let (ask, answer, bundle) = (ana.folder + "/ask.sync", ana.folder + "/answer.sync", ana.folder + "/april.bundle")
        let asked = try ben.sync("join", "--request", ask, "--device", "Ben's laptop")
        #expect(asked.exit == 0, "\(asked.err)")
        let admitted = try ana.sync("invite", "admit", ask, "-o", answer, "--words", words(asked))
        #expect(admitted.exit == 0 && admitted.out.contains("Let in Ben's laptop as a volunteer."), "\(admitted.err)")
        let joined = try ben.sync("join", "--answer", answer, "--words", words(admitted), "--no-passphrase")
        #expect(joined.exit == 0 && joined.out.contains("Joined Solidarity"), "\(joined.err)")
        #expect(joined.err.contains("named no relay"))
        #expect(try ana.sync("bundle", "create", bundle).exit == 0)
        #expect(try ben.sync("bundle", "apply", bundle).exit == 0)
        #expect(try ben.sync("export").out == ana.sync("export").out)
        // Each file is good once, and for one device.
        let twice = try ben.sync("join", "--answer", answer, "--words", words(admitted))
        #expect(twice.exit == 7)
        let stranger = try TestEnvironment()
        #expect(try stranger.sync("join", "--answer", answer, "--words", words(admitted)).exit == 7)
    }

    @Test func `what was changed or read wrongly lets nobody in`() throws {
        let (ana, ben) = (try team(), try TestEnvironment())
        let (ask, answer) = (ana.folder + "/ask.sync", ana.folder + "/answer.sync")
        let asked = try ben.sync("join", "--request", ask)
        let before = try ana.logBytes()
        let wrong = try ana.sync("invite", "admit", ask, "-o", answer, "--words", "one two three four five six")
        #expect(wrong.exit == 7 && wrong.err.contains("not the same"))
        #expect(try ana.sync("invite", "admit", ask, "-o", answer, "--yes").exit == 2)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: ask))
        bytes[60] ^= 1
        try bytes.write(to: URL(fileURLWithPath: ask + ".bent"))
        #expect(try ana.sync("invite", "admit", ask + ".bent", "-o", answer, "--words", words(asked)).exit == 7)
        #expect(try ana.logBytes() == before)
        #expect(!FileManager.default.fileExists(atPath: answer))
        let admitted = try ana.sync("invite", "admit", ask, "-o", answer, "--words", words(asked))
        #expect(try ben.sync("join", "--answer", answer, "--words", words(asked)).exit == 7)
        #expect(try ben.sync("join", "--answer", ask, "--words", words(admitted)).exit == 7)
        var sealed = try Data(contentsOf: URL(fileURLWithPath: answer))
        sealed[sealed.count / 2] ^= 1
        try sealed.write(to: URL(fileURLWithPath: answer + ".bent"))
        #expect(try ben.sync("join", "--answer", answer + ".bent", "--words", words(admitted)).exit == 7)
        #expect(try ben.sync("event", "list").exit == 10)
        #expect(try ben.sync("join", "--answer", answer, "--words", words(admitted), "--no-passphrase").exit == 0)
    }

    @Test func `a name that nobody could read is refused before anything is written`() throws {
        let ben = try TestEnvironment()
        for name in ["", " ", "Ben\nAna", String(repeating: "b", count: 101)] {
            let ran = try ben.sync("join", "--request", ben.folder + "/ask.sync", "--device", name)
            #expect(ran.exit == 2 && ran.err.contains("--device"), "\(ran.err)")
        }
        #expect(!FileManager.default.fileExists(atPath: ben.folder + "/ask.sync"))
        #expect(!FileManager.default.fileExists(atPath: ben.folder + "/.local/share/sync/.joining"))
    }

    @Test func `a wipe of everything takes questions along`() throws {
        let ben = try TestEnvironment()
        #expect(try ben.sync("join", "--request", ben.folder + "/ask.sync").exit == 0)
        let waiting = ben.folder + "/.local/share/sync/.joining"
        #expect(FileManager.default.fileExists(atPath: waiting))
        #expect(try ben.sync("wipe", "--all", "--yes", "-q").exit == 0)
        #expect(!FileManager.default.fileExists(atPath: waiting))
    }

    // MARK: What was logged before

    /// Ben has logged for himself, and comes into Ana's team.
    private func joined(_ options: [String], role: String = "volunteer") throws -> (ana: TestEnvironment, ben: TestEnvironment, ran: TestEnvironment.Ran) {
        let (ana, ben) = (try team(), try TestEnvironment())
        guard try ben.sync("init", "--team", "Mine", "--no-passphrase").exit == 0 else { throw TestEnvironment.Failed(what: "no store") }
        let vigil = try ben.run(["--team", "mine", "event", "add", "Ben's vigil", "--on", "2017-04-01", "--count", "around 40", "-q"]).id
        _ = try ben.run(["--team", "mine", "event", "count", vigil, "hundreds", "--source", "paper", "--basis", "press"])
        _ = try ben.run(["--team", "mine", "petition", "add", "Ben's petition", "-q"])
        let (ask, answer) = (ben.folder + "/ask.sync", ben.folder + "/answer.sync")
        let asked = try ben.sync("join", "--request", ask)
        let admitted = try ana.sync("invite", "admit", ask, "-o", answer, "--role", role, "--words", words(asked))
        let ran = try ben.run(["join", "--answer", answer, "--words", words(admitted), "--no-passphrase"] + options)
        #expect(ran.exit == 0, "\(ran.err)")
        return (ana, ben, ran)
    }

    @Test func `it is carried in with --carry, and the old store stays`() throws {
        let (_, ben, ran) = try joined(["--carry"])
        #expect(ran.out.contains("Took along 2 records of Mine."))
        let here = try ben.run(["--team", "solidarity", "export"]).out
        #expect(here.split(separator: "\n").sorted() == (try ben.run(["--team", "mine", "export"]).out.split(separator: "\n").sorted()))
        #expect(here.contains("hundreds") && here.contains("around 40"))
    }

    @Test func `it stays apart where nobody is asked, and how to carry it is said`() throws {
        let (_, ben, ran) = try joined([])
        #expect(ran.err.contains("2 records of Mine stay apart"))
        #expect(try ben.run(["--team", "solidarity", "export"]).out.isEmpty)
        #expect(try ben.run(["--team", "mine", "event", "list", "--json"]).lines.count == 1)
        let silent = try joined(["--keep-apart"])
        #expect(!silent.ran.err.contains("Mine"))
    }

    @Test func `a reader carries nothing`() throws {
        let (_, _, ran) = try joined(["--carry"], role: "reader")
        #expect(ran.err.contains("may only read"))
    }
}
