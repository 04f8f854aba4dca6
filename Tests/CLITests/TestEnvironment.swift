import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Runs the built program as a user would: a cleared environment, a fixed clock, a home of its own.
final class TestEnvironment {
    /// What one command did.
    struct Ran {
        var exit: Int32
        var out: String
        var err: String

        var lines: [String] { out.split(separator: "\n").map(String.init) }
        /// The last word of what `--quiet` prints of a write.
        var id: String { String(out.split(whereSeparator: \.isWhitespace).last ?? "") }
    }

    let folder = NSTemporaryDirectory() + "sync-cli-" + UUID().uuidString
    var variables: [String: String]
    private var runs = 0

    /// Sunday 23 April 2017, noon in UTC.
    static let now: Int64 = 1_492_948_800_000

    init() throws {
        variables = ["HOME": folder, "TZ": "UTC", "PATH": "/usr/bin:/bin", "SYNC_NOW": String(Self.now)]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// With a team in it, in a store with a passphrase that tests can pay for; the file that holds it is `passphraseFile`.
    static func withPassphrase(_ passphrase: String = "correct horse") throws -> TestEnvironment {
        let environment = try TestEnvironment()
        environment.variables["SYNC_SCRYPT_ROUNDS"] = "1024"
        // In memory, as a system has it, where there is such a folder.
        environment.variables["XDG_RUNTIME_DIR"] = environment.folder + "/run"
        try FileManager.default.createDirectory(
            atPath: environment.folder + "/run", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        _ = try environment.write(passphrase + "\n", to: "passphrase")
        let ran = try environment.sync(
            "init", "--team", "Solidarity", "--device", "laptop", "--passphrase-file", environment.passphraseFile)
        guard ran.exit == 0 else { throw Failed(what: ran.err) }
        return environment
    }

    var passphraseFile: String { folder + "/passphrase" }

    /// Moves the clock of the commands that follow.
    func pass(seconds: Int64) {
        let now = variables["SYNC_NOW"].flatMap { Int64($0) } ?? Self.now
        variables["SYNC_NOW"] = String(now + seconds * 1000)
    }

    /// With a team in it.
    static func withTeam() throws -> TestEnvironment {
        let environment = try TestEnvironment()
        let ran = try environment.sync("init", "--team", "Solidarity", "--device", "laptop")
        guard ran.exit == 0 else { throw Failed(what: ran.err) }
        return environment
    }

    struct Failed: Error { var what: String }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The program beside the test bundle.
    static let program: String = {
        let products = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
        return (products ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()).path + "/sync"
    }()

    var store: String { folder + "/.local/share/sync/solidarity" }

    @discardableResult
    func sync(_ arguments: String..., input: String? = nil) throws -> Ran { try run(arguments, input: input) }

    /// A line of the shell, with the same variables.
    func shell(_ line: String) throws -> Ran { try run(["-c", line], program: "/bin/bash") }

    func run(_ arguments: [String], input: String? = nil, program: String = TestEnvironment.program) throws -> Ran {
        runs += 1
        let (out, err, given) = ("\(folder)/out-\(runs)", "\(folder)/err-\(runs)", "\(folder)/in-\(runs)")
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: given)) }
        let process = try spawn(arguments, program) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, input == nil ? "/dev/null" : given, O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        return Ran(exit: Self.exit(of: process), out: try Self.text(out), err: try Self.text(err))
    }

    /// The same on a terminal, where both streams are one. What is typed waits until it is asked for.
    func onTerminal(_ arguments: String..., typing: String = "") throws -> Ran {
        let (master, terminal) = try Self.newTerminal()
        defer { close(master) }
        // Held open, so that the end of the child does not end the terminal before it was read.
        let held = open(terminal, O_RDWR | O_NOCTTY)
        let process = try spawn(arguments) { actions in
            for stream in Int32(0)...2 { posix_spawn_file_actions_addopen(&actions, stream, terminal, O_RDWR | O_NOCTTY, 0) }
        }
        _ = Array(typing.utf8).withUnsafeBytes { type(master, $0) }
        let exit = Self.exit(of: process)
        close(held)
        return Ran(exit: exit, out: Self.rest(of: master), err: "")
    }

    private static func newTerminal() throws -> (master: Int32, name: String) {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (locked, number): (Int32, Int32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN of Linux: the functions around them are not in the module.
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw Failed(what: "no terminal")
        }
        return (master, "/dev/pts/\(number)")
    }

    private static func rest(of descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    func spawn(
        _ arguments: [String], _ program: String = TestEnvironment.program, _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process: pid_t = 0
        guard posix_spawn(&process, program, &actions, nil, words, environment) == 0 else {
            throw Failed(what: "\(program) does not start")
        }
        return process
    }

    private static func exit(of process: pid_t) -> Int32 {
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    // MARK: What tests look at

    /// Everything that the log has: equal before and after, the store was not touched.
    ///
    /// Not while this process has the store open: closing a file drops the locks that a process has on it.
    func logBytes() throws -> [Data] {
        try ["keys", "log.db", "log.db-wal"].map { name in
            let path = store + "/" + name
            return FileManager.default.fileExists(atPath: path) ? try Data(contentsOf: URL(fileURLWithPath: path)) : Data()
        }
    }

    func write(_ text: String, to name: String) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Adds an event and gives its short id.
    func addEvent(_ title: String, _ options: String...) throws -> String {
        try run(["event", "add", title, "-q"] + options).id
    }

    func addPetition(_ title: String, _ options: String...) throws -> String {
        try run(["petition", "add", title, "-q"] + options).id
    }
}

// `write` means something else inside the type.
private func type(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int { write(descriptor, bytes.baseAddress, bytes.count) }
