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

/// Bytes that are read from their beginning, piece by piece: a file as often as is wanted, a pipe once. Never written to.
public struct ByteSource {
    /// What messages call it.
    public let name: String
    /// Whether it gives the same bytes each time: not so a pipe.
    public let isRepeatable: Bool
    private let read: ((ArraySlice<UInt8>) throws -> Void) throws -> Void

    init(name: String, isRepeatable: Bool, read: @escaping ((ArraySlice<UInt8>) throws -> Void) throws -> Void) {
        self.name = name
        self.isRepeatable = isRepeatable
        self.read = read
    }

    public init(path: String) {
        let isFile = FileSystem.mode(of: path).map { $0 & 0o170000 == 0o100000 } ?? false
        self.init(name: path, isRepeatable: isFile) { body in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.unreadable(path) }
            defer { close(descriptor) }
            try Self.forEachPiece(of: descriptor, path, body)
        }
    }

    /// What comes in at descriptor 0.
    public static var standardInput: ByteSource {
        let name = "standard input"
        return ByteSource(name: name, isRepeatable: false) { try forEachPiece(of: STDIN_FILENO, name, $0) }
    }

    /// Gives all of it to `body`, a piece after the other.
    ///
    /// - Throws: `failure` where it cannot be read; what `body` throws.
    public func forEachPiece(_ body: (ArraySlice<UInt8>) throws -> Void) throws { try read(body) }

    private static func forEachPiece(
        of descriptor: Int32, _ name: String, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = readSome(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw unreadable(name) }
            if count == 0 { return }
            try body(buffer[..<count])
        }
    }

    private static func unreadable(_ name: String) -> SyncError {
        SyncError(.failure, "\(name) cannot be read: \(String(cString: strerror(errno))).", safe: "Nothing was changed.")
    }
}

// `read` means something else inside the type.
private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
