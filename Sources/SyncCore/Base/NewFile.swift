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

/// A private file that is written piece by piece: under another name until it is whole and on the disk.
final class NewFile {
    private let path: String
    private let descriptor: Int32
    private var isOpen = true

    /// Replaces what an interrupted attempt left behind.
    ///
    /// - Throws: `failure` where there is a file of that name already, or none can be made.
    init(_ path: String) throws {
        guard !FileSystem.exists(path) else {
            throw SyncError(.failure, "There is a file at \(path) already.", safe: "It was not changed.")
        }
        self.path = path
        let temporary = FileSystem.unfinished(path)
        unlink(temporary)
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { writeSome(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            done += count
        }
    }

    /// From now on it is there, whole, also after a power cut.
    func finish() throws {
        guard fsync(descriptor) == 0, rename(FileSystem.unfinished(path), path) == 0 else { throw Self.failure(path) }
        isOpen = false
        close(descriptor)
        FileSystem.syncFolder(of: path)
    }

    deinit {
        guard isOpen else { return }
        close(descriptor)
        unlink(FileSystem.unfinished(path))
    }

    private static func failure(_ path: String) -> SyncError {
        SyncError(.failure, "The file \(path) cannot be written: \(String(cString: strerror(errno))).", safe: "Nothing was changed.")
    }
}

// `write` means something else inside the type.
private func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
