import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// One command on a terminal of its own, typed to when it asks.
final class TerminalSession {
    private let master: Int32
    private let name: String
    private let process: pid_t
    private(set) var shown = ""

    init(_ environment: TestEnvironment, _ arguments: [String]) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (locked, number): (Int32, Int32) = (0, 0)
        // TIOCSPTLCK and TIOCGPTN of Linux.
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw TestEnvironment.Failed(what: "no terminal")
        }
        name = "/dev/pts/\(number)"
        let path = name
        // A session of its own, whose terminal this is: else nobody gets the signal that Ctrl-C means.
        process = try environment.spawn(["-c", TestEnvironment.program] + arguments, "/usr/bin/setsid") { actions in
            for stream in Int32(0)...2 { posix_spawn_file_actions_addopen(&actions, stream, path, O_RDWR | O_NOCTTY, 0) }
        }
    }

    deinit {
        kill(process, SIGKILL)
        close(master)
    }

    /// Waits until the command has shown this, after what was waited for before.
    func expect(_ text: String) throws {
        var rest = ""
        while !rest.contains(text) {
            guard let more = readSome() else { throw TestEnvironment.Failed(what: "“\(text)” did not come: \(shown)") }
            rest += more
        }
    }

    /// Waits until the command has shown this so many times in all.
    func expect(_ text: String, times: Int) throws {
        while shown.ranges(of: text).count < times {
            guard readSome() != nil else { throw TestEnvironment.Failed(what: "“\(text)” did not come: \(shown)") }
        }
    }

    func send(_ text: String) { _ = Array(text.utf8).withUnsafeBytes { sendBytes(master, $0) } }

    func signal(_ number: Int32) { kill(process, number) }

    /// Whether the terminal shows what is typed.
    var isEchoing: Bool {
        var settings = termios()
        return tcgetattr(master, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Ends what is left; the exit code.
    func finish() -> Int32 {
        while readSome() != nil {}
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }

    private func readSome() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        shown += text
        return text
    }
}

// `write` means something else inside the type.
private func sendBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int { write(descriptor, bytes.baseAddress, bytes.count) }
