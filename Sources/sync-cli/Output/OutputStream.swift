#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One of the two streams, and what may be written to it.
struct OutputStream {
    let descriptor: Int32
    let isTerminal: Bool
    let hasColour: Bool

    /// The bytes of a line as this stream takes it.
    func text(of line: Line) -> String {
        line.pieces.map(text).joined()
    }

    private func text(of piece: Line.Piece) -> String {
        if piece.style == .separator { return piece.text }
        let safe = Printable.escaped(piece.text)
        let shown = isTerminal ? Printable.isolated(safe) : safe
        guard hasColour, let code = Self.code(piece.style) else { return shown }
        return "\u{1B}[\(code)m\(shown)\u{1B}[0m"
    }

    private static func code(_ style: Line.Style) -> String? {
        switch style {
        case .plain, .separator: nil
        case .strong: "1"
        case .faint: "2"
        case .attention: "33"
        }
    }

    /// Writes all of it. A reader that went away (`sync event list | head`) ends the command quietly.
    func write(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { writeSome($0) }
            if count < 0 {
                if errno == EINTR { continue }
                Self.giveUp(errno, descriptor)
            }
            done += count
        }
    }

    /// Nobody reads what is written: that is said where it can be, and whatever was saved is saved.
    private static func giveUp(_ reason: Int32, _ descriptor: Int32) -> Never {
        guard reason != EPIPE else { exit(0) }
        if descriptor != STDERR_FILENO {
            let why = "sync: The output could not be written: \(String(cString: strerror(reason))).\n What the command saved is saved.\n"
            let stream = OutputStream(descriptor: STDERR_FILENO, isTerminal: false, hasColour: false)
            _ = Array(why.utf8).withUnsafeBytes { stream.writeSome($0) }
        }
        exit(1)
    }

    private func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
        Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// The columns of the terminal that is there, if one is.
    static func terminalWidth() -> Int? {
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            var size = winsize()
            if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        }
        return nil
    }
}
