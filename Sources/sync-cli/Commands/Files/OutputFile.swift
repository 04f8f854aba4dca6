#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// A file that is there whole or not at all: written beside its name, and renamed when it is finished.
struct OutputFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        temporary = path + ".part"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
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
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else { throw discarded() }
    }

    private func discarded() -> SyncError {
        let error = Self.failure(path)
        unlink(temporary)
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
