import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// What people found by using it: each went wrong once.
@Suite struct MishapTests {
    @Test func `a rebuild that cannot read the log leaves the lists as they were, and doctor says why`() throws {
        let team = try WiredTeam()
        try team.must("ana", "event", "add", "Vigil", "--city", "Leeds")
        try team.must("ana", "push")
        let before = try team.export("ana")
        let sql = "UPDATE segment SET bytes = CAST(substr(bytes, 1, length(bytes) - 9) || x'00' || substr(bytes, length(bytes) - 7) AS BLOB) WHERE idx = 1"
        let damaged = try team.environment.shell("sqlite3 \(team.environment.folder)/ana/log.db \"\(sql)\"")
        try #require(damaged.exit == 0, "\(damaged)")
        let rebuilt = try team.on("ana", ["rebuild"])
        #expect(rebuilt.exit == 7 && rebuilt.err.contains("is damaged") && rebuilt.err.contains("sync doctor"), "\(rebuilt)")
        #expect(try team.export("ana") == before)
        #expect(try team.must("ana", "event", "list").out.contains("Vigil"))
        let doctor = try team.on("ana", ["doctor"])
        #expect(doctor.exit == 7 && doctor.out.contains("damaged on this disk: number 1 of \(WiredTeam.devices[0])"), "\(doctor)")
        #expect(try team.must("ben", "doctor").out.contains("each is what its log says"))
    }

    @Test func `an export follows a link and writes into a pipe`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        let target = try sync.write("old", to: "target.ndjson")
        try FileManager.default.createSymbolicLink(atPath: sync.folder + "/link.ndjson", withDestinationPath: target)
        #expect(try sync.sync("export", "-o", sync.folder + "/link.ndjson").exit == 0)
        #expect(try String(contentsOfFile: target, encoding: .utf8).contains("Vigil"))
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: sync.folder + "/link.ndjson")) == target)
        let piped = try sync.shell(
            "mkfifo \(sync.folder)/pipe && (cat \(sync.folder)/pipe & \(TestEnvironment.program) export --format ndjson -q -o \(sync.folder)/pipe; wait)")
        #expect(piped.out.contains("Vigil"), "\(piped)")
    }

    @Test func `an output that cannot be written is said`() throws {
        let sync = try TestEnvironment.withTeam()
        let ran = try sync.shell("\(TestEnvironment.program) event add Vigil > /dev/full")
        #expect(ran.exit == 1 && ran.err.contains("could not be written") && ran.err.contains("is saved"), "\(ran)")
        #expect(try sync.sync("event", "list").lines.count == 1)
    }

    @Test func `of two readings of one day the later one counts`() throws {
        let sync = try TestEnvironment.withTeam()
        for values in [["500", "400"], ["400", "500"], ["1000", "900", "50", "2000", "10"]] {
            let id = try sync.addPetition("Stop \(values)")
            for value in values { try sync.sync("petition", "reading", id, value, "--channel", "online:X") }
            let last = try #require(values.last)
            #expect(try sync.sync("petition", "show", id).out.contains("online:X  \(last)"), "\(values)")
        }
    }

    @Test func `an import of an export decides no conflict, and a new store gets every alternative`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Rassemblement", "--city", "Paris", "--speaker", "Ana")
        try devices.exchange()
        try sync.sync("event", "edit", id, "--status", "held", "--city", "Lyon")
        try devices.onPhone("event", "edit", id, "--status", "cancelled", "--city", "Lille")
        try devices.exchange()
        let conflicts = try sync.sync("conflicts", "list").out
        #expect(conflicts.contains("status") && conflicts.contains("place"))
        let whole = try sync.sync("export", "--format", "ndjson").out
        for format in ["csv", "ndjson"] {
            let file = sync.folder + "/events.\(format)"
            try sync.sync("export", "--format", format, "--kind", "events", "-o", file)
            #expect(try sync.sync("import", file).out.contains("changed 0, left 1"), "\(format)")
            #expect(try sync.sync("conflicts", "list").out == conflicts)
        }
        let other = try TestEnvironment.withTeam()
        try other.sync("import", try other.write(whole, to: "whole.ndjson"))
        #expect(try other.sync("export", "--format", "ndjson").out == whole)
        #expect(try other.sync("conflicts", "list").out == conflicts)
    }

    @Test func `a record that is too large is reported by its line, and the others are imported`() throws {
        let sync = try TestEnvironment.withTeam()
        let text = String(repeating: "x", count: 2 << 20)
        let lines = ["one", "two", "three"].map { title in
            #"{"schema":1,"type":"event","title":"\#(title)","description":"\#(title == "two" ? text : "")"}"# + "\n"
        }
        let ran = try sync.sync("import", try sync.write(lines.joined(), to: "large.ndjson"))
        #expect(ran.exit == 1 && ran.err.contains("large.ndjson:2: This change is too large"), "\(ran.err)")
        #expect(ran.out == "Read 3 rows. Made 2 records, changed 0, left 0 as they are.\n")
    }

    @Test func `an ended invite is ended for the relay too, or it is said that it is not`() throws {
        let team = try WiredTeam()
        func invite() throws -> (code: String, name: String) {
            let code = try team.must("ana", "invite", "--pre-approved").lines[0]
            let open = try team.must("ana", "invite", "list").lines.first { $0.hasSuffix("open") }
            return (code, String(try #require(open).prefix(6)))
        }
        let first = try invite()
        let ended = try team.must("ana", "invite", "end", first.name)
        #expect(!ended.err.contains("does not know yet"))
        let late = try team.on("eve", ["join", first.code, "--yes"])
        #expect(late.exit == 4, "\(late)")
        let second = try invite()
        team.wire.cut(.toRelay, after: 1)
        _ = try team.on("ben", ["pull"])
        let untold = try team.must("ana", "invite", "end", second.name)
        #expect(untold.err.contains("does not know yet") && untold.err.contains("can still join"), "\(untold)")
        team.wire.mend()
    }

    @Test func `a remote that cannot be reached does not keep the others waiting`() throws {
        let team = try WiredTeam()
        try team.must("ana", "remote", "add", "aaa", "http://127.0.0.1:9")
        try team.must("ana", "event", "add", "Vigil")
        let ran = try team.on("ana", ["now"])
        #expect(ran.exit == 5 && ran.err.contains("127.0.0.1:9 is not reachable"), "\(ran)")
        #expect(try team.must("ben", "pull").out.contains("1 new event"))
    }

    @Test func `an empty log is refused and stays empty`() throws {
        let sync = try TestEnvironment.withTeam()
        try Data().write(to: URL(fileURLWithPath: sync.store + "/log.db"))
        let ran = try sync.sync("event", "list")
        #expect(ran.exit == 7 && ran.err.contains("is empty") && ran.err.contains("It was not changed."))
        #expect(try sync.logBytes()[1].isEmpty)
    }

    @Test func `a store in a folder that was open to others closes it`() throws {
        let sync = try TestEnvironment()
        let folder = sync.folder + "/open"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        #expect(try sync.sync("--store", folder, "init", "--no-passphrase").exit == 0)
        #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
        let file = try sync.write("", to: "file")
        let ran = try sync.sync("--store", file, "init")
        #expect(ran.exit == 1 && ran.err.contains("cannot be made") && ran.err.contains("Nothing was changed."), "\(ran)")
    }

    @Test func `values that people must compare are shown whole`() throws {
        let devices = try TwoDevices()
        let sync = devices.environment
        let id = try sync.addEvent("Vigil")
        try devices.exchange()
        let long = "The very same long title of a rally that begins at noon on the square "
        try sync.sync("event", "edit", id, "--title", long + "A")
        try devices.onPhone("event", "edit", id, "--title", long + "B")
        try devices.exchange()
        sync.variables["COLUMNS"] = "60"
        let shown = try sync.sync("conflicts", "show", id).out
        #expect(shown.contains("square A") && shown.contains("square B") && !shown.contains("…"), "\(shown)")
        #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(shown)")
    }

    @Test func `programs get every record, and people are told that there are more`() throws {
        let sync = try TestEnvironment.withTeam()
        let lines = (0..<60).map { #"{"schema":1,"type":"event","title":"Rally \#($0)"}"# + "\n" }
        try sync.sync("import", try sync.write(lines.joined(), to: "many.ndjson"))
        #expect(try sync.sync("event", "list", "--json").lines.count == 60)
        #expect(try sync.sync("event", "list", "--json", "--limit", "7").lines.count == 7)
        #expect(try sync.sync("search", "rally", "--json").lines.count == 60)
        let shown = try sync.sync("event", "list")
        #expect(shown.lines.count == 50 && shown.err.contains("50 of 60"))
    }

    @Test func `a relay with a damaged segment is named, and still gets what is here`() throws {
        let team = try WiredTeam()
        try team.must("ana", "event", "add", "Vigil")
        try team.must("ana", "push")
        try team.must("ben", "event", "add", "March")
        let file = try #require(FileManager.default.contentsOfDirectory(atPath: team.relayFolder).first { $0.hasSuffix(".db") })
        let sql = "UPDATE segment SET bytes = CAST(substr(bytes, 1, length(bytes) - 9) || x'00' || substr(bytes, length(bytes) - 7) AS BLOB) WHERE rowid = (SELECT max(rowid) FROM segment)"
        let damaged = try team.environment.shell("sqlite3 \(team.relayFolder)/\(file) \"\(sql)\"")
        try #require(damaged.exit == 0, "\(damaged)")
        let ran = try team.on("ben", ["now"])
        #expect(ran.exit == 7 && ran.err.contains("127.0.0.1") && ran.err.contains("Once its data folder is emptied"), "\(ran)")
        #expect(ran.out.contains("Sent 1 change"), "\(ran)")
        #expect(try team.must("ben", "event", "list").lines.count == 1)
    }

    @Test func `programs are told too that no number could be read`() throws {
        let sync = try TestEnvironment.withTeam()
        let id = try sync.addEvent("Vigil")
        let ran = try sync.sync("event", "count", id, "umpteen", "--json")
        #expect(ran.exit == 0 && ran.err.contains(#""type":"note""#) && ran.err.contains("umpteen"), "\(ran)")
        #expect(try sync.sync("event", "add", "March", "--count", "umpteen").err.contains("No number could be read"))
        // An id that was copied with the marks of direction around it.
        #expect(try sync.sync("event", "show", "\u{2068}\(id)\u{2069}").out.contains("Vigil"))
    }

    @Test func `who invites before sending is told, and who joins an empty relay too`() throws {
        let team = try WiredTeam()
        #expect(try !team.must("ana", "invite", "--pre-approved").err.contains("not sent yet"))
        try team.must("ana", "event", "add", "Vigil")
        let invited = try team.must("ana", "invite", "--pre-approved")
        #expect(invited.err.contains("1 change of this device is not sent yet"), "\(invited)")
        let joined = try team.must("cem", "join", invited.lines[0], "--device", "cem", "--yes")
        #expect(joined.err.contains("What others send comes with  sync now"), "\(joined)")
    }
}
