import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite(.serialized) struct WipeTests {
    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    @Test func `quietly, everything is gone`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        let ran = try sync.sync("wipe", "--yes", "-q")
        #expect(ran.exit == 0 && ran.out.isEmpty && ran.err.isEmpty, "\(ran)")
        #expect(!FileManager.default.fileExists(atPath: sync.store))
        #expect(try sync.sync("event", "list").exit == 10)
        let again = try sync.sync("wipe", "--yes")
        #expect(again.exit == 10 && again.err.contains("There is no team on this device yet"))
    }

    @Test func `without a yes nothing happens, and what would be lost is counted`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        _ = try sync.addEvent("March")
        let nobody = try sync.sync("wipe")
        #expect(nobody.exit == 2 && nobody.err.contains("2 changes that were never sent will be lost"), "\(nobody)")
        let no = try sync.onTerminal("wipe", typing: "n\n")
        #expect(no.exit == 2 && no.out.contains("Destroy this store for good? [y/N]") && no.out.contains("Not done."))
        #expect(try sync.sync("event", "list").lines.count == 2)
        let yes = try sync.onTerminal("wipe", typing: "y\n")
        #expect(yes.exit == 0 && yes.out.contains("Destroyed the store at"))
        #expect(!FileManager.default.fileExists(atPath: sync.store))
    }

    @Test func `one of several teams, or all of them`() throws {
        let sync = try TestEnvironment.withTeam()
        try sync.sync("init", "--team", "Second")
        try sync.sync("init", "--team", "Third")
        #expect(try sync.sync("wipe", "--yes").exit == 2)
        #expect(try sync.sync("wipe", "--yes", "--team", "Fourth").exit == 10)
        #expect(try sync.sync("wipe", "--yes", "--team", "Second").exit == 0)
        #expect(try sync.sync("wipe", "--yes", "--team", "Second").exit == 10)
        let data = sync.folder + "/.local/share/sync"
        #expect(names(data) == ["solidarity", "third"])
        #expect(try sync.sync("wipe", "--yes", "--all", "--team", "Third").exit == 2)
        #expect(try sync.sync("wipe", "--yes", "--all", "--json").lines.count == 2)
        #expect(names(data).isEmpty)
    }

    @Test func `what is not a store is left alone`() throws {
        let sync = try TestEnvironment()
        let folder = sync.folder + "/papers"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try sync.write("the house, the bicycle", to: "papers/keys")
        _ = try sync.write("Monday", to: "papers/log.db")
        let ran = try sync.sync("--store", folder, "wipe", "--yes")
        #expect(ran.exit == 10 && ran.err.contains("There is no store at"))
        #expect(names(folder) == ["keys", "log.db"])
    }

    @Test func `files of others in the folder stay, and a link leads to nothing that is destroyed`() throws {
        let sync = try TestEnvironment.withTeam()
        let letter = try sync.write("Dear all", to: "letter")
        _ = try sync.write("mine", to: ".local/share/sync/solidarity/notes")
        try FileManager.default.createSymbolicLink(atPath: sync.store + "/keys.new", withDestinationPath: letter)
        let ran = try sync.sync("wipe", "--yes")
        #expect(ran.exit == 0 && ran.err.contains("files that are not the store's"), "\(ran)")
        #expect(names(sync.store) == ["notes"])
        #expect(try String(contentsOfFile: letter, encoding: .utf8) == "Dear all")
    }

    @Test func `a damaged store is destroyed too`() throws {
        let sync = try TestEnvironment.withTeam()
        try Data(repeating: 7, count: 40).write(to: URL(fileURLWithPath: sync.store + "/keys"))
        #expect(try sync.sync("status").exit == 7)
        let ran = try sync.sync("wipe", "--yes")
        #expect(ran.exit == 0 && ran.err.contains("cannot be opened"), "\(ran)")
        #expect(!FileManager.default.fileExists(atPath: sync.store))
    }

    @Test func `after kill -9 at any instant the store is whole or its keys are gone, and a second wipe ends it`() throws {
        var generator = SystemRandomNumberGenerator()
        var (whole, keyless, gone) = (0, 0, 0)
        let lifetime = try Self.lifetimeMicroseconds()
        for _ in 0..<40 {
            let sync = try TestEnvironment.withTeam()
            _ = try sync.addEvent("Vigil")
            let process = try sync.spawn(["wipe", "--yes", "-q"]) { actions in
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            }
            // The fault itself, not a wait.
            usleep(UInt32.random(in: lifetime / 2...lifetime, using: &generator))
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            if FileManager.default.fileExists(atPath: sync.store + "/keys"), try sync.sync("event", "list").exit == 0 {
                whole += 1
                #expect(try sync.sync("event", "list").out.contains("Vigil"))
            } else if FileManager.default.fileExists(atPath: sync.store) {
                keyless += 1
                #expect([7, 10].contains(try sync.sync("event", "list").exit))
                // An empty folder may be all that is left.
                #expect([0, 10].contains(try sync.sync("wipe", "--yes", "-q").exit))
                #expect(names(sync.store).isEmpty)
            } else {
                gone += 1
            }
        }
        print("wipe, killed 40 times: \(whole) stores whole, \(keyless) without keys, \(gone) gone")
        #expect(whole + keyless + gone == 40)
    }

    /// How long one wipe takes here. Its second half is where things go.
    private static func lifetimeMicroseconds() throws -> UInt32 {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        let start = ContinuousClock.now
        _ = try sync.sync("wipe", "--yes", "-q")
        let taken = (ContinuousClock.now - start).components
        return UInt32(clamping: taken.seconds * 1_000_000 + taken.attoseconds / 1_000_000_000_000)
    }

    private static let strace = ["/usr/bin/strace", "/bin/strace"].first(where: FileManager.default.isExecutableFile)

    @Test(.enabled(if: WipeTests.strace != nil, "strace is not installed"))
    func `the keys are overwritten, on the disk and nameless before anything else goes`() throws {
        let sync = try TestEnvironment.withTeam()
        _ = try sync.addEvent("Vigil")
        let trace = sync.folder + "/trace"
        let strace = try #require(Self.strace)
        let ran = try sync.run(
            ["-f", "-y", "-e", "trace=pwrite64,fsync,unlink", "-o", trace, TestEnvironment.program, "wipe", "--yes", "-q"], program: strace)
        try #require(ran.exit == 0)
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").map(String.init)
        let written = try #require(lines.firstIndex { $0.contains("pwrite64(") && $0.contains("/keys>") })
        let rest = lines[written...].filter { !$0.contains("-shm") && !$0.contains("/keys.new") && !$0.contains("/keys.old") }
        let order = ["pwrite64(", "fsync(", "unlink(", "fsync("]
        #expect(zip(rest, order).allSatisfy { $0.contains($1) }, "\(rest.prefix(5))")
        #expect(rest.dropFirst(2).first?.contains("/keys\"") == true && rest.dropFirst(3).first?.contains("/solidarity>") == true)
        #expect(!lines[..<written].contains { $0.contains("unlink(") && !$0.contains("-wal") && !$0.contains("-shm") })
    }
}
