#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// A file or descriptor whose first line is a secret.
enum SecretFile {
    /// - Parameter path: `-` is standard input, of which the rest is left to the command.
    /// - Throws: `usage` where it cannot be read, or has no such line.
    static func line(_ path: String, _ what: String) throws -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw SyncError(
                .usage, "The file with the \(what) cannot be read: \(path): \(String(cString: strerror(errno))).", safe: Failure.unchanged)
        }
        defer { if path != "-" { close(descriptor) } }
        guard let line = SecretPrompt.line(descriptor, limit: 4096) else { throw noLine(path, what) }
        return line
    }

    static func noLine(_ path: String, _ what: String) -> SyncError {
        SyncError(
            .usage, "The file with the \(what), \(path), has no first line, or one of more than 4,096 bytes.", safe: Failure.unchanged)
    }
}
