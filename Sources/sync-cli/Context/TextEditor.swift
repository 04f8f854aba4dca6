#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// Somebody's own editor, on a file that nobody else can read and that is gone afterwards, with what the editor put beside it.
struct TextEditor {
    private let context: Context

    init(_ context: Context) { self.context = context }

    /// What somebody made of `text`.
    ///
    /// - Throws: `usage` where no editor can be started or nobody is there; `failure` when it ends with an error. Nothing was changed then.
    func edit(_ text: String, isSealed: Bool) throws -> String {
        guard !context.options.noInput else {
            throw SyncError(
                .usage, "An editor needs somebody to write in it.", safe: Failure.unchanged, next: "Say it with  --description TEXT.")
        }
        let folder = try folder(isSealed: isSealed)
        defer { remove(folder) }
        let file = folder + "/description.txt"
        let ending = text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        try FileSystem.createDurably(Array((text + ending).utf8), at: file)
        try run(file)
        let bytes = try FileSystem.read(file)
        guard bytes.count <= Limits.changeBytes, var written = String(validating: bytes, as: UTF8.self) else {
            throw SyncError(.usage, "What the editor wrote is no text of at most a mebibyte.", safe: Failure.unchanged)
        }
        // Editors end the last line.
        if !text.hasSuffix("\n"), written.hasSuffix("\n") { written.removeLast() }
        return written
    }

    // MARK: The file

    /// In memory where there is such a place. What a passphrase seals is never put on a disk.
    private func folder(isSealed: Bool) throws -> String {
        let name = "/sync-edit-\(getpid())-\(Hex.encode(context.surroundings.random(8)))"
        let memory = [context.environment["XDG_RUNTIME_DIR"], "/dev/shm"].compactMap(\.self).first { FileSystem.isInMemory($0) }
        if let memory, (try? FileSystem.createPrivateFolder(memory + name)) != nil { return memory + name }
        guard !isSealed else {
            throw SyncError(
                .usage, "There is no folder in memory here, and on a disk the text would stand unsealed.", safe: Failure.unchanged,
                next: "Say it with  --description TEXT.")
        }
        let folder = (context.environment["TMPDIR"] ?? "/tmp") + name
        try FileSystem.createPrivateFolder(folder)
        return folder
    }

    /// Swap files and backups of the editor too.
    private func remove(_ folder: String) {
        for name in FileSystem.names(in: folder) where (try? FileSystem.destroy(folder + "/" + name)) == nil {
            FileSystem.remove(folder + "/" + name)
        }
        _ = FileSystem.removeEmptyFolder(folder)
    }

    // MARK: The program

    private func run(_ file: String) throws {
        let command = context.environment["VISUAL"] ?? context.environment["EDITOR"] ?? "vi"
        // As git does it: the variable may hold arguments.
        let status = try Self.wait(for: ["/bin/sh", "-c", "\(command) \"$@\"", command, file])
        guard status != 127, status != 126 else {
            throw SyncError(
                .usage, "The editor “\(command)” cannot be started.", safe: Failure.unchanged,
                next: "Set VISUAL or EDITOR, or say it with  --description TEXT.")
        }
        guard status == 0 else {
            throw SyncError(.failure, "The editor “\(command)” ended with \(status).", safe: Failure.unchanged)
        }
    }

    private static func wait(for arguments: [String]) throws -> Int32 {
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child = pid_t()
        guard posix_spawn(&child, arguments[0], nil, nil, &pointers, environ) == 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}
