import Foundation
import GRDB
import SyncCore

/// The data folder of a relay: `relay.db`, and the lock that one process holds on it.
///
/// The lock is held as long as the store is open, and so by every write transaction and every checkpoint: SQLite up to 3.51.2 can lose
/// pages when a checkpoint of one connection meets a commit of another.
final class RelayFile: Sendable {
    let path: String
    private let lock: Int32

    /// Takes the lock, and makes the file if there is none. A file that is not a relay's is left as it is.
    init(folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = folder + "/relay.db"
        let lock = try Self.takeLock(folder + "/relay.lock", folder: folder)
        do {
            if try !Self.isThere(path) { try Self.create(path, folder: folder) }
        } catch {
            close(lock)
            throw error
        }
        self.path = path
        self.lock = lock
    }

    deinit { close(lock) }

    private static func takeLock(_ path: String, folder: String) throws -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw SyncError(.failure, "The relay's folder \(folder) cannot be written to.", next: "Check its owner and mode.")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw SyncError(
                .storeInUse, "Another relay is running on \(folder) .", safe: "Nothing was changed.",
                next: "Stop it first, or give this one a folder of its own.")
        }
        return file
    }

    /// Looks at the first bytes only, so that nothing touches a file that is somebody else's.
    private static func isThere(_ path: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw SyncError(.failure, "The relay's file \(path) cannot be read.", next: "Check its owner and mode.")
            }
            return false
        }
        defer { try? file.close() }
        let head = Array(try file.read(upToCount: 100) ?? Data())
        if head.isEmpty { return false }
        guard head.count == 100, head.prefix(16).elementsEqual("SQLite format 3\0".utf8),
            word(head, at: 68) == RelaySchema.applicationID
        else {
            throw SyncError(
                .failure, "The file \(path) is not a relay's.", safe: "It was not touched.",
                next: "Give the relay a folder of its own.")
        }
        guard (1...RelaySchema.version).contains(word(head, at: 60)) else {
            throw SyncError(
                .failure, "The file \(path) was made by a newer version of the relay.", safe: "It was not touched.",
                next: "Run the version that made it, or a newer one.")
        }
        return true
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> Int32 {
        Int32(bitPattern: bytes[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    /// Made whole under another name, so that a crash leaves no half of it under this one.
    private static func create(_ path: String, folder: String) throws {
        let draft = path + ".new"
        for leftover in [draft, draft + "-journal"] where FileManager.default.fileExists(atPath: leftover) {
            try FileManager.default.removeItem(atPath: leftover)
        }
        let file = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SyncError(.failure, "The relay's file \(path) cannot be made.") }
        close(file)
        let queue = try DatabaseQueue(path: draft)
        try queue.write(RelaySchema.create)
        try queue.close()
        guard rename(draft, path) == 0 else { throw SyncError(.failure, "The relay's file \(path) cannot be made.") }
        let directory = open(folder, O_RDONLY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }
}
