import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Kills commands that change how a store is sealed, at their system calls one after the other.
///
/// It holds a thread for a minute, which servers in other tests need: it runs when it is asked for.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["SYNC_TEST_KILLS"] != nil, "set SYNC_TEST_KILLS=1: it takes a minute"))
struct ResealKillTests {
    private static let strace = ["/usr/bin/strace", "/bin/strace"].first(where: FileManager.default.isExecutableFile)
    /// What changes a file or a name; a kill between two of them leaves what a kill before the second leaves.
    private static let calls = ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "link", "unlink"]

    /// How often a command makes each of the calls.
    private func counts(_ sync: TestEnvironment, _ arguments: [String]) throws -> [String: Int] {
        let trace = sync.folder + "/trace"
        let ran = try sync.run(
            ["-f", "-e", "trace=" + Self.calls.joined(separator: ","), "-o", trace, TestEnvironment.program] + arguments,
            program: #require(Self.strace))
        try #require(ran.exit == 0, "\(ran)")
        return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").reduce(into: [:]) { counts, line in
            for call in Self.calls where line.contains(" \(call)(") { counts[call, default: 0] += 1 }
        }
    }

    /// At most so many of each call: the first ones are those of starting, the last ones those that decide. All with SYNC_TEST_KILLS=all.
    private static func places(_ counts: [String: Int]) -> [(call: String, number: Int)] {
        let most = ProcessInfo.processInfo.environment["SYNC_TEST_KILLS"] == "all" ? Int.max : 6
        return calls.flatMap { call -> [(call: String, number: Int)] in
            let count = counts[call] ?? 0
            let step = max(1, count / most)
            return stride(from: count, to: 0, by: -step).prefix(most == .max ? count : most + 1).map { (call, $0) }
        }
    }

    /// A store on which `arguments` is run again and again, each time until another call.
    private func kill(_ arguments: (TestEnvironment) -> [String], from template: TestEnvironment, check: (TestEnvironment) throws -> Void) throws -> Int {
        let copy = template.folder + "/template"
        try FileManager.default.copyItem(atPath: template.store, toPath: copy)
        let counts = try counts(template, arguments(template))
        var kills = 0
        for place in Self.places(counts) {
            try? FileManager.default.removeItem(atPath: template.store)
            try FileManager.default.copyItem(atPath: copy, toPath: template.store)
            template.pass(seconds: 60)
            let ran = try template.run(
                ["-f", "-o", "/dev/null", "-e", "trace=\(place.call)", "-e", "inject=\(place.call):signal=KILL:when=\(place.number)", TestEnvironment.program]
                    + arguments(template),
                program: #require(Self.strace))
            if ran.exit != 0 { kills += 1 }
            template.pass(seconds: 60)
            try check(template)
        }
        return kills
    }

    private func list(_ sync: TestEnvironment, _ file: String?) throws -> TestEnvironment.Ran {
        sync.pass(seconds: 60)
        return try sync.run(["event", "list", "--plain"] + (file.map { ["--passphrase-file", $0] } ?? []))
    }

    /// It opens with one of the two, whole, and nothing of the work is left lying about.
    private func expectWhole(_ sync: TestEnvironment, _ ways: [String?]) throws {
        let opened = try ways.filter { way in
            let ran = try list(sync, way)
            if ran.exit == 0 { #expect(ran.lines.count == 3 && ran.out.contains("Vigil") && ran.out.contains("Not sent"), "\(ran)") }
            return ran.exit == 0
        }
        #expect(opened.count >= 1, "nothing opens it")
        let names = try FileManager.default.contentsOfDirectory(atPath: sync.store)
        let rests = names.filter { $0.hasSuffix(".next") || $0.hasSuffix(".old") }
        #expect(rests.isEmpty, "\(names)")
        // The way that did not open it made the next try wait.
        sync.pass(seconds: 60)
        #expect(try sync.run(["event", "add", "After", "-q"] + (opened.first.flatMap { $0 }.map { ["--passphrase-file", $0] } ?? [])).exit == 0)
    }

    private func filled(_ sync: TestEnvironment, _ file: String?) throws {
        let options = file.map { ["--passphrase-file", $0] } ?? []
        for title in ["Vigil", "March", "Not sent"] { try #require(try sync.run(["event", "add", title] + options).exit == 0) }
    }

    private func team(_ passphrase: String?) throws -> (sync: TestEnvironment, one: String, two: String) {
        let sync = try passphrase.map { try TestEnvironment.withPassphrase($0) } ?? TestEnvironment.withTeam()
        sync.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        let (one, two) = (try sync.write("first\n", to: "one"), try sync.write("second\n", to: "two"))
        try filled(sync, passphrase == nil ? nil : one)
        return (sync, one, two)
    }

    @Test(.enabled(if: ResealKillTests.strace != nil, "strace is not installed"))
    func `killed while a passphrase is set, the store opens with it or without one`() throws {
        let (sync, one, _) = try team(nil)
        let kills = try kill({ _ in ["passphrase", "set", "--passphrase-file", one] }, from: sync) { try expectWhole($0, [nil, one]) }
        print("passphrase set: killed at \(kills) places")
        #expect(kills > 20)
    }

    @Test(.enabled(if: ResealKillTests.strace != nil, "strace is not installed"))
    func `killed while a passphrase is changed, the store opens with the old one or with the new one`() throws {
        let (sync, one, two) = try team("first")
        let kills = try kill({ _ in ["passphrase", "change", "--passphrase-file", one, "--new-passphrase-file", two] }, from: sync) {
            try expectWhole($0, [one, two])
        }
        print("passphrase change: killed at \(kills) places")
        #expect(kills > 10)
    }

    @Test(.enabled(if: ResealKillTests.strace != nil, "strace is not installed"))
    func `killed while a passphrase is removed, the store opens with it or without one`() throws {
        let (sync, one, _) = try team("first")
        let kills = try kill({ _ in ["passphrase", "remove", "--yes", "--passphrase-file", one] }, from: sync) { try expectWhole($0, [one, nil]) }
        print("passphrase remove: killed at \(kills) places")
        #expect(kills > 20)
    }

    @Test(.enabled(if: ResealKillTests.strace != nil, "strace is not installed"))
    func `killed while a recovery key is made, the store opens with its passphrase, and with the key that there was until another is in the team`() throws {
        let (sync, one, _) = try team("first")
        sync.variables["SYNC_PASSPHRASE_FILE"] = one
        let (old, new) = (sync.folder + "/old", sync.folder + "/new")
        try #require(try sync.sync("key", "recovery", "--recovery-file", old).exit == 0)
        let command = { (sync: TestEnvironment) in
            try? FileManager.default.removeItem(atPath: new)
            return ["key", "recovery", "--recovery-file", new, "--yes"]
        }
        let kills = try kill(command, from: sync) { sync in
            try expectWhole(sync, [one])
            sync.pass(seconds: 60)
            let list = try sync.sync("devices", "list", "--json")
            let isEnded = list.out.contains("\"removed\":1")
            let opens = try sync.sync("unlock", "--recovery-file", old).exit == 0
            #expect(opens || isEnded, "\(list)")
            _ = try sync.sync("lock")
            sync.pass(seconds: 60)
            // What was begun is ended by the next one, and one key is left.
            let next = sync.folder + "/next"
            try? FileManager.default.removeItem(atPath: next)
            #expect(try sync.sync("key", "recovery", "--recovery-file", next, "--yes").exit == 0)
            #expect(try sync.sync("unlock", "--recovery-file", next).exit == 0)
            _ = try sync.sync("lock")
            for file in [old, new] where FileManager.default.fileExists(atPath: file) {
                sync.pass(seconds: 60)
                #expect([2, 8].contains(try sync.sync("unlock", "--recovery-file", file).exit))
            }
            sync.pass(seconds: 60)
            let left = try sync.sync("devices", "list", "--json").lines.filter { $0.contains("\"recovery_key\":true") }
            #expect(left.count == 1, "\(left)")
        }
        print("key recovery: killed at \(kills) places")
        #expect(kills > 20)
    }

    @Test(.enabled(if: ResealKillTests.strace != nil, "strace is not installed"))
    func `killed while it is wiped, the store opens with its passphrase or is no store any more`() throws {
        let (sync, one, _) = try team("first")
        var (whole, gone) = (0, 0)
        // The command that is not killed, and counted, destroys the store; each round begins with a copy of it.
        let kills = try kill({ _ in ["wipe", "--yes", "-q"] }, from: sync) { sync in
            let ran = try list(sync, one)
            if ran.exit == 0 { whole += 1 } else { gone += 1 }
            #expect(ran.exit == 0 ? ran.lines.count == 3 : [7, 10].contains(ran.exit), "\(ran)")
            guard ran.exit != 0 else { return }
            #expect([0, 10].contains(try sync.sync("wipe", "--yes", "-q").exit))
            #expect((try? FileManager.default.contentsOfDirectory(atPath: sync.store))?.isEmpty ?? true)
        }
        print("wipe: killed at \(kills) places, \(whole) stores whole, \(gone) gone")
        #expect(whole > 0 && gone > 0)
    }
}
