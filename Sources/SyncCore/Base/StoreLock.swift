#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One process at a time writes to a store. The kernel lets go of the lock when its holder dies.
public final class StoreLock: Sendable {
    private let descriptor: Int32

    /// Waits until the lock is free; after `timeout` seconds throws `storeInUse` and names the holder.
    public init(path: String, timeout: Double = 10) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SyncError(.failure, "The store's lock file cannot be opened: \(path).", safe: "Nothing was changed.")
        }
        let deadline = Self.seconds + timeout
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard Self.seconds < deadline else {
                let holder = Self.holder(path)
                close(descriptor)
                throw SyncError(
                    .storeInUse, "Another process\(holder) is writing to this store.", safe: "Nothing was changed.",
                    next: "Wait for it to finish, or end it, and repeat the command.")
            }
            usleep(5_000)
        }
        let name = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = name.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Nil where somebody holds it.
    convenience init?(ifFreeAt path: String) {
        do { try self.init(path: path, timeout: 0) } catch { return nil }
    }

    private static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func holder(_ path: String) -> String {
        guard let bytes = try? FileSystem.read(path), !bytes.isEmpty else { return "" }
        let process = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        let name = (try? FileSystem.read("/proc/\(process)/comm")).map { String(decoding: $0.dropLast(), as: UTF8.self) }
        return name.map { " (\($0), process \(process))" } ?? " (process \(process))"
    }

    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
