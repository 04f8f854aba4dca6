#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a line that must not be seen, from the terminal on standard input.
enum SecretPrompt {
    // Written before the handlers that read it are set, and by one thread.
    nonisolated(unsafe) private static var before = termios()

    /// The bytes of the line; nil at the end of input. Whatever ends the process while somebody types gives the terminal back as it was.
    ///
    /// - Parameter ask: Puts the question, once the terminal shows nothing any more: whoever reads it may type at once.
    static func read(_ ask: () -> Void) -> [UInt8]? {
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
        let handlers = signals.map { signal($0) { number in SecretPrompt.giveUp(number) } }
        // A shell would take over a terminal that shows nothing.
        let stop = signal(SIGTSTP, SIG_IGN)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
            // The end of line that was typed was not shown either.
            newLine()
            signal(SIGTSTP, stop)
            for (number, handler) in zip(signals, handlers) { signal(number, handler) }
        }
        ask()
        return line(STDIN_FILENO, limit: 4096)
    }

    /// One line, read byte by byte so that what follows is left to whoever reads next. Nil where nothing comes, or where it is too long.
    static func line(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= limit {
            let count = readByte(descriptor, &byte)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return line.isEmpty ? nil : line }
            if byte == UInt8(ascii: "\n") {
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return line
            }
            line.append(byte)
        }
        return nil
    }

    /// In a signal handler: only what may be called there.
    private static func giveUp(_ number: Int32) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
        newLine()
        _exit(128 + number)
    }

    private static func newLine() {
        var end = UInt8(ascii: "\n")
        _ = writeByte(STDERR_FILENO, &end)
    }
}

// `read` and `write` mean other things inside the type.
private func readByte(_ descriptor: Int32, _ byte: UnsafeMutablePointer<UInt8>) -> Int { read(descriptor, byte, 1) }
private func writeByte(_ descriptor: Int32, _ byte: UnsafeMutablePointer<UInt8>) -> Int { write(descriptor, byte, 1) }
