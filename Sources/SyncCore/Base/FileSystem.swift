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

/// The few file operations that promises rest on: writing durably, and private to the user.
public enum FileSystem {
    /// Creates a folder, and those above it, that only the user may enter. One that is there and empty is closed to others; one that holds
    /// anything is somebody's, and stays as it is.
    public static func createPrivateFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SyncError(
                .failure, "The folder \(path) cannot be made.", safe: "Nothing was changed.",
                next: "Choose another one: this is no folder, or it lies in one that you may not write to.")
        }
        guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else { return }
        guard chmod(path, 0o700) == 0 else { throw failure("cannot be closed to others", path) }
    }

    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    public static func read(_ path: String) throws -> [UInt8] { try read(path, first: .max) }

    /// At most so many bytes from its beginning.
    public static func read(_ path: String, first limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be read", path) }
        defer { close(descriptor) }
        var status = stat()
        let expected = fstat(descriptor, &status) == 0 ? min(max(0, Int(status.st_size)), limit) : 0
        var out: [UInt8] = []
        out.reserveCapacity(expected)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = readSome(descriptor, &chunk, chunk.count)
            if count < 0 { throw failure("cannot be read", path) }
            out.append(contentsOf: chunk[..<min(count, limit - out.count)])
            if count == 0 || out.count == limit { return out }
        }
    }

    /// Writes a private file so that after a power cut either the old or the new contents are there, whole: temporary file, fsync, rename,
    /// fsync of the folder.
    public static func writeDurably(_ bytes: [UInt8], to path: String) throws {
        let temporary = unfinished(path)
        try write(bytes, to: temporary, isSynced: true)
        guard renameFile(temporary, path) == 0 else { throw failure("cannot be written", path) }
        syncFolder(of: path)
    }

    /// Writes a private file in which whoever reads meanwhile finds the old or the new contents, whole. What a power cut makes of it is
    /// open: for what can be made again, and is checked when it is read.
    public static func replace(_ bytes: [UInt8], at path: String) throws {
        let temporary = unfinished(path)
        try write(bytes, to: temporary, isSynced: false)
        guard renameFile(temporary, path) == 0 else { throw failure("cannot be written", path) }
    }

    private static func write(_ bytes: [UInt8], to path: String, isSynced: Bool) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written", path) }
        var isDone = bytes.withUnsafeBytes { writeAll(descriptor, $0) }
        if isDone, isSynced { isDone = fsync(descriptor) == 0 }
        close(descriptor)
        guard isDone else {
            let error = failure("cannot be written", path)
            unlink(path)
            throw error
        }
    }

    /// Makes a private file that was not there before, and waits until it is on the disk.
    ///
    /// - Throws: `failure` where something of that name is there: it is left as it is.
    public static func createDurably(_ bytes: [UInt8], at path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be made", path) }
        let isDone = bytes.withUnsafeBytes { writeAll(descriptor, $0) } && fsync(descriptor) == 0
        close(descriptor)
        guard isDone else {
            let error = failure("cannot be written", path)
            unlink(path)
            throw error
        }
        syncFolder(of: path)
    }

    /// What `writeDurably` writes to; what is left there was never finished.
    public static func unfinished(_ path: String) -> String { path + ".new" }

    /// Overwrites a file where it lies, waits until that is on the disk, and takes its name away; nothing when it is not there. The name
    /// is gone for good after `syncFolder`. What a flash disk keeps of older versions is out of reach.
    ///
    /// - Throws: `failure` when the file is there and cannot be written.
    public static func destroy(_ path: String) throws {
        try overwrite(path)
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot be removed", path) }
    }

    /// Overwrites a file where it lies, and waits until that is on the disk; nothing when it is not there. What a link leads to is left
    /// alone.
    public static func overwrite(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
            let isWritten = overwrite(descriptor)
            let isSynced = fsync(descriptor) == 0
            close(descriptor)
            guard isWritten, isSynced else { throw failure("cannot be overwritten", path) }
        } else if errno != ENOENT, errno != ELOOP {
            throw failure("cannot be overwritten", path)
        }
    }

    private static func overwrite(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let size = Int(status.st_size)
        let zeros = [UInt8](repeating: 0, count: min(size, 1 << 20))
        var done = 0
        while done < size {
            let count = zeros.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, min($0.count, size - done), off_t(done)) }
            if count <= 0 { return false }
            done += count
        }
        return true
    }

    /// Waits until a file's contents are on the disk.
    public static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be read", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot be written", path) }
    }

    /// Removes a folder that is empty; says whether it is gone.
    public static func removeEmptyFolder(_ path: String) -> Bool { rmdir(path) == 0 }

    /// Waits until the names in the folder of `path` are on the disk as they are now.
    public static func syncFolder(of path: String) {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let here = path.utf8.contains(UInt8(ascii: "/")) ? "/" : "."
        let descriptor = open(folder.isEmpty ? here : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Device and inode: two names with the same are one file; a copy has others.
    public static func identity(of path: String) -> (device: UInt64, inode: UInt64)? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// What the system calls the file system that a file lies in, where it calls it anything: unlike a device's number, the same after
    /// a restart, and on whatever port a stick is.
    public static func fileSystem(of path: String) -> UInt64 {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? UInt64(status.f_fsid) : 0
    }

    /// Gives a file another name; nothing when it is not there.
    public static func rename(_ path: String, to new: String) { renameFile(path, new) }

    /// Gives a file a second name. Nothing when it is not there; another file of that name stays.
    public static func link(_ path: String, to new: String) { linkFile(path, new) }

    /// Removes a file; nothing when it is not there.
    public static func remove(_ path: String) { unlink(path) }

    public static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Type and permissions, as `stat` gives them; nil where nothing is there.
    public static func mode(of path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode) : nil
    }

    public static func isFolder(_ path: String) -> Bool { mode(of: path).map { $0 & 0o170000 == 0o040000 } ?? false }

    /// What is in a folder, without hidden files; nothing where it cannot be read.
    public static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// What tells this machine from another, where the system says; empty elsewhere.
    public static var machineID: [UInt8] {
        (try? read("/etc/machine-id")).map { $0.filter { $0 > 0x20 } } ?? []
    }

    /// The path without links and dots, where it leads anywhere.
    public static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    private static func failure(_ what: String, _ path: String) -> SyncError {
        SyncError(.failure, "The file \(path) \(what): \(String(cString: strerror(errno))).", safe: "Nothing was changed.")
    }
}

/// What tells one file from another whatever their names are; a copy has another.
struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    /// Nil where nothing is there.
    init?(of path: String) {
        guard let found = FileSystem.identity(of: path) else { return nil }
        (device, inode) = found
    }
}

private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

private func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < bytes.count {
        let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        if count <= 0 { return false }
        done += count
    }
    return true
}

@discardableResult
private func linkFile(_ old: String, _ new: String) -> Int32 { link(old, new) }

@discardableResult
private func renameFile(_ old: String, _ new: String) -> Int32 { rename(old, new) }
