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

/// A folder that belongs to this user and that nobody else may enter, held open: what happens to its name afterwards does not matter. For
/// files that lie where others may write too, such as below `/dev/shm`.
final class PrivateFolder: Sendable {
    private let descriptor: Int32

    /// Nil where there is none, or where it is a link, somebody else's, or open to others. `isMade` makes it where nothing is there.
    init?(_ path: String, isMade: Bool) {
        if isMade { mkdir(path, 0o700) }
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Whether what is written here stays in memory, as far as the system says.
    var isInMemory: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && Self.isInMemory(device: UInt64(status.st_dev))
    }

    fileprivate static func isInMemory(device number: UInt64) -> Bool {
        guard let mounts = try? FileSystem.read("/proc/self/mountinfo") else { return false }
        // proc(5): the third field is the device, the one behind the lone hyphen the kind of file system.
        let device = "\(major(number)):\(minor(number))"
        return String(decoding: mounts, as: UTF8.self).split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[2] == device, let hyphen = fields.firstIndex(of: "-"), hyphen + 1 < fields.count
            else { return false }
            return fields[hyphen + 1] == "tmpfs" || fields[hyphen + 1] == "ramfs"
        }
    }

    // The numbers in a dev_t of Linux.
    private static func major(_ device: UInt64) -> UInt64 { device >> 8 & 0xfff | device >> 32 & ~0xfff }
    private static func minor(_ device: UInt64) -> UInt64 { device & 0xff | device >> 12 & ~0xff }

    /// The contents of a file of at most `limit` bytes; nil where there is none that is this user's alone.
    func read(_ name: String, limit: Int) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard Self.isPrivate(file) else { return nil }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = pread(file, &bytes, bytes.count, 0)
        return count >= 0 && count <= limit ? Array(bytes.prefix(count)) : nil
    }

    private static func isPrivate(_ file: Int32) -> Bool {
        var status = stat()
        guard fstat(file, &status) == 0 else { return false }
        return status.st_mode & 0o170000 == 0o100000 && status.st_uid == geteuid() && status.st_mode & 0o077 == 0 && status.st_nlink == 1
    }

    /// Replaces a file. False where that cannot be done.
    func write(_ bytes: [UInt8], to name: String) -> Bool {
        destroy(name)
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == bytes.count
    }

    /// Overwrites a file and takes its name away. False where none was there.
    @discardableResult
    func destroy(_ name: String) -> Bool {
        let file = openat(descriptor, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        if file >= 0 {
            var status = stat()
            let size = fstat(file, &status) == 0 ? Int(status.st_size) : 0
            let zeros = [UInt8](repeating: 0, count: min(size, 1 << 16))
            _ = zeros.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
            fsync(file)
            close(file)
        }
        return unlinkat(descriptor, name, 0) == 0
    }
}

extension FileSystem {
    /// Whether what is written into a folder of this user's, or into one of the system's for everybody, stays in memory.
    public static func isInMemory(_ folder: String) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0 else { return false }
        return PrivateFolder.isInMemory(device: UInt64(status.st_dev))
    }
}
