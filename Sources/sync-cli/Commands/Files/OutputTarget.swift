#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// Where a bundle or a backup goes: a new file, or standard output.
struct OutputTarget {
    private let file: String
    private let output: Output

    /// - Throws: `usage` for a folder, and for a terminal; `failure` where a file is there already: it may be the only copy of something.
    init(_ file: String, _ output: Output) throws {
        self.file = file
        self.output = output
        if file == "-" {
            guard isatty(STDOUT_FILENO) == 0 else {
                throw SyncError(
                    .usage, "These bytes are not for a terminal.", safe: Failure.unchanged, next: "Name a file, or send them into a pipe.")
            }
            return
        }
        guard !FileSystem.isFolder(file) else {
            throw SyncError(.usage, "\(file) is a folder.", safe: Failure.unchanged, next: "Name a file in it.")
        }
        guard FileSystem.size(of: file) ?? 0 == 0 else {
            throw SyncError(
                .failure, "There is a file at \(file) already.", safe: "It was not changed.", next: "Choose another name.")
        }
    }

    /// What `body` puts is there whole or, where it throws, not at all; standard output has had what was put until then.
    func writing<Result>(_ body: (_ put: @escaping ([UInt8]) throws -> Void) throws -> Result) throws -> Result {
        guard file != "-" else { return try body { output.raw($0) } }
        let target = try OutputFile(file)
        let result: Result
        do {
            result = try body { try target.write($0) }
        } catch {
            target.discard()
            throw error
        }
        try target.finish()
        return result
    }
}
