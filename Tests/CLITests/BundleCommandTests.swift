import Foundation
import Testing

@testable import SyncCore

#if canImport(Glibc)
import Glibc
#endif

@Suite(.serialized) struct BundleCommandTests {
    /// Two devices of one team that nothing connects but files.
    private final class Stick {
        let environment: TestEnvironment
        let file: String

        init() throws {
            // The replicas are let go: the program opens the stores from here on.
            environment = try TwoDevices().environment
            file = environment.folder + "/april.bundle"
        }

        @discardableResult
        func laptop(_ arguments: String...) throws -> TestEnvironment.Ran { try environment.run(arguments) }

        @discardableResult
        func phone(_ arguments: String...) throws -> TestEnvironment.Ran {
            try environment.run(["--store", environment.folder + "/phone"] + arguments)
        }

        func phoneLog() -> [Data?] {
            ["log.db", "log.db-wal"].map { try? Data(contentsOf: URL(fileURLWithPath: environment.folder + "/phone/" + $0)) }
        }
    }

    @Test func `there and back`() throws {
        let stick = try Stick()
        _ = try stick.environment.addEvent("Vigil", "--city", "York")
        let created = try stick.laptop("bundle", "create", stick.file)
        #expect(created.exit == 0, "\(created)")
        #expect(created.out == "" && created.err.hasPrefix("Wrote \(stick.file): 2 segments, "), "\(created)")
        let shown = try stick.phone("bundle", "show", stick.file)
        #expect(shown.exit == 0 && shown.out.contains("made       by laptop, ") && shown.out.contains(", for everybody\n"), "\(shown)")
        #expect(shown.out.contains("holds      2 segments of 1 log, 4 control records\nnew here   2 segments\n"), "\(shown)")
        let applied = try stick.phone("bundle", "apply", stick.file)
        #expect(applied.exit == 0 && applied.out == "Received 1 change from 1 device: 1 new event.\n", "\(applied)")
        #expect(try stick.phone("event", "list").out.contains("York"))
        #expect(try stick.phone("bundle", "apply", stick.file).out == "Nothing new: everything in it is here.\n")
        #expect(try stick.phone("bundle", "show", stick.file).out.hasSuffix("new here   nothing\n"))

        #expect(try stick.laptop("status").out.contains("unsent") == false)
        #expect(try stick.laptop("status", "--json").out.contains("\"unsent\":1"))
        #expect(try stick.phone("bundle", "create", stick.file + "2", "--for", "laptop", "-q").exit == 0)
        #expect(try stick.laptop("bundle", "apply", stick.file + "2").exit == 0)
        #expect(try stick.laptop("status", "--json").out.contains("\"unsent\":0"))
        let answer = try stick.laptop("bundle", "create", stick.file + "3", "--for", "phone")
        #expect(answer.err.contains(": 0 segments, ") && answer.err.contains("what phone was not seen to have"), "\(answer)")
    }

    @Test func `through a pipe, and for programs`() throws {
        let stick = try Stick()
        _ = try stick.environment.addEvent("Vigil")
        let program = TestEnvironment.program
        let ran = try stick.environment.shell(
            "\(program) bundle create - -q | \(program) --store \(stick.environment.folder)/phone bundle apply - --json")
        #expect(ran.exit == 0 && ran.out.contains(#""type":"bundle_applied","changes":1,"#), "\(ran)")
        let created = try stick.laptop("bundle", "create", stick.file, "--json")
        #expect(created.out.contains(#""type":"bundle_created""#) && created.out.contains(#""segments":2"#), "\(created)")
        #expect(try stick.laptop("bundle", "show", stick.file, "--json").out.contains(#""new_segments":0"#))
        let cut = try stick.environment.shell("head -c 5000 \(stick.file) | \(program) bundle apply -")
        #expect(cut.exit == 7 && cut.err.contains("standard input is damaged, or only part of it is there."), "\(cut)")
        let terminal = try stick.environment.onTerminal("bundle", "create", "-")
        #expect(terminal.exit == 2 && terminal.out.contains("not for a terminal"), "\(terminal)")
    }

    @Test func `a damaged one changes nothing, here and on the stick`() throws {
        let stick = try Stick()
        _ = try stick.environment.addEvent("Vigil")
        try stick.laptop("bundle", "create", stick.file)
        let url = URL(fileURLWithPath: stick.file)
        let whole = try Data(contentsOf: url)
        var damaged = whole
        damaged[3000] ^= 4
        try damaged.write(to: url)
        try stick.phone("status")
        let before = stick.phoneLog()
        for command in ["apply", "show"] {
            let ran = try stick.phone("bundle", command, stick.file)
            #expect(ran.exit == 7 && ran.err.contains("is damaged") && ran.err.contains("Nothing of it was applied."), "\(ran)")
        }
        #expect(stick.phoneLog() == before)
        #expect(try Data(contentsOf: url) == damaged)
        let letter = try stick.environment.write("Dear all", to: "letter")
        #expect(try stick.phone("bundle", "apply", letter).exit == 7)
        #expect(try stick.phone("bundle", "apply", stick.file + "-not-there").exit == 1)
    }

    @Test func `the medium may be read-only, and nothing is left beside the file`() throws {
        let stick = try Stick()
        _ = try stick.environment.addEvent("Vigil")
        let folder = stick.environment.folder + "/medium"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try stick.laptop("bundle", "create", folder + "/b")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b"])
        chmod(folder + "/b", 0o400)
        chmod(folder, 0o500)
        defer { chmod(folder, 0o700) }
        var before = stat(), after = stat()
        stat(folder + "/b", &before)
        #expect(try stick.phone("bundle", "apply", folder + "/b").exit == 0)
        stat(folder + "/b", &after)
        #expect(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec && before.st_size == after.st_size)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b"])
    }

    @Test func `another team's, and no team's`() throws {
        let stick = try Stick()
        try stick.laptop("bundle", "create", stick.file)
        let other = try TestEnvironment.withTeam()
        let ran = try other.sync("bundle", "apply", stick.file)
        #expect(ran.exit == 4 && ran.err.contains("is of another team."), "\(ran)")
        let shown = try other.sync("bundle", "show", stick.file)
        #expect(shown.exit == 0 && shown.out.contains("none of which this store is: relays call it"), "\(shown)")
        #expect(!shown.out.contains("laptop"))
        let nobody = try TestEnvironment()
        #expect(try nobody.sync("bundle", "show", stick.file).out.contains("4 control records"))
        #expect(try nobody.sync("bundle", "apply", stick.file).exit == 10)
    }

    @Test func `a file that is there is not replaced`() throws {
        let stick = try Stick()
        let letter = try stick.environment.write("Dear all", to: "letter")
        let ran = try stick.laptop("bundle", "create", letter)
        #expect(ran.exit == 1 && ran.err.contains("There is a file at \(letter) already.\n It was not changed."), "\(ran)")
        #expect(try String(contentsOfFile: letter, encoding: .utf8) == "Dear all")
        #expect(try stick.laptop("bundle", "create", stick.environment.folder).exit == 2)
        let unknown = try stick.laptop("bundle", "create", stick.file, "--for", "tablet")
        #expect(unknown.exit == 2 && unknown.err.contains("There is no device “tablet” in the team."), "\(unknown)")
        #expect(!FileManager.default.fileExists(atPath: stick.file))
    }

    @Test func `what stands on a stick names nobody`() throws {
        let stick = try Stick()
        for word in ["Zanzibarquartier", "Quetzalcoatlplatz"] { _ = try stick.environment.addEvent(word) }
        try stick.laptop("bundle", "create", stick.file)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: stick.file))
        for word in ["Zanzibarquartier", "Quetzalcoatlplatz", "Solidarity", "laptop", "phone", "127.0.0.1"] {
            #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word)")
        }
        let replica = try Replica(openingAt: stick.environment.store)
        #expect(bytes.range(of: Data(replica.keys.team.bytes.prefix(16))) == nil)
        #expect(bytes.range(of: Data(replica.device.bytes)) == nil)
    }

    @Test func `no network: a bundle is named as a way`() throws {
        let stick = try Stick()
        _ = try stick.environment.addEvent("Vigil")
        try stick.laptop("remote", "add", "relay", "http://127.0.0.1:9")
        for command in ["push", "pull", "now"] {
            let ran = try stick.laptop(command)
            #expect(ran.exit == 5 && ran.err.contains("sync bundle create FILE"), "\(ran)")
        }
    }
}
