import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite struct WatchTests {
    @Test func `what another device sends is taken in as it comes, over a relay that goes away and comes back, until Ctrl-C`() throws {
        let team = try WiredTeam()
        let watching = try Watching(team, "ben")
        #expect(watching.line("listening").contains("127.0.0.1"))
        try team.must("ana", "event", "add", "Leeds", "-q")
        try team.must("ana", "push")
        #expect(watching.line("pulled").contains("\"changes\":1"))
        #expect(try team.must("ben", "event", "list").out.contains("Leeds"))

        team.relayKiller()()
        #expect(watching.line("lost").contains("seconds"))
        try team.restartRelay()
        _ = watching.line("listening")
        try team.must("ana", "event", "add", "York", "-q")
        try team.must("ana", "push")
        #expect(watching.line("pulled").contains("\"new_events\":1"))

        // Written here, and sent: nobody is woken by what they have.
        try team.must("ben", "event", "add", "Rome", "-q")
        try team.must("ben", "push")
        watching.interrupt()
        #expect(watching.line("watched").contains("\"changes\":2"))
        #expect(watching.exit() == 0)
    }

    @Test func `a device that was put out is told so, and stops`() throws {
        let team = try WiredTeam()
        let watching = try Watching(team, "ben")
        _ = watching.line("listening")
        try team.must("ana", "devices", "remove", WiredTeam.devices[1], "--yes")
        try team.must("ana", "push")
        #expect(watching.exit() == 4)
    }

    @Test func `without a remote, and with several, it says what to do`() throws {
        let environment = try TestEnvironment.withTeam()
        let none = try environment.sync("watch")
        #expect(none.exit == 2 && none.err.contains("sync remote add"))
        for name in ["one", "two"] { try environment.sync("remote", "add", name, "http://127.0.0.1:1") }
        let several = try environment.sync("watch")
        #expect(several.exit == 2 && several.err.contains("sync watch one"))
    }
}

/// `sync watch --json` as a process of its own.
private final class Watching {
    private let id: pid_t
    private let output: Int32
    private var isReaped = false

    init(_ team: WiredTeam, _ device: String) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw TestEnvironment.Failed(what: "no pipe") }
        let (reading, writing) = (ends[0], ends[1])
        id = try team.environment.spawn(["--store", "\(team.environment.folder)/\(device)", "watch", "--json"]) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, writing, 1)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addclose(&actions, reading)
            posix_spawn_file_actions_addclose(&actions, writing)
        }
        close(writing)
        output = reading
    }

    deinit {
        kill(id, SIGKILL)
        _ = exit()
        close(output)
    }

    /// The next line of a type, waited for; empty where the output ends before it.
    func line(_ type: String) -> String {
        while true {
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
            let text = String(decoding: line, as: UTF8.self)
            if line.isEmpty || text.contains("\"type\":\"\(type)\"") { return text }
        }
    }

    func interrupt() { kill(id, SIGINT) }

    private var status: Int32 = 0

    func exit() -> Int32 {
        if !isReaped { waitpid(id, &status, 0) }
        isReaped = true
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}
