#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// A file that an import reads, or standard input.
struct InputFile {
    /// What messages call it, and what a later import of the same is recognised by.
    let name: String
    let path: String?
    let format: InterchangeFormat

    /// The files that a path means: one, or every known one in a folder, sorted by name; `-` is standard input.
    static func all(_ path: String, format: InterchangeFormat?) throws -> [InputFile] {
        if path == "-" {
            guard let format else {
                throw SyncError(
                    .usage, "Nothing says in which format standard input comes.", safe: Failure.unchanged,
                    next: "Say it with  --format ndjson  or  --format csv.")
            }
            return [InputFile(name: "stdin", path: nil, format: format)]
        }
        guard access(path, R_OK) == 0 else { throw unreadable(path) }
        guard FileSystem.isFolder(path) else { return [try file(path, format)] }
        let names = StoreFinder.names(in: path).filter { InterchangeFormat.detect(fileName: $0) != nil }
            .sorted { ByteOrder.precedes($0, $1) }
        guard !names.isEmpty else {
            throw SyncError(
                .usage, "There is no file in \(path) that can be read.", safe: Failure.unchanged,
                next: "Known are .ndjson, .jsonl, .csv and .tsv.")
        }
        return try names.map { try file(path + "/" + $0, format) }
    }

    private static func file(_ path: String, _ format: InterchangeFormat?) throws -> InputFile {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let format = format ?? InterchangeFormat.detect(fileName: name) else {
            throw SyncError(
                .usage, "The name \(name) does not say which format it is.", safe: Failure.unchanged,
                next: "Say it with  --format ndjson  or  --format csv.")
        }
        return InputFile(name: name, path: path, format: format)
    }

    private static func unreadable(_ path: String) -> SyncError {
        SyncError(.failure, "\(path) cannot be read: \(String(cString: strerror(errno))).", safe: Failure.unchanged)
    }

    /// Gives every item of the file to `body`, holding one piece of it at a time.
    func forEach(dates: WhenParser, _ body: (ImportItem) throws -> Void) throws -> ImportSummary {
        let descriptor = try path.map { path in
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.unreadable(path) }
            return descriptor
        } ?? STDIN_FILENO
        defer { if path != nil { close(descriptor) } }
        var stream = ImportStream(format: format, dates: dates)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { throw Self.unreadable(name) }
            if count == 0 { break }
            stream.append(buffer[..<count])
            while let item = stream.next() { try body(item) }
        }
        stream.finish()
        while let item = stream.next() { try body(item) }
        return stream.summary
    }
}
