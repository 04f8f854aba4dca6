#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// A file that is there whole or not at all: written beside its name, and renamed when it is finished. A link is followed. What is no
/// file, such as a pipe or a device, is written to as it is.
struct OutputFile {
    private let path: String
    /// Nil where there is nothing to rename.
    private let temporary: String?
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = Self.target(path)
        let isFile = FileSystem.mode(of: path).map { $0 & 0o170000 == 0o100000 } ?? true
        temporary = isFile ? self.path + ".part" : nil
        descriptor = open(temporary ?? self.path, O_WRONLY | (isFile ? O_CREAT | O_TRUNC : 0) | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    /// What a link leads to; else the path as it is.
    private static func target(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { writeSome(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw discarded() }
            done += count
        }
    }

    func finish() throws {
        guard let temporary else {
            guard close(descriptor) == 0 else { throw discarded() }
            return
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else { throw discarded() }
        FileSystem.syncFolder(of: path)
    }

    /// Leaves nothing behind: what was to be written could not be made.
    func discard() {
        if let temporary { unlink(temporary) }
    }

    private func discarded() -> SyncError {
        let error = Self.failure(path)
        if let temporary { unlink(temporary) }
        return error
    }

    private static func failure(_ path: String) -> SyncError {
        SyncError(
            .failure, "\(path) cannot be written: \(String(cString: strerror(errno))).",
            safe: "A file that was there before was not changed.")
    }
}

// `write` means something else inside the type.
private func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
