import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// `sync serve` as a process of its own, on a port that is free.
final class RelayProcess {
    let port: Int
    let id: pid_t
    private let output: Int32
    private var isReaped = false

    /// What it said when it began to listen: an object of JSON.
    let said: String

    /// - Parameters:
    ///   - data: Its folder; nil where something else says which.
    ///   - log: Gets every line that the relay logs.
    init(_ environment: TestEnvironment, data: String?, log: String? = nil, host: String = "127.0.0.1", options: [String] = []) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw TestEnvironment.Failed(what: "no pipe") }
        let (reading, writing) = (ends[0], ends[1])
        let arguments = ["serve", "--listen", "\(host):0", "--json"] + (data.map { ["--data", $0] } ?? []) + options
        id = try environment.spawn(arguments + (log == nil ? [] : ["--verbose"])) { actions in
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, writing, 1)
            posix_spawn_file_actions_addopen(&actions, 2, log ?? "/dev/null", O_WRONLY | O_CREAT, 0o600)
            posix_spawn_file_actions_addclose(&actions, reading)
            posix_spawn_file_actions_addclose(&actions, writing)
        }
        close(writing)
        output = reading
        // Waits for its first line: it listens then.
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(reading, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        said = String(decoding: line, as: UTF8.self)
        guard let digits = said.split(separator: "://\(host):").last?.prefix(while: \.isNumber), let port = Int(digits) else {
            throw TestEnvironment.Failed(what: "the relay does not start: \(said)")
        }
        self.port = port
    }

    deinit {
        end(SIGKILL)
        close(output)
    }

    /// Ends it by a signal, and waits until it is gone.
    func end(_ signal: Int32) {
        guard !isReaped else { return }
        isReaped = true
        kill(id, signal)
        var status: Int32 = 0
        waitpid(id, &status, 0)
    }
}
