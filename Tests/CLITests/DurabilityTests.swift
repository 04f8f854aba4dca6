import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// P1: saved means saved. Kills commands at random instants, and looks at the system calls of one that is not killed.
@Suite(.serialized) struct DurabilityTests {
    private let folder = NSTemporaryDirectory() + "sync-durable-" + UUID().uuidString

    /// The program beside the test bundle.
    private static let program: String = {
        let products = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        return (products ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()).path + "/sync"
    }()

    private struct Child {
        var process: pid_t
        var outputFile: String
    }

    private func start(_ arguments: [String], program: String = Self.program, number: Int = 0) throws -> Child {
        let outputFile = "\(folder)/output-\(number)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words = Self.cStrings([program] + arguments)
        let environment = Self.cStrings(["HOME=" + folder, "PATH=/usr/bin:/bin"])
        defer { (words + environment).forEach { free($0) } }
        var process: pid_t = 0
        try #require(posix_spawn(&process, program, &actions, nil, words, environment) == 0)
        return Child(process: process, outputFile: outputFile)
    }

    private static func cStrings(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var pointers: [UnsafeMutablePointer<CChar>?] = []
        for word in words { pointers.append(strdup(word)) }
        return pointers + [nil]
    }

    private func finish(_ child: Child) -> (status: Int32, output: String) {
        var status: Int32 = 0
        waitpid(child.process, &status, 0)
        return (status, (try? String(contentsOfFile: child.outputFile, encoding: .utf8)) ?? "")
    }

    @discardableResult
    private func run(_ arguments: String...) throws -> String {
        let (status, output) = finish(try start(["--store", folder + "/store"] + arguments))
        try #require(status == 0, "sync \(arguments.joined(separator: " "))")
        return output
    }

    @Test func `what printed Saved survives kill -9 at any instant`() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try run("init", "--team", "T", "--no-passphrase")
        try run("event", "add", "warm up")
        var generator = SystemRandomNumberGenerator()
        let lifetime = try lifetimeMicroseconds()
        var saved: [String] = []
        var killed = 0
        for number in 0..<200 {
            let title = "edit\(number)x"
            let child = try start(["--store", folder + "/store", "event", "add", title], number: number)
            // The fault itself, not a wait: the instant of the kill is what is random here.
            usleep(UInt32.random(in: 0...lifetime, using: &generator))
            if kill(child.process, SIGKILL) == 0 { killed += 1 }
            if finish(child).output.contains("Saved") { saved.append(title) }
        }
        let listed = try run("event", "list", "--all", "--plain")
        for title in saved { #expect(listed.contains(title), "\(title) was saved and is gone") }
        try run("rebuild")
        let rebuilt = try run("event", "list", "--all", "--plain")
        #expect(rebuilt == listed)
        print("200 commands, \(killed) signals sent, \(saved.count) had printed Saved, all of them are there")
        #expect(saved.count < 200 && listed.split(separator: "\n").count > 1)
    }

    /// How long one command takes here, and a little more, so that kills fall everywhere in it.
    private func lifetimeMicroseconds() throws -> UInt32 {
        let start = ContinuousClock.now
        for _ in 0..<3 { try run("event", "add", "how long") }
        let each = (ContinuousClock.now - start) / 3
        return UInt32(clamping: each.components.seconds * 1_000_000 + each.components.attoseconds / 1_000_000_000_000) * 5 / 4
    }

    private static let strace = ["/usr/bin/strace", "/bin/strace"].first(where: FileManager.default.isExecutableFile)

    @Test(.enabled(if: DurabilityTests.strace != nil, "strace is not installed"))
    func `the log is synced before Saved is written`() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try run("init", "--team", "T", "--no-passphrase")
        let trace = folder + "/trace"
        let strace = try #require(Self.strace)
        let child = try start(
            [
                "-f", "-y", "-e", "trace=fdatasync,fsync,write,pwrite64", "-s", "64", "-o", trace, Self.program, "--store",
                folder + "/store", "event", "add", "traced",
            ], program: strace)
        _ = finish(child)
        let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        let saved = try #require(lines.firstIndex { $0.contains("write(1<") && $0.contains("Saved") })
        // A new write-ahead log is synced once for its header, and an old one when it is closed, under any setting. What FULL adds is
        // a sync right after the last frame, before anything else is written.
        let written = try #require(
            lines[..<saved].lastIndex { $0.contains("pwrite64(") && $0.contains("/log.db-wal>") })
        let next = lines[(written + 1)...].first { line in
            line.contains("sync(") && line.contains("/log.db-wal>") || line.contains("write")
        }
        let isSynced = next.map { $0.contains("sync(") && $0.hasSuffix("= 0") } ?? false
        #expect(isSynced, "Saved was written before the log was synced")
    }
}
